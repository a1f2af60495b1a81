//! Certify: makes a certificate for a public key.

use kmip_derive::Ttlv;

use crate::attribute::{Attributes, UniqueIdentifier};
use crate::generated::enumerations::CertificateRequestType;
use crate::hex_debug::debug_in_hex;
use crate::operation::ProtectionStorageMasks;

/// The request of Certify (KMIP 1.4 section 4.7, 2.1 section 6.1.6).
#[derive(Clone, Default, PartialEq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "RequestPayload")]
pub struct CertifyRequest {
    /// The public key or, since KMIP 2.0, the certificate request; the object of the ID Placeholder, if
    /// omitted.
    pub unique_identifier: Option<UniqueIdentifier>,
    /// The format of the certificate request. Required with one.
    #[ttlv(required = "1.0")]
    pub certificate_request_type: Option<CertificateRequestType>,
    /// The certificate request.
    #[ttlv(formerly = "CertificateRequest", renamed = "2.0", required = "1.0")]
    pub certificate_request_value: Option<Vec<u8>>,
    /// The attributes that the certificate is to have.
    #[ttlv(formerly = "TemplateAttribute", renamed = "2.0")]
    pub attributes: Option<Attributes>,
    /// Where the certificate may be kept.
    #[ttlv(since = "2.0")]
    pub protection_storage_masks: Option<ProtectionStorageMasks>,
}

debug_in_hex!(CertifyRequest {
    unique_identifier,
    certificate_request_type,
    certificate_request_value,
    attributes,
    protection_storage_masks,
});

/// The response of Certify (KMIP 1.4 section 4.7, 2.1 section 6.1.6).
#[derive(Clone, Debug, PartialEq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "ResponsePayload")]
pub struct CertifyResponse {
    /// The certificate.
    pub unique_identifier: UniqueIdentifier,
    /// Attributes that the server set unasked.
    #[ttlv(tag = "TemplateAttribute", until = "1.4")]
    pub attributes: Option<Attributes>,
}
