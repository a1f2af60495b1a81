//! Re-certify: makes a certificate that takes the place of another.

use kmip_derive::Ttlv;

use crate::Interval;
use crate::attribute::{Attributes, UniqueIdentifier};
use crate::generated::enumerations::CertificateRequestType;
use crate::hex_debug::debug_in_hex;
use crate::operation::ProtectionStorageMasks;

/// The request of Re-certify (KMIP 1.4 section 4.8, 2.1 section 6.1.45).
#[derive(Clone, Default, PartialEq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "RequestPayload")]
pub struct ReCertifyRequest {
    /// The certificate; that of the ID Placeholder, if omitted.
    pub unique_identifier: Option<UniqueIdentifier>,
    /// The certificate request, if the server has it.
    #[ttlv(since = "2.0")]
    pub certificate_request_unique_identifier: Option<UniqueIdentifier>,
    /// The format of the certificate request. Required with one.
    #[ttlv(required = "1.0")]
    pub certificate_request_type: Option<CertificateRequestType>,
    /// The certificate request.
    #[ttlv(formerly = "CertificateRequest", renamed = "2.0", required = "1.0")]
    pub certificate_request_value: Option<Vec<u8>>,
    /// How long after the Initial Date of the new certificate it becomes active.
    pub offset: Option<Interval>,
    /// The attributes that the new certificate is to have.
    #[ttlv(formerly = "TemplateAttribute", renamed = "2.0")]
    pub attributes: Option<Attributes>,
    /// Where the new certificate may be kept.
    #[ttlv(since = "2.0")]
    pub protection_storage_masks: Option<ProtectionStorageMasks>,
}

debug_in_hex!(ReCertifyRequest {
    unique_identifier,
    certificate_request_unique_identifier,
    certificate_request_type,
    certificate_request_value,
    offset,
    attributes,
    protection_storage_masks,
});

/// The response of Re-certify (KMIP 1.4 section 4.8, 2.1 section 6.1.45).
#[derive(Clone, Debug, PartialEq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "ResponsePayload")]
pub struct ReCertifyResponse {
    /// The new certificate.
    pub unique_identifier: UniqueIdentifier,
    /// Attributes that the server set unasked.
    #[ttlv(tag = "TemplateAttribute", until = "1.4")]
    pub attributes: Option<Attributes>,
}
