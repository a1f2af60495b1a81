//! Rotation: which key is the latest, and data that is to be under it.

use core::ops::ControlFlow;

use kmip_types::Tag;
use kmip_types::attribute::{Link, UniqueIdentifier};
use kmip_types::enumerations::LinkType;
use kmip_types::operation::{DecryptRequest, EncryptRequest, GetAttributesRequest};

use super::encrypted::Encrypted;
use super::{Decrypt, Encrypt};
use crate::client::ask::{Ask, Exchanges};
use crate::client::{Call, Client, Driver};
use crate::error::{Error, ErrorKind, Phase};

/// How many replacements are followed: a server whose links lead in a circle is left alone.
const MOST: usize = 1000;

impl<D: Driver> Client<D> {
    /// To find the object that took the place of this one last, by the links of the type Replacement Object that Re-key,
    /// Re-key Key Pair and Re-certify leave; it is the object itself, if nothing did. It takes an exchange for each
    /// replacement, and one more.
    ///
    /// The name of a key goes to the one that takes its place, so that [`locate`](Self::locate) finds the latest by name
    /// in one exchange.
    ///
    /// ```
    /// # let client = kmip_sdk::Client::builder().service(kmip_sdk::server::Server::default()).build()?;
    /// let first = client.create_aes(256).name("app").activated().send()?;
    /// let second = client.re_key(&first).send()?;
    /// assert_eq!(client.latest(&first).send()?, second.unique_identifier);
    /// # Ok::<(), kmip_sdk::Error>(())
    /// ```
    ///
    /// # Errors
    /// Of the call: as of [`get_attributes`](Self::get_attributes); [`ErrorKind::Replacements`] where the links do not
    /// end.
    pub fn latest(&self, object: impl Into<UniqueIdentifier>) -> Call<'_, D, Latest> {
        Call::new(self, Latest(object.into()))
    }

    /// To encrypt anew, under this key, what is encrypted: it is decrypted by the server and encrypted again, in two
    /// exchanges, with the same parameters and additional data. The plaintext passes through this process, and is wiped.
    ///
    /// ```
    /// # let client = kmip_sdk::Client::builder().service(kmip_sdk::server::Server::default()).build()?;
    /// # let old = client.create_aes(256).activated().send()?;
    /// # let new = client.create_aes(256).activated().send()?;
    /// let before = client.encrypt(&old, "attack at dawn").aes_gcm().send()?;
    /// let after = client.re_encrypt(&before, &new).send()?;
    /// assert_eq!(after.unique_identifier, new.unique_identifier);
    /// assert_eq!(client.decrypt(&after).send()?.reveal(), b"attack at dawn");
    /// # Ok::<(), kmip_sdk::Error>(())
    /// ```
    ///
    /// # Errors
    /// Of the call: as of [`decrypt`](Self::decrypt) and [`encrypt`](Self::encrypt).
    pub fn re_encrypt(
        &self,
        encrypted: impl Into<Encrypted>,
        key: impl Into<UniqueIdentifier>,
    ) -> Call<'_, D, ReEncrypt> {
        Call::new(self, ReEncrypt { encrypted: encrypted.into(), key: key.into() })
    }

    /// To [encrypt anew](Self::re_encrypt) all of this under a key, one after the other, for all of it in the same order.
    /// [`re_encrypt_each`](Self::re_encrypt_each) keeps what is done if one fails.
    ///
    /// # Errors
    /// Of the call: as of [`re_encrypt`](Self::re_encrypt), at the first that fails.
    pub fn re_encrypt_all<I>(
        &self,
        encrypted: I,
        key: impl Into<UniqueIdentifier>,
    ) -> Call<'_, D, ReEncryptAll<I::IntoIter>>
    where
        I: IntoIterator<Item = Encrypted>,
        I::IntoIter: Send,
    {
        Call::new(self, ReEncryptAll { encrypted: encrypted.into_iter(), key: key.into() })
    }

    /// To [encrypt anew](Self::re_encrypt) all of this under a key, one after the other. Each result is given to `take` with
    /// how many there were before it, to be stored and counted; it says whether to go on. What is under the key already is
    /// passed over. The call yields how many were encrypted anew. Each of them has the time of a call of its own.
    ///
    /// ```
    /// use std::ops::ControlFlow;
    /// # let client = kmip_sdk::Client::builder().service(kmip_sdk::server::Server::default()).build()?;
    /// # let old = client.create_aes(256).activated().send()?;
    /// # let new = client.create_aes(256).activated().send()?;
    /// let stored = vec![client.encrypt(&old, "one").aes_gcm().send()?, client.encrypt(&new, "two").aes_gcm().send()?];
    /// let take = |done, encrypted: kmip_sdk::Encrypted| {
    ///     println!("{} done, the last under {}", done + 1, encrypted.unique_identifier);
    ///     ControlFlow::Continue(())
    /// };
    /// assert_eq!(client.re_encrypt_each(stored, &new, take).send()?, 1);
    /// # Ok::<(), kmip_sdk::Error>(())
    /// ```
    ///
    /// # Errors
    /// Of the call: as of [`re_encrypt`](Self::re_encrypt), at the first that fails.
    pub fn re_encrypt_each<I, T>(
        &self,
        encrypted: I,
        key: impl Into<UniqueIdentifier>,
        take: T,
    ) -> Call<'_, D, ReEncryptEach<I::IntoIter, T>>
    where
        I: IntoIterator<Item = Encrypted>,
        I::IntoIter: Send,
        T: FnMut(usize, Encrypted) -> ControlFlow<()> + Send,
    {
        Call::new(self, ReEncryptEach { encrypted: encrypted.into_iter(), key: key.into(), take })
    }
}

