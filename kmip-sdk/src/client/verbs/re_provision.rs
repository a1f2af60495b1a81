//! Re-Provision: gives the client a new credential for its connection.

use kmip_types::object::Certificate;
use kmip_types::operation::{CertificateRequestForm, ReProvisionRequest};

use super::steps;
use crate::client::{Call, Client, Driver};

impl<D: Driver> Client<D> {
    /// To get a new credential for the connection of the client: a certificate for a
    /// [`certificate_request`](Call::certificate_request), or to make a [`certificate`](Call::certificate) of the
    /// client's its credential; what the server sees fit, if neither is given. Since KMIP 2.0.
    ///
    /// The certificate that the client had holds no longer, on this connection either. What the server made, it is to be got in
    /// the same message.
    ///
    /// ```
    /// use kmip_sdk::Client;
    /// use kmip_sdk::server::EmbeddedServer;
    /// use kmip_sdk::types::object::CertificateRequest;
    /// use kmip_sdk::types::operation::{GetRequest, ReProvisionRequest};
    ///
    /// let server = EmbeddedServer::start()?;
    /// let client = Client::builder().embedded(&server).connect()?;
    /// # let mut request = rcgen::CertificateParams::new(Vec::new()).unwrap();
    /// # request.distinguished_name.push(rcgen::DnType::CommonName, "KMIP client");
    /// # let request = request.serialize_request(&rcgen::KeyPair::generate().unwrap()).unwrap().pem().unwrap();
    /// let request = client.re_provision().certificate_request(CertificateRequest::from(&request)).into_request();
    /// let placed = GetRequest { unique_identifier: None, ..GetRequest::new("") };
    /// let (provisioned, certificate) = client.call_batch((request, placed)).send()?;
    /// assert_eq!(provisioned?.unique_identifier, Some(certificate?.unique_identifier));
    /// assert!(client.locate().send().is_err()); // It is to connect with the new certificate.
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[doc = include_str!("facts/re_provision.md")]
    pub fn re_provision(&self) -> Call<'_, D, ReProvisionRequest> {
        Call::new(self, ReProvisionRequest::default())
    }
}

steps! { ReProvisionRequest {
    /// Sets the Certificate Request: for which a certificate is wanted.
    certificate_request: CertificateRequestForm,
    /// Sets the Certificate: the new credential.
    certificate: Certificate,
} }
