//! Re-certify: makes a certificate that takes the place of another.

use std::time::Duration;

use kmip_types::attribute::UniqueIdentifier;
use kmip_types::object::CertificateRequest;
use kmip_types::operation::{ProtectionStorageMasks, ReCertifyRequest};

use super::{interval, steps};
use crate::client::{Call, Client, Driver};

impl<D: Driver> Client<D> {
    /// To have a certificate made that takes the place of this one: for the same key, under the same name, linked to it. What is
    /// new in it is said by steps with attributes, or by a [`certificate_request`](Call::certificate_request), which KMIP 1.0
    /// requires.
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

impl<D: Driver> Call<'_, D, ReCertifyRequest> {
    /// Sets the request for the certificate: PKCS #10 as PEM or DER, or a [`CertificateRequest`] of whichever type.
    pub fn certificate_request(self, request: impl Into<CertificateRequest>) -> Self {
        let CertificateRequest { certificate_request_type, certificate_request_value } = request.into();
        self.asking(|request| {
            request
                .with_certificate_request_type(certificate_request_type)
                .with_certificate_request_value(certificate_request_value)
        })
    }

    /// Sets the Offset, in whole seconds: how long after its making the new certificate becomes active. The other dates are
    /// those of the old one, moved by as much.
    pub fn offset(self, offset: Duration) -> Self {
        self.trying(|request| interval("the Offset", offset).map(|offset| request.offset = Some(offset)))
    }
}

steps! { ReCertifyRequest {
    /// Sets the Certificate Request Unique Identifier: the certificate request of the server's to go by. Since KMIP 2.0.
    certificate_request_unique_identifier: UniqueIdentifier,
    /// Sets the Protection Storage Masks: where the new object may be kept. Since KMIP 2.0.
    protection_storage_masks: ProtectionStorageMasks,
} }
