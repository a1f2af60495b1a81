//! Re-certify: makes a certificate that takes the place of another.

use kmip_types::attribute::UniqueIdentifier;
use kmip_types::operation::{ProtectionStorageMasks, ReCertifyRequest};

use super::steps;
use crate::client::{Call, Client, Driver};

impl<D: Driver> Client<D> {
    /// To have a certificate made that takes the place of this one: for the same key, under the same name, linked to
    /// it. What is new in it is said by steps with attributes, or by a
    /// [`certificate_request`](Call::certificate_request), which KMIP 1.0 requires.
    ///
    /// ```
    /// use std::time::Duration;
    /// # let client = kmip_sdk::Client::builder().service(kmip_sdk::server::Server::default()).build()?;
    /// # let pair = client.create_rsa(2048).signing().activated().send()?;
    /// # let certificate = client.certify(&pair.public_key_unique_identifier).send()?;
    /// let renewed = client.re_certify(&certificate).offset(Duration::ZERO).send()?;
    /// let got = client.get(&renewed).send()?;
    /// # Ok::<(), kmip_sdk::Error>(())
    /// ```
    #[doc = include_str!("facts/re_certify.md")]
    pub fn re_certify(&self, certificate: impl Into<UniqueIdentifier>) -> Call<'_, D, ReCertifyRequest> {
        Call::new(self, ReCertifyRequest::default().with_unique_identifier(certificate))
    }
}

steps! { ReCertifyRequest {
    /// Sets the Certificate Request Unique Identifier: the certificate request of the server's to go by. Since KMIP
    /// 2.0.
    certificate_request_unique_identifier: UniqueIdentifier,
    /// Sets the Protection Storage Masks: where the new object may be kept. Since KMIP 2.0.
    protection_storage_masks: ProtectionStorageMasks,
} }