/// Asks which object took the place of another last.
#[derive(Clone, Debug)]
pub struct Latest(UniqueIdentifier);

impl<D: Driver> Ask<D> for Latest {
    type Answer = UniqueIdentifier;

    async fn perform(self, exchanges: &mut Exchanges<'_, D>) -> Result<UniqueIdentifier, Error> {
        let mut latest = self.0;
        for _ in 0..MOST {
            let links = exchanges.ask(GetAttributesRequest::new(&latest, [Tag::LINK])).await?;
            let is_replacement = |link: &&Link| link.link_type == LinkType::ReplacementObjectLink;
            match links.attributes.links().find(is_replacement) {
                Some(link) => latest = link.linked_object_identifier.clone(),
                None => return Ok(latest),
            }
        }
        Err(Error::new(Phase::Result, ErrorKind::Replacements { most: MOST }))
    }
}

/// Asks for data under another key.
#[derive(Clone, Debug)]
pub struct ReEncrypt {
    encrypted: Encrypted,
    key: UniqueIdentifier,
}

impl<D: Driver> Ask<D> for ReEncrypt {
    type Answer = Encrypted;

    async fn perform(self, exchanges: &mut Exchanges<'_, D>) -> Result<Encrypted, Error> {
        let parameters = self.encrypted.cryptographic_parameters.clone();
        let additional_data = self.encrypted.authenticated_encryption_additional_data.clone();
        let plaintext = Decrypt(DecryptRequest::from(self.encrypted)).perform(exchanges).await?;
        let mut request = EncryptRequest::new(self.key, plaintext);
        request.cryptographic_parameters = parameters.map(Box::new);
        request.authenticated_encryption_additional_data = additional_data;
        Encrypt(request).perform(exchanges).await
    }
}

/// Asks for all of some data under another key, as a whole.
#[derive(Debug)]
pub struct ReEncryptAll<I> {
    encrypted: I,
    key: UniqueIdentifier,
}

impl<D: Driver, I: Iterator<Item = Encrypted> + Send> Ask<D> for ReEncryptAll<I> {
    type Answer = Vec<Encrypted>;

    async fn perform(self, exchanges: &mut Exchanges<'_, D>) -> Result<Vec<Encrypted>, Error> {
        let mut all = Vec::new();
        for encrypted in self.encrypted {
            exchanges.renew();
            all.push(ReEncrypt { encrypted, key: self.key.clone() }.perform(exchanges).await?);
        }
        Ok(all)
    }
}

/// Asks for all of some data under another key, one by one.
#[derive(Debug)]
pub struct ReEncryptEach<I, T> {
    encrypted: I,
    key: UniqueIdentifier,
    take: T,
}

impl<D, I, T> Ask<D> for ReEncryptEach<I, T>
where
    D: Driver,
    I: Iterator<Item = Encrypted> + Send,
    T: FnMut(usize, Encrypted) -> ControlFlow<()> + Send,
{
    type Answer = usize;

    async fn perform(mut self, exchanges: &mut Exchanges<'_, D>) -> Result<usize, Error> {
        let mut done = 0;
        for encrypted in self.encrypted {
            if encrypted.unique_identifier == self.key {
                continue;
            }
            exchanges.renew();
            let encrypted = ReEncrypt { encrypted, key: self.key.clone() }.perform(exchanges).await?;
            let goes_on = (self.take)(done, encrypted);
            done += 1;
            if goes_on.is_break() {
                break;
            }
        }
        Ok(done)
    }
}
