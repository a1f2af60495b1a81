//! What a certificate says of itself, as attributes.

use der::{Decode, Encode};
use kmip_types::attribute::{
    Attribute, CertificateIdentifier, CertificateIssuer, CertificateSubject, X509CertificateIdentifier,
    X509CertificateIssuer, X509CertificateSubject,
};
use kmip_types::enumerations::{CertificateType, DigitalSignatureAlgorithm};
use x509_cert::attr::AttributeTypeAndValue;
use x509_cert::ext::pkix::{IssuerAltName, SubjectAltName};
use x509_cert::name::Name;
use x509_cert::{Certificate, TbsCertificate};

use super::{KeyError, PublicKey};

/// The attributes that a certificate gives itself, its algorithm and length included.
///
/// # Errors
/// It is of the kind X.509, and none in DER.
pub(crate) fn attributes(kind: CertificateType, value: &[u8]) -> Result<Vec<Attribute>, KeyError> {
    let length = i32::try_from(value.len()).map_err(|_| malformed())?;
    let mut attributes = vec![Attribute::CertificateType(kind), Attribute::CertificateLength(length)];
    if kind == CertificateType::X509 {
        let certificate = Certificate::from_der(value).map_err(|_| malformed())?;
        let body = certificate.tbs_certificate();
        attributes.extend(names(body).ok_or_else(malformed)?);
        attributes.extend(parts(body.subject(), SUBJECT));
        attributes.extend(parts(body.issuer(), ISSUER));
        let algorithm = certificate.signature_algorithm().oid.to_string();
        attributes.extend(signature(&algorithm).map(Attribute::DigitalSignatureAlgorithm));
        attributes.extend(algorithm_and_length(body));
    }
    Ok(attributes)
}

fn malformed() -> KeyError {
    KeyError::Malformed { expected: "X.509 certificate in DER" }
}

fn names(body: &TbsCertificate) -> Option<[Attribute; 6]> {
    let serial = body.serial_number().as_bytes();
    let subjects = match body.get_extension::<SubjectAltName>().ok()? {
        Some((_, names)) => names.0.iter().map(|name| name.to_der().ok()).collect::<Option<_>>()?,
        None => Vec::new(),
    };
    let issuers = match body.get_extension::<IssuerAltName>().ok()? {
        Some((_, names)) => names.0.iter().map(|name| name.to_der().ok()).collect::<Option<_>>()?,
        None => Vec::new(),
    };
    let (subject, issuer) = (body.subject(), body.issuer());
    let issuer_distinguished_name = issuer.to_der().ok()?;
    Some([
        Attribute::X509CertificateIdentifier(X509CertificateIdentifier {
            issuer_distinguished_name: issuer_distinguished_name.clone(),
            certificate_serial_number: serial.to_vec(),
        }),
        Attribute::X509CertificateSubject(X509CertificateSubject {
            subject_distinguished_name: subject.to_der().ok()?,
            subject_alternative_name: subjects,
        }),
        Attribute::X509CertificateIssuer(X509CertificateIssuer {
            issuer_distinguished_name,
            issuer_alternative_name: issuers,
        }),
        // The same as text, until KMIP 1.4.
        Attribute::CertificateIdentifier(CertificateIdentifier {
            issuer: issuer.to_string(),
            serial_number: Some(serial.iter().map(|byte| format!("{byte:02X}")).collect()),
        }),
        Attribute::CertificateSubject(CertificateSubject {
            certificate_subject_distinguished_name: subject.to_string(),
            certificate_subject_alternative_name: Vec::new(),
        }),
        Attribute::CertificateIssuer(CertificateIssuer {
            certificate_issuer_distinguished_name: issuer.to_string(),
            certificate_issuer_alternative_name: Vec::new(),
        }),
    ])
}

