//! The server's authority: it issues certificates, and is what chains are trusted by.

use std::time::Duration;

use der::asn1::{GeneralizedTime, ObjectIdentifier, UtcTime};
use der::{Decode, DecodePem, Encode};
use kmip_types::attribute::CryptographicParameters;
use kmip_types::enumerations::{CertificateRequestType, CryptographicAlgorithm, ResultReason};
use kmip_types::{DateTime, SecretBytes};
use p256::ecdsa::{DerSignature, SigningKey};
use pkcs8::spki::{AlgorithmIdentifierOwned, SubjectPublicKeyInfoOwned, SubjectPublicKeyInfoRef};
use x509_cert::builder::profile::BuilderProfile;
use x509_cert::builder::{Builder as _, CertificateBuilder};
use x509_cert::ext::pkix::{BasicConstraints, KeyUsage, KeyUsages};
use x509_cert::ext::{Extension, ToExtension as _};
use x509_cert::name::Name;
use x509_cert::request::{CertReq, ExtensionReq};
use x509_cert::serial_number::SerialNumber;
use x509_cert::time::{Time, Validity};
use x509_cert::{Certificate, TbsCertificate};

use super::cryptographic_failure;
use super::random::random;
use super::signature::Signing;
use crate::answer::Failure;
use crate::keys::{PublicKey, x509};

/// How long a certificate is valid unless its dates are said, in seconds: a year.
const USUAL: i64 = 365 * 86_400;

/// The identifier of what asks for extensions (RFC 2985 section 5.4.2).
const EXTENSION_REQUEST: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.14");

/// The extensions that are taken from a request: Subject Alternative Name and Extended Key Usage.
const TAKEN: [ObjectIdentifier; 2] =
    [ObjectIdentifier::new_unwrap("2.5.29.17"), ObjectIdentifier::new_unwrap("2.5.29.37")];

/// An authority with its key.
pub(crate) struct Authority {
    signer: SigningKey,
    certificate: Certificate,
}

/// What a certificate is to say.
pub(crate) struct Subject {
    pub(crate) name: Name,
    pub(crate) key: SubjectPublicKeyInfoOwned,
    pub(crate) extensions: Vec<Extension>,
}

/// The names and the extensions of a certificate that is built.
struct Profile {
    issuer: Option<Name>,
    subject: Name,
    extensions: Vec<Extension>,
}

impl BuilderProfile for Profile {
    fn get_issuer(&self, subject: &Name) -> Name {
        self.issuer.clone().unwrap_or_else(|| subject.clone())
    }

    fn get_subject(&self) -> Name {
        self.subject.clone()
    }

    fn build_extensions(
        &self,
        _: SubjectPublicKeyInfoRef<'_>,
        _: SubjectPublicKeyInfoRef<'_>,
        _: &TbsCertificate,
    ) -> x509_cert::builder::Result<Vec<Extension>> {
        Ok(self.extensions.clone())
    }
}

fn failed() -> Failure {
    cryptographic_failure("making the certificate")
}

impl Authority {
    /// A new authority, with a certificate of its own.
    pub(crate) fn new(now: DateTime) -> Result<Self, Failure> {
        let signer = SigningKey::from_slice(random(32)?.reveal()).map_err(|_| failed())?;
        let key = SubjectPublicKeyInfoOwned::from_key(signer.verifying_key()).map_err(|_| failed())?;
        let subject: Name = "CN=KMIP embedded server issuer".parse().map_err(|_| failed())?;
        let constraints = BasicConstraints { ca: true, path_len_constraint: None };
        let usage = KeyUsage(KeyUsages::KeyCertSign | KeyUsages::CRLSign);
        let extension = |extension: Result<Extension, der::Error>| extension.map_err(|_| failed());
        let extensions = vec![
            extension(constraints.to_extension(&subject, &[]))?,
            extension(usage.to_extension(&subject, &[]))?,
        ];
        let profile = Profile { issuer: None, subject, extensions };
        let ends = DateTime::from_seconds(now.seconds().saturating_add(30 * USUAL));
        let certificate = build(&signer, profile, key, now, ends)?;
        Ok(Self { signer, certificate })
    }

    /// The private key and the certificate, in DER, from which the same authority is made again.
    pub(crate) fn parts(&self) -> Result<(SecretBytes, Vec<u8>), Failure> {
        let key = zeroize::Zeroizing::new(self.signer.to_bytes());
        Ok((key.to_vec().into(), self.certificate.to_der().map_err(|_| failed())?))
    }

    /// The authority of this private key and this certificate.
    pub(crate) fn from_parts(key: &SecretBytes, certificate: &[u8]) -> Result<Self, Failure> {
        let signer = SigningKey::from_slice(key.reveal()).map_err(|_| failed())?;
        Ok(Self { signer, certificate: Certificate::from_der(certificate).map_err(|_| failed())? })
    }

    /// The authority's own certificate, in DER.
    pub(crate) fn certificate(&self) -> Option<Vec<u8>> {
        self.certificate.to_der().ok()
    }

    /// A certificate, in DER, from a date on and until another, or for the usual time.
    pub(crate) fn issue(
        &self,
        subject: Subject,
        starts: DateTime,
        ends: Option<DateTime>,
    ) -> Result<Vec<u8>, Failure> {
        let ends = ends.unwrap_or(DateTime::from_seconds(starts.seconds().saturating_add(USUAL)));
        let issuer = Some(self.certificate.tbs_certificate().subject().clone());
        let profile = Profile { issuer, subject: subject.name, extensions: subject.extensions };
        build(&self.signer, profile, subject.key, starts, ends)?.to_der().map_err(|_| failed())
    }
}

