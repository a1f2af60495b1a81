//! Material from PEM, DER and PKCS#12.

use der::Decode;
use pkcs8::spki::SubjectPublicKeyInfoRef;

use super::certificate::Parts;
use super::material::Kind;
use super::pem::{Section, is_pem, sections};
use super::{KeyError, Material, PrivateKey, PublicKey, encrypted, x509};
use crate::error::EncryptedKeyProblem;
#[cfg(feature = "pkcs12")]
use crate::error::Pkcs12Problem;

const PRIVATE_KEY: &str = "private key";

impl Material {
    /// The one key or certificate in PEM text (RFC 7468), whichever it is by its label: `PRIVATE KEY` (PKCS#8),
    /// `RSA PRIVATE KEY` (PKCS#1), `EC PRIVATE KEY` (SEC1), `PUBLIC KEY` (SubjectPublicKeyInfo), `RSA PUBLIC KEY`
    /// (PKCS#1) or `CERTIFICATE` (X.509), or `DSA PRIVATE KEY`. Text around it, and `EC PARAMETERS`, do not count.
    ///
    /// # Errors
    /// There is none, or more than one; it is malformed, encrypted, or of no kind that is known.
    pub fn from_pem(pem: impl AsRef<[u8]>) -> Result<Self, KeyError> {
        one(Self::all_from_pem(pem)?)
    }

    /// As [`from_pem`](Self::from_pem), where the private key may be encrypted (`ENCRYPTED PRIVATE KEY`, PKCS#8).
    ///
    /// # Errors
    /// As [`from_pem`](Self::from_pem); or the password does not decrypt it.
    pub fn from_pem_with_password(pem: impl AsRef<[u8]>, password: &str) -> Result<Self, KeyError> {
        one(Self::all_from_pem_with_password(pem, password)?)
    }

    /// All keys and certificates in PEM text, in their order, such as a key with its chain of certificates.
    ///
    /// # Errors
    /// There is none; or one is malformed, encrypted, or of no kind that is known.
    pub fn all_from_pem(pem: impl AsRef<[u8]>) -> Result<Vec<Self>, KeyError> {
        read_pem(pem.as_ref(), None)
    }

    /// As [`all_from_pem`](Self::all_from_pem), where private keys may be encrypted, all by one password.
    ///
    /// # Errors
    /// As [`all_from_pem`](Self::all_from_pem); or the password does not decrypt one.
    pub fn all_from_pem_with_password(pem: impl AsRef<[u8]>, password: &str) -> Result<Vec<Self>, KeyError> {
        read_pem(pem.as_ref(), Some(password))
    }

    /// The key or certificate in DER, whichever it is by its structure: PKCS#8, PKCS#1, SEC1, SubjectPublicKeyInfo or
    /// X.509.
    ///
    /// # Errors
    /// It is none of these, encrypted, or of no kind that is known.
    pub fn from_der(der: impl AsRef<[u8]>) -> Result<Self, KeyError> {
        read_der(der.as_ref(), None)
    }

    /// As [`from_der`](Self::from_der), where the private key may be encrypted (EncryptedPrivateKeyInfo, PKCS#8).
    ///
    /// # Errors
    /// As [`from_der`](Self::from_der); or the password does not decrypt it.
    pub fn from_der_with_password(der: impl AsRef<[u8]>, password: &str) -> Result<Self, KeyError> {
        read_der(der.as_ref(), Some(password))
    }

    /// All private keys and certificates in a file of PKCS#12 (RFC 7292) in DER: the keys, then the certificates, the
    /// first key's own with those that issued it first. Needs the feature `pkcs12`.
    ///
    /// # Errors
    /// It is none, it is protected by an algorithm that is not supported, or the password does not fit; or a key in it
    /// is of no kind that is known.
    #[cfg(feature = "pkcs12")]
    pub fn all_from_pkcs12(der: impl AsRef<[u8]>, password: &str) -> Result<Vec<Self>, KeyError> {
        const WHAT: &str = "PKCS#12 file";
        let bags =
            super::pkcs12::Bags::read(der.as_ref(), Some(password)).map_err(|problem| match problem {
                Pkcs12Problem::NoPassword => KeyError::NoPassword { what: WHAT },
                Pkcs12Problem::WrongPassword => KeyError::WrongPassword { what: WHAT },
                Pkcs12Problem::UnsupportedAlgorithm => KeyError::UnsupportedEncryption { what: WHAT },
                _ => KeyError::Malformed { expected: WHAT },
            })?;
        let keys: Result<Vec<_>, _> =
            bags.keys.iter().map(|key| private(PrivateKey::from_pkcs8(key))).collect();
        let certificates: Result<Vec<_>, _> = bags.certificates.iter().map(|der| certificate(der)).collect();
        let (mut all, certificates) = (keys?, certificates?);
        let certificates = match all.first() {
            Some(key) => super::certified::ordered(key, certificates),
            None => certificates,
        };
        all.extend(certificates);
        Ok(all)
    }
}

