//! Attributes of certificates.

use crate::hex_debug::debug_in_hex;
use kmip_derive::Ttlv;

/// What identifies an X.509 certificate (KMIP 1.4 section 3.10, 2.1 section 4.61). Since KMIP 1.1.
#[derive(Clone, PartialEq, Eq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "X_509CertificateIdentifier")]
pub struct X509CertificateIdentifier {
    /// The issuer's distinguished name, as DER.
    pub issuer_distinguished_name: Vec<u8>,
    /// The serial number.
    pub certificate_serial_number: Vec<u8>,
}

debug_in_hex!(X509CertificateIdentifier { issuer_distinguished_name, certificate_serial_number });

/// The subject of an X.509 certificate (KMIP 1.4 section 3.11, 2.1 section 4.63). Since KMIP 1.1.
#[derive(Clone, PartialEq, Eq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "X_509CertificateSubject")]
pub struct X509CertificateSubject {
    /// The subject's distinguished name, as DER; may be empty.
    pub subject_distinguished_name: Vec<u8>,
    /// The subject's other names, as DER.
    pub subject_alternative_name: Vec<Vec<u8>>,
}

debug_in_hex!(X509CertificateSubject { subject_distinguished_name, subject_alternative_name });

/// The issuer of an X.509 certificate (KMIP 1.4 section 3.12, 2.1 section 4.62). Since KMIP 1.1.
#[derive(Clone, PartialEq, Eq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "X_509CertificateIssuer")]
pub struct X509CertificateIssuer {
    /// The issuer's distinguished name, as DER.
    pub issuer_distinguished_name: Vec<u8>,
    /// The issuer's other names, as DER.
    pub issuer_alternative_name: Vec<Vec<u8>>,
}

debug_in_hex!(X509CertificateIssuer { issuer_distinguished_name, issuer_alternative_name });

/// What identifies a certificate, as text (KMIP 1.4 section 3.13). Until KMIP 1.4, deprecated since 1.1.
#[derive(Clone, Debug, PartialEq, Eq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "CertificateIdentifier")]
pub struct CertificateIdentifier {
    /// The issuer.
    pub issuer: String,
    /// The serial number.
    pub serial_number: Option<String>,
}

/// The subject of a certificate, as text (KMIP 1.4 section 3.14). Until KMIP 1.4, deprecated since 1.1.
#[derive(Clone, Debug, PartialEq, Eq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "CertificateSubject")]
pub struct CertificateSubject {
    /// The subject's distinguished name.
    pub certificate_subject_distinguished_name: String,
    /// The subject's other names.
    pub certificate_subject_alternative_name: Vec<String>,
}

/// The issuer of a certificate, as text (KMIP 1.4 section 3.15). Until KMIP 1.4, deprecated since 1.1.
#[derive(Clone, Debug, PartialEq, Eq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "CertificateIssuer")]
pub struct CertificateIssuer {
    /// The issuer's distinguished name.
    pub certificate_issuer_distinguished_name: String,
    /// The issuer's other names.
    pub certificate_issuer_alternative_name: Vec<String>,
}
