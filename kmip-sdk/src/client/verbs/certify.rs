//! Certify: makes a certificate for a public key.

use kmip_types::attribute::UniqueIdentifier;
use kmip_types::object::CertificateRequest;
use kmip_types::operation::{CertifyRequest, ProtectionStorageMasks};

use super::steps;
use crate::client::{Call, Client, Driver};

impl<D: Driver> Client<D> {
    /// To have a certificate made for this public key of the server's or, since KMIP 2.0, for a certificate request
    /// that it has. What the certificate is to say is in its attributes, or in a
    /// [`certificate_request`](Call::certificate_request), which KMIP 1.0 requires.
    ///
    /// ```
    /// # let client = kmip_sdk::Client::builder().service(kmip_sdk::server::Server::default()).build()?;
    /// let pair = client.create_rsa(2048).signing().activated().send()?;
    /// let certificate = client.certify(&pair.public_key_unique_identifier).name("app, certificate").send()?;
    /// let got = client.get(&certificate).send()?;
    /// # Ok::<(), kmip_sdk::Error>(())
    /// ```
    #[doc = include_str!("facts/certify.md")]
    pub fn certify(&self, object: impl Into<UniqueIdentifier>) -> Call<'_, D, CertifyRequest> {
        Call::new(self, CertifyRequest::default().with_unique_identifier(object))
    }

    /// To have a certificate made by this request for one: PKCS #10 as PEM or DER, or a [`CertificateRequest`] of
    /// whichever type. Since KMIP 1.1; before, [`certify`](Self::certify) with the key.
    ///
    /// ```
    /// # let client = kmip_sdk::Client::builder().service(kmip_sdk::server::Server::default()).build()?;
    /// # let request = rcgen::CertificateParams::new(["app.example.com".to_owned()]).unwrap();
    /// # let request = request.serialize_request(&rcgen::KeyPair::generate().unwrap()).unwrap().pem().unwrap();
    /// let certificate = client.certify_request(request).name("app, certificate").send()?;
    /// # Ok::<(), kmip_sdk::Error>(())
    /// ```
    ///
    /// # Errors
    /// As of [`certify`](Self::certify).
    pub fn certify_request(&self, request: impl Into<CertificateRequest>) -> Call<'_, D, CertifyRequest> {
        Call::new(self, CertifyRequest::default()).certificate_request(request)
    }
}

steps! { CertifyRequest {
    /// Sets the Protection Storage Masks: where the new object may be kept. Since KMIP 2.0.
    protection_storage_masks: ProtectionStorageMasks,
} }
