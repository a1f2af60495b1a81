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
    /// The embedded server has no such operation by itself; here it is given one.
    ///
    /// ```
    /// use kmip_sdk::server::{Server, ServerOptions};
    /// use kmip_sdk::types::object::CertificateRequest;
    /// use kmip_sdk::types::operation::{ReProvisionRequest, ReProvisionResponse};
    ///
    /// let issue = |request: ReProvisionRequest| {
    ///     let issued = request.certificate_request.map(|_| "credential-2".into());
    ///     Ok(ReProvisionResponse { unique_identifier: issued })
    /// };
    /// let server = Server::new(ServerOptions::default().operation(issue));
    /// let client = kmip_sdk::Client::builder().service(server).build()?;
    /// # let request = rcgen::CertificateParams::new(["app.example.com".to_owned()]).unwrap();
    /// # let request = request.serialize_request(&rcgen::KeyPair::generate().unwrap()).unwrap().pem().unwrap();
    /// let provisioned = client.re_provision().certificate_request(CertificateRequest::from(&request)).send()?;
    /// assert_eq!(provisioned.unique_identifier, Some("credential-2".into()));
    /// # Ok::<(), kmip_sdk::Error>(())
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
