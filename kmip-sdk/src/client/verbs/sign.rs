//! Sign: signs data with a private key of the server's.

use kmip_types::attribute::UniqueIdentifier;
use kmip_types::operation::{Data, Request, SignRequest};

use super::parameters::suit;
use super::{refined, yielded};
use crate::client::ask::{Ask, Exchanges};
use crate::client::{Call, Client, Driver};
use crate::error::Error;

impl<D: Driver> Client<D> {
    /// To sign data with this private key. How is said by a step; if by none, as the key's attributes say.
    ///
    /// ```
    /// use kmip_sdk::types::enumerations::HashingAlgorithm;
    /// # let client = kmip_sdk::Client::builder().service(kmip_sdk::server::Server::default()).build()?;
    /// let pair = client.create_rsa(2048).signing().activated().send()?;
    /// let signature = client
    ///     .sign(&pair.private_key_unique_identifier, "attack at dawn")
    ///     .rsa_pss(HashingAlgorithm::Sha256)
    ///     .send()?;
    /// client
    ///     .signature_verify(&pair.public_key_unique_identifier, "attack at dawn", signature)
    ///     .rsa_pss(HashingAlgorithm::Sha256)
    ///     .send()?;
    /// # Ok::<(), kmip_sdk::Error>(())
    /// ```
    #[doc = include_str!("facts/sign.md")]
    pub fn sign(&self, key: impl Into<UniqueIdentifier>, data: impl Into<Data>) -> Call<'_, D, Sign> {
        Call::new(self, Sign(SignRequest::default().with_unique_identifier(key).with_data(data)))
    }

    /// To sign the digest of data with this private key: the hash is made already, and a step says which it is. Since
    /// KMIP 1.4.
    ///
    /// # Errors
    /// As of [`sign`](Self::sign).
    pub fn sign_digest(
        &self,
        key: impl Into<UniqueIdentifier>,
        digest: impl Into<Vec<u8>>,
    ) -> Call<'_, D, Sign> {
        Call::new(self, Sign(SignRequest::default().with_unique_identifier(key).with_digested_data(digest)))
    }
}

refined! {
    /// Asks for a signature.
    Sign(SignRequest);
}

impl<D: Driver> Ask<D> for Sign {
    type Answer = Vec<u8>;

    async fn perform(self, exchanges: &mut Exchanges<'_, D>) -> Result<Vec<u8>, Error> {
        let mut request = self.0;
        if let Some(parameters) = &mut request.cryptographic_parameters {
            suit(parameters, exchanges.agreed().await?);
        }
        yielded(exchanges.ask(request).await?.signature_data, SignRequest::OPERATION, "Signature Data")
    }
}