/// What makes an attribute of a part of a name, by the identifier of its type (RFC 4514, RFC 4519, RFC 2985).
type Parts = [(&'static str, fn(String) -> Attribute); 12];

const SUBJECT: Parts = [
    ("2.5.4.3", Attribute::CertificateSubjectCn),
    ("2.5.4.10", Attribute::CertificateSubjectO),
    ("2.5.4.11", Attribute::CertificateSubjectOu),
    ("1.2.840.113549.1.9.1", Attribute::CertificateSubjectEmail),
    ("2.5.4.6", Attribute::CertificateSubjectC),
    ("2.5.4.8", Attribute::CertificateSubjectSt),
    ("2.5.4.7", Attribute::CertificateSubjectL),
    ("0.9.2342.19200300.100.1.1", Attribute::CertificateSubjectUid),
    ("2.5.4.5", Attribute::CertificateSubjectSerialNumber),
    ("2.5.4.12", Attribute::CertificateSubjectTitle),
    ("0.9.2342.19200300.100.1.25", Attribute::CertificateSubjectDc),
    ("2.5.4.46", Attribute::CertificateSubjectDnQualifier),
];

const ISSUER: Parts = [
    ("2.5.4.3", Attribute::CertificateIssuerCn),
    ("2.5.4.10", Attribute::CertificateIssuerO),
    ("2.5.4.11", Attribute::CertificateIssuerOu),
    ("1.2.840.113549.1.9.1", Attribute::CertificateIssuerEmail),
    ("2.5.4.6", Attribute::CertificateIssuerC),
    ("2.5.4.8", Attribute::CertificateIssuerSt),
    ("2.5.4.7", Attribute::CertificateIssuerL),
    ("0.9.2342.19200300.100.1.1", Attribute::CertificateIssuerUid),
    ("2.5.4.5", Attribute::CertificateIssuerSerialNumber),
    ("2.5.4.12", Attribute::CertificateIssuerTitle),
    ("0.9.2342.19200300.100.1.25", Attribute::CertificateIssuerDc),
    ("2.5.4.46", Attribute::CertificateIssuerDnQualifier),
];

/// The parts of a name that the standard has attributes for (KMIP 2.1 section 4.6).
fn parts(name: &Name, known: Parts) -> Vec<Attribute> {
    let part = |part: &AttributeTypeAndValue| {
        let oid = part.oid.to_string();
        let (_, attribute) = known.iter().find(|(known, _)| *known == oid)?;
        // Strings of every kind that names have are in UTF-8, or in a part of it.
        let text = std::str::from_utf8(part.value.value()).ok()?;
        Some(attribute(text.to_owned()))
    };
    name.iter().filter_map(part).collect()
}

/// The key that a certificate is about, if the server knows its algorithm.
#[cfg(feature = "server")]
pub(crate) fn public_key(value: &[u8]) -> Option<PublicKey> {
    key_of(Certificate::from_der(value).ok()?.tbs_certificate())
}

fn key_of(body: &TbsCertificate) -> Option<PublicKey> {
    body.subject_public_key_info().to_der().ok().and_then(|der| PublicKey::from_spki(&der).ok())
}

/// The algorithm and the length of the key that is certified, if the server knows it.
fn algorithm_and_length(body: &TbsCertificate) -> Vec<Attribute> {
    let key = key_of(body);
    let algorithm = key.as_ref().map(|key| Attribute::CryptographicAlgorithm(key.algorithm()));
    let length = key.as_ref().and_then(PublicKey::bits).map(Attribute::CryptographicLength);
    algorithm.into_iter().chain(length).collect()
}

/// The signature by its identifier (RFC 3279, RFC 4055, RFC 5758).
pub(crate) fn signature(oid: &str) -> Option<DigitalSignatureAlgorithm> {
    use DigitalSignatureAlgorithm as D;
    Some(match oid {
        "1.2.840.113549.1.1.4" => D::Md5WithRsaEncryption,
        "1.2.840.113549.1.1.5" => D::Sha1WithRsaEncryption,
        "1.2.840.113549.1.1.10" => D::RsassaPss,
        "1.2.840.113549.1.1.11" => D::Sha256WithRsaEncryption,
        "1.2.840.113549.1.1.12" => D::Sha384WithRsaEncryption,
        "1.2.840.113549.1.1.13" => D::Sha512WithRsaEncryption,
        "1.2.840.113549.1.1.14" => D::Sha224WithRsaEncryption,
        "1.2.840.10045.4.1" => D::EcdsaWithSha1,
        "1.2.840.10045.4.3.1" => D::EcdsaWithSha224,
        "1.2.840.10045.4.3.2" => D::EcdsaWithSha256,
        "1.2.840.10045.4.3.3" => D::EcdsaWithSha384,
        "1.2.840.10045.4.3.4" => D::EcdsaWithSha512,
        _ => return None,
    })
}
