//! Re-Provision: gives the client a new credential for its connection. Since KMIP 2.0.

use core::fmt;

use kmip_derive::Ttlv;

use crate::attribute::UniqueIdentifier;
use crate::hex_debug::Shown;
use crate::object::{Certificate, CertificateRequest};

/// The request of Re-Provision (KMIP 2.1 section 6.1.48). Since KMIP 2.0.
#[derive(Clone, Debug, Default, PartialEq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "RequestPayload")]
pub struct ReProvisionRequest {
    /// The certificate request to make the credential of.
    pub certificate_request: Option<CertificateRequestForm>,
    /// The certificate that is to be the credential.
    pub certificate: Option<Certificate>,
}

/// The response of Re-Provision (KMIP 2.1 section 6.1.48). Since KMIP 2.0.
#[derive(Clone, Debug, Default, PartialEq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "ResponsePayload")]
pub struct ReProvisionResponse {
    /// The certificate, or the private key that the server made.
    pub unique_identifier: Option<UniqueIdentifier>,
}

/// A certificate request (KMIP 2.1 section 6.1.48), whose form the standard leaves open there. Since KMIP 2.0.
#[derive(Clone, PartialEq, Eq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "CertificateRequest")]
pub enum CertificateRequestForm {
    /// The object, which says its format.
    Object(CertificateRequest),
    /// The bytes alone, as a Certificate Request was before KMIP 2.0.
    Bytes(Vec<u8>),
}

impl fmt::Debug for CertificateRequestForm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Object(request) => f.debug_tuple("Object").field(request).finish(),
            Self::Bytes(bytes) => f.debug_tuple("Bytes").field(&Shown(bytes).value()).finish(),
        }
    }
}

impl From<CertificateRequest> for CertificateRequestForm {
    fn from(request: CertificateRequest) -> Self {
        Self::Object(request)
    }
}

impl From<Vec<u8>> for CertificateRequestForm {
    fn from(request: Vec<u8>) -> Self {
        Self::Bytes(request)
    }
}