fn build(
    signer: &SigningKey,
    profile: Profile,
    key: SubjectPublicKeyInfoOwned,
    starts: DateTime,
    ends: DateTime,
) -> Result<Certificate, Failure> {
    let mut serial = random(16)?.reveal().to_vec();
    // Positive, and as long as it looks.
    if let Some(first) = serial.first_mut() {
        *first = *first & 0x3F | 0x40;
    }
    let serial = SerialNumber::new(&serial).map_err(|_| failed())?;
    let validity = Validity::new(time(starts)?, time(ends)?);
    let builder = CertificateBuilder::new(profile, serial, validity, key).map_err(|_| failed())?;
    builder.build::<_, DerSignature>(signer).map_err(|_| failed())
}

/// A date as certificates have it (RFC 5280 section 4.1.2.5).
fn time(date: DateTime) -> Result<Time, Failure> {
    let wrong = || Failure::new(ResultReason::InvalidField, "certificates have no such date");
    let since_1970 = Duration::from_secs(u64::try_from(date.seconds()).map_err(|_| wrong())?);
    match UtcTime::from_unix_duration(since_1970) {
        Ok(time) => Ok(Time::UtcTime(time)),
        Err(_) => GeneralizedTime::from_unix_duration(since_1970).map(Time::GeneralTime).map_err(|_| wrong()),
    }
}

/// What a certificate request asks for, if its key signed it.
pub(crate) fn requested(kind: CertificateRequestType, request: &[u8]) -> Result<Subject, Failure> {
    let wrong =
        || Failure::new(ResultReason::InvalidCsr, "the request is no PKCS#10 that its own key signed");
    let request = match kind {
        CertificateRequestType::Pkcs10 => CertReq::from_der(request),
        CertificateRequestType::Pem => CertReq::from_pem(request),
        _ => {
            let message = format!("requests of the kind {kind} are not supported");
            return Err(Failure::new(ResultReason::FeatureNotSupported, message));
        }
    };
    let request = request.map_err(|_| wrong())?;
    let signed = request.info.to_der().map_err(|_| wrong())?;
    let key = request.info.public_key.to_der().ok().and_then(|der| PublicKey::from_spki(&der).ok());
    let key = key.ok_or_else(wrong)?;
    let signature = request.signature.as_bytes().ok_or_else(wrong)?;
    if !is_signed(&key, &request.algorithm, &signed, signature).unwrap_or(false) {
        return Err(wrong());
    }
    let mut extensions = Vec::new();
    for attribute in request.info.attributes.iter() {
        for value in attribute.values.iter() {
            if attribute.oid == EXTENSION_REQUEST {
                let asked = value.to_der().ok().and_then(|der| ExtensionReq::from_der(&der).ok());
                // Who may sign certificates is not for a request to say.
                let asked = asked.map(|asked| asked.0).unwrap_or_default().into_iter();
                extensions.extend(asked.filter(|extension| TAKEN.contains(&extension.extn_id)));
            }
        }
    }
    Ok(Subject { name: request.info.subject, key: request.info.public_key, extensions })
}

/// Whether a key signed something; nothing if it is not known how.
fn is_signed(
    key: &PublicKey,
    algorithm: &AlgorithmIdentifierOwned,
    signed: &[u8],
    signature: &[u8],
) -> Option<bool> {
    let digital_signature_algorithm = x509::signature(&algorithm.oid.to_string());
    if digital_signature_algorithm.is_none() && key.algorithm() != CryptographicAlgorithm::Ed25519 {
        return None;
    }
    let parameters =
        CryptographicParameters { digital_signature_algorithm, ..CryptographicParameters::default() };
    let mut signing = Signing::start(key.algorithm(), &parameters).ok()?;
    signing.update(signed).ok()?;
    signing.verify(key, None, signature).ok()
}

/// A certificate of a chain.
pub(crate) struct Link {
    certificate: Certificate,
    der: Vec<u8>,
}

impl Link {
    /// A certificate by its DER.
    pub(crate) fn new(der: &[u8]) -> Option<Self> {
        Some(Self { certificate: Certificate::from_der(der).ok()?, der: der.to_vec() })
    }

    /// The name, the key and the extensions of the certificate.
    pub(crate) fn subject(&self) -> Subject {
        let body = self.certificate.tbs_certificate();
        Subject {
            name: body.subject().clone(),
            key: body.subject_public_key_info().clone(),
            extensions: Vec::new(),
        }
    }

    pub(crate) fn der(&self) -> &[u8] {
        &self.der
    }

    /// Whether it names another as its issuer.
    pub(crate) fn names(&self, issuer: &Self) -> bool {
        self.certificate.tbs_certificate().issuer() == issuer.certificate.tbs_certificate().subject()
    }

    /// Whether another issued it; nothing if it is not known how it is signed.
    pub(crate) fn is_by(&self, issuer: &Self) -> Option<bool> {
        if !self.names(issuer) {
            return Some(false);
        }
        let body = issuer.certificate.tbs_certificate();
        let key = PublicKey::from_spki(&body.subject_public_key_info().to_der().ok()?).ok()?;
        let signed = self.certificate.tbs_certificate().to_der().ok()?;
        let signature = self.certificate.signature().as_bytes()?;
        is_signed(&key, self.certificate.signature_algorithm(), &signed, signature)
    }

    /// Whether it is valid on a date.
    pub(crate) fn is_valid_on(&self, date: DateTime) -> bool {
        let validity = self.certificate.tbs_certificate().validity();
        let seconds = |time: &Time| i64::try_from(time.to_unix_duration().as_secs()).unwrap_or(i64::MAX);
        (seconds(&validity.not_before)..=seconds(&validity.not_after)).contains(&date.seconds())
    }
}
