//! Signature Verify: verifies a signature with a public key of the server's.

use kmip_types::attribute::UniqueIdentifier;
use kmip_types::operation::{Data, Request, SignatureVerifyRequest};

use super::parameters::suit;
use super::{refined, valid};
use crate::client::ask::{Ask, Exchanges};
use crate::client::{Call, Client, Driver};
use crate::error::Error;

impl<D: Driver> Client<D> {
    /// To verify the signature of data with this public key. That the signature is not valid is an error,
    /// [`ErrorKind::NotValid`](crate::ErrorKind::NotValid), so that it cannot be overlooked.
    ///
    /// ```
    /// use kmip_sdk::ErrorKind;
    /// use kmip_sdk::types::enumerations::{HashingAlgorithm, RecommendedCurve};
    /// # let client = kmip_sdk::Client::builder().service(kmip_sdk::server::Server::default()).build()?;
    /// let pair = client.create_ec(RecommendedCurve::P256).signing().activated().send()?;
    /// let (private, public) = (pair.private_key_unique_identifier, pair.public_key_unique_identifier);
    /// let signature = client.sign(&private, "attack at dawn").ecdsa(HashingAlgorithm::Sha256).send()?;
    /// let verify = |data| client.signature_verify(&public, data, &*signature).ecdsa(HashingAlgorithm::Sha256).send();
    /// verify("attack at dawn")?;
    /// let error = verify("attack at noon").unwrap_err();
    /// assert!(matches!(error.kind(), ErrorKind::NotValid { .. }));
    /// # Ok::<(), kmip_sdk::Error>(())
    /// ```
    #[doc = include_str!("facts/signature_verify.md")]
    pub fn signature_verify(
        &self,
        key: impl Into<UniqueIdentifier>,
        data: impl Into<Data>,
        signature: impl Into<Vec<u8>>,
    ) -> Call<'_, D, SignatureVerify> {
        let request = SignatureVerifyRequest::default().with_unique_identifier(key);
        Call::new(self, SignatureVerify(request.with_data(data).with_signature_data(signature)))
    }

    /// To verify the signature of data whose digest is given: the hash is made already, and a step says which it is.
    /// Since KMIP 1.4.
    ///
    /// # Errors
    /// As of [`signature_verify`](Self::signature_verify).
    pub fn signature_verify_digest(
        &self,
        key: impl Into<UniqueIdentifier>,
        digest: impl Into<Vec<u8>>,
        signature: impl Into<Vec<u8>>,
    ) -> Call<'_, D, SignatureVerify> {
        let request = SignatureVerifyRequest::default().with_unique_identifier(key);
        Call::new(self, SignatureVerify(request.with_digested_data(digest).with_signature_data(signature)))
    }
}

refined! {
    /// Asks whether a signature is valid.
    SignatureVerify(SignatureVerifyRequest);
}

impl<D: Driver> Ask<D> for SignatureVerify {
    type Answer = ();

    async fn perform(self, exchanges: &mut Exchanges<'_, D>) -> Result<(), Error> {
        let mut request = self.0;
        if let Some(parameters) = &mut request.cryptographic_parameters {
            suit(parameters, exchanges.agreed().await?);
        }
        valid(exchanges.ask(request).await?.validity_indicator, SignatureVerifyRequest::OPERATION)
    }
}
