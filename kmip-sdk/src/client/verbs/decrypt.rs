//! Decrypt: decrypts data with a key of the server's.

use kmip_types::SecretBytes;
use kmip_types::operation::{DecryptRequest, Request};

use super::encrypted::Encrypted;
use super::parameters::suit;
use super::{refined, steps, yielded};
use crate::client::ask::{Ask, Exchanges};
use crate::client::{Call, Client, Driver};
use crate::error::Error;

impl<D: Driver> Client<D> {
    /// To decrypt data: what [`encrypt`](Self::encrypt) yielded, or a key and ciphertext of whichever origin.
    ///
    /// ```
    /// # let client = kmip_sdk::Client::builder().service(kmip_sdk::server::Server::default()).build()?;
    /// # let key = client.create_aes(256).activated().send()?;
    /// let encrypted = client.encrypt(&key, "attack at dawn").aes_cbc().send()?;
    /// let decrypted = client.decrypt(&encrypted).send()?;
    /// assert_eq!(decrypted.reveal(), b"attack at dawn");
    ///
    /// let (ciphertext, iv) = (encrypted.data, encrypted.iv_counter_nonce.expect("CBC has one"));
    /// let again = client.decrypt((&key, ciphertext)).aes_cbc().iv_counter_nonce(iv).send()?;
    /// assert_eq!(again, decrypted);
    /// # Ok::<(), kmip_sdk::Error>(())
    /// ```
    #[doc = include_str!("facts/decrypt.md")]
    pub fn decrypt(&self, encrypted: impl Into<Encrypted>) -> Call<'_, D, Decrypt> {
        Call::new(self, Decrypt(encrypted.into().into()))
    }
}

refined! {
    /// Asks for decrypted data.
    Decrypt(DecryptRequest);
}

steps! { Decrypt {
    /// Sets the tag that authenticates the data. Since KMIP 1.4.
    authenticated_encryption_tag: Vec<u8>,
} }

impl<D: Driver> Ask<D> for Decrypt {
    type Answer = SecretBytes;

    async fn perform(self, exchanges: &mut Exchanges<'_, D>) -> Result<SecretBytes, Error> {
        let mut request = self.0;
        if let Some(parameters) = &mut request.cryptographic_parameters {
            suit(parameters, exchanges.agreed().await?);
        }
        yielded(exchanges.ask(request).await?.data, DecryptRequest::OPERATION, "Data")
    }
}
