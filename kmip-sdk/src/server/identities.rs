//! Who a client is by its certificate.

use std::fmt;
use std::sync::Arc;

use der::Decode;
use der::asn1::ObjectIdentifier;
use kmip_types::attribute::Attribute;
use kmip_types::enumerations::CertificateType;
use x509_cert::Certificate;
use x509_cert::ext::pkix::SubjectAltName;
use x509_cert::ext::pkix::name::GeneralName;

use super::crypto::sha256;
use crate::keys::x509;

/// The alternative names of a certificate (RFC 5280 section 4.2.1.6).
const SUBJECT_ALTERNATIVE_NAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.17");

/// Which part of a client's certificate says who it is.
///
/// A certificate without that part is known by its fingerprint, so that nobody is taken for somebody else.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum CertificateIdentity {
    /// The first Common Name of the subject.
    #[default]
    CommonName,
    /// The whole subject, as RFC 4514 writes it: `CN=app,O=Example`.
    Subject,
    /// The first DNS name among the alternative names of the subject.
    DnsName,
    /// The first e-mail address among the alternative names of the subject.
    Email,
    /// The first URI among the alternative names of the subject.
    Uri,
    /// The serial number in hex: one for each certificate of an authority.
    SerialNumber,
    /// The SHA-256 hash of the certificate in hex.
    Fingerprint,
}

/// A function from the DER of a certificate to who it is.
type Function = dyn Fn(&[u8]) -> Option<String> + Send + Sync;

/// Tells who a client is by the DER of its certificate.
#[derive(Clone)]
pub(crate) enum Identify {
    Part(CertificateIdentity),
    Function(Arc<Function>),
}

impl Default for Identify {
    fn default() -> Self {
        Self::Part(CertificateIdentity::default())
    }
}

impl fmt::Debug for Identify {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Part(part) => part.fmt(f),
            Self::Function(_) => f.write_str("a function"),
        }
    }
}

impl Identify {
    /// Whether no function of the application's is asked.
    pub(crate) fn is_quick(&self) -> bool {
        matches!(self, Self::Part(_))
    }

    /// Who a client is.
    pub(crate) fn identify(&self, certificate: &[u8]) -> String {
        let found = match self {
            Self::Part(part) => part.of(certificate),
            Self::Function(function) => function(certificate),
        };
        // A name without a letter names nobody.
        found.filter(|name| !name.is_empty()).unwrap_or_else(|| hex(&sha256(certificate)))
    }
}

impl CertificateIdentity {
    fn of(self, der: &[u8]) -> Option<String> {
        if self == Self::Fingerprint {
            return None;
        }
        let certificate = Certificate::from_der(der).ok()?;
        let body = certificate.tbs_certificate();
        let alternative = |taken: fn(&GeneralName) -> Option<String>| {
            let extensions = body.extensions()?;
            let names = extensions.iter().find(|extension| extension.extn_id == SUBJECT_ALTERNATIVE_NAME)?;
            let names = SubjectAltName::from_der(names.extn_value.as_bytes()).ok()?;
            names.0.iter().find_map(taken)
        };
        match self {
            Self::CommonName => common_name(der),
            Self::Subject => Some(body.subject().to_string()).filter(|subject| !subject.is_empty()),
            Self::DnsName => alternative(|name| match name {
                GeneralName::DnsName(name) => Some(name.to_string()),
                _ => None,
            }),
            Self::Email => alternative(|name| match name {
                GeneralName::Rfc822Name(name) => Some(name.to_string()),
                _ => None,
            }),
            Self::Uri => alternative(|name| match name {
                GeneralName::UniformResourceIdentifier(name) => Some(name.to_string()),
                _ => None,
            }),
            Self::SerialNumber => Some(hex(body.serial_number().as_bytes())),
            Self::Fingerprint => None,
        }
    }
}

fn common_name(certificate: &[u8]) -> Option<String> {
    let attributes = x509::attributes(CertificateType::X509, certificate).ok()?;
    attributes.into_iter().find_map(|attribute| match attribute {
        Attribute::CertificateSubjectCn(name) => Some(name),
        _ => None,
    })
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use rustls::pki_types::CertificateDer;
    use rustls::pki_types::pem::PemObject as _;

    use super::*;
    use crate::random::Source;
    use crate::server::certificates::Certificates;

    #[test]
    fn an_empty_name_is_nobodys() {
        let source = Source::default();
        let made = Certificates::generate(&source, &[]).unwrap();
        let client = |name| {
            let (pem, _) = made.client(&source, name).unwrap();
            CertificateDer::from_pem_slice(pem.as_bytes()).unwrap()
        };
        let identify = |certificate: &[u8]| Identify::default().identify(certificate);
        assert_eq!(identify(&client("app")), "app");
        let (one, other) = (client(""), client(""));
        assert_eq!(identify(&one), hex(&sha256(&one)));
        assert_ne!(identify(&one), identify(&other));
    }
}