/// The only one.
fn one(mut all: Vec<Material>) -> Result<Material, KeyError> {
    match (all.pop(), all.is_empty()) {
        (Some(only), true) => Ok(only),
        (Some(last), false) => {
            let found = all.iter().chain([&last]).map(ToString::to_string).collect();
            Err(KeyError::Several { found })
        }
        (None, _) => Err(KeyError::NoPem),
    }
}

fn read_pem(pem: &[u8], password: Option<&str>) -> Result<Vec<Material>, KeyError> {
    let sections = sections(pem)?;
    // What `openssl ecparam` and `dsaparam` write before a key, which says it again.
    let sections = sections
        .into_iter()
        .filter(|section| !matches!(section.label.as_str(), "EC PARAMETERS" | "DSA PARAMETERS"));
    sections.map(|section| read_section(section, password)).collect()
}

fn read_section(section: Section, password: Option<&str>) -> Result<Material, KeyError> {
    let der = section.der.as_slice();
    match section.label.as_str() {
        "PRIVATE KEY" => private(PrivateKey::from_pkcs8(der)),
        "ENCRYPTED PRIVATE KEY" => decrypted(der, password),
        "RSA PRIVATE KEY" => private(PrivateKey::from_pkcs1(der)),
        "DSA PRIVATE KEY" => private(PrivateKey::from_dsa(der)),
        "EC PRIVATE KEY" => private(PrivateKey::from_sec1(der, None)),
        "PUBLIC KEY" => PublicKey::from_spki(der).map(|key| Material::of(Kind::PublicKey(key))),
        "RSA PUBLIC KEY" => PublicKey::from_pkcs1(der).map(|key| Material::of(Kind::PublicKey(key))),
        "CERTIFICATE" | "X509 CERTIFICATE" => certificate(der),
        _ => Err(KeyError::UnknownPem { label: section.label }),
    }
}

/// What it is shows in how each begins: no two are read by the same reader.
fn read_der(der: &[u8], password: Option<&str>) -> Result<Material, KeyError> {
    if is_pem(der) {
        return Err(KeyError::IsPem);
    }
    if encrypted::is_encrypted(der) {
        return decrypted(der, password);
    }
    if Parts::of(der).is_ok() {
        return certificate(der);
    }
    if SubjectPublicKeyInfoRef::from_der(der).is_ok() {
        return PublicKey::from_spki(der).map(|key| Material::of(Kind::PublicKey(key)));
    }
    if let Ok(key) = PublicKey::from_pkcs1(der) {
        return Ok(Material::of(Kind::PublicKey(key)));
    }
    match private(PrivateKey::from_der(der)) {
        Err(KeyError::Malformed { .. }) => Err(KeyError::Malformed {
            expected: "key or certificate in DER (PKCS#8, PKCS#1, SEC1, SPKI, X.509)",
        }),
        other => other,
    }
}

fn decrypted(der: &[u8], password: Option<&str>) -> Result<Material, KeyError> {
    let pkcs8 = encrypted::decrypt(der, password).map_err(|problem| match problem {
        EncryptedKeyProblem::NoPassword => KeyError::NoPassword { what: PRIVATE_KEY },
        EncryptedKeyProblem::WrongPassword => KeyError::WrongPassword { what: PRIVATE_KEY },
        _ => KeyError::UnsupportedEncryption { what: PRIVATE_KEY },
    })?;
    private(PrivateKey::from_pkcs8(&pkcs8))
}

/// The private key, if its numbers are those of one.
pub(super) fn private(key: Result<PrivateKey, KeyError>) -> Result<Material, KeyError> {
    let key = key?;
    key.check()?;
    Ok(Material::of(Kind::PrivateKey(key)))
}

pub(super) fn certificate(der: &[u8]) -> Result<Material, KeyError> {
    // What it says of itself is to be had without an error later.
    x509::attributes(kmip_types::enumerations::CertificateType::X509, der)?;
    Ok(Material::of(Kind::Certificate(der.to_vec())))
}
