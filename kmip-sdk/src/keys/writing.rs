//! Material as DER, PEM and bytes.

use core::fmt;

use kmip_types::enumerations::KeyFormatType;
use kmip_types::object::KeyMaterial;
use kmip_types::{SecretBytes, SecretText};

use super::material::Kind;
use super::{Curve, KeyError, Material, encrypted, pem};

/// A form in DER, and in PEM, that a key or a certificate has outside KMIP.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum KeyEncoding {
    /// A private key of any algorithm: PrivateKeyInfo (RFC 5958), in PEM `PRIVATE KEY`.
    Pkcs8,
    /// An RSA key, private or public (RFC 8017 appendix A.1), in PEM `RSA PRIVATE KEY` or `RSA PUBLIC KEY`.
    Pkcs1,
    /// A private key on P-256, P-384, P-521 or secp256k1: ECPrivateKey (RFC 5915), in PEM `EC PRIVATE KEY`.
    Sec1,
    /// A public key of any algorithm: SubjectPublicKeyInfo (RFC 5280 section 4.1), in PEM `PUBLIC KEY`.
    Spki,
    /// A certificate (RFC 5280), in PEM `CERTIFICATE`.
    X509,
}

impl KeyEncoding {
    /// What is had so.
    fn what(self) -> &'static str {
        match self {
            Self::Pkcs8 => "that is for private keys",
            Self::Pkcs1 => "that is for RSA keys",
            Self::Sec1 => "that is for private keys on P-256, P-384, P-521 and secp256k1",
            Self::Spki => {
                "that is for public keys; `public_key` gives that of a private key or a certificate"
            }
            Self::X509 => "that is for certificates",
        }
    }

    fn label(self, material: &Material) -> &'static str {
        match (self, &material.kind) {
            (Self::Pkcs8, _) => "PRIVATE KEY",
            (Self::Pkcs1, Kind::PrivateKey(_)) => "RSA PRIVATE KEY",
            (Self::Pkcs1, _) => "RSA PUBLIC KEY",
            (Self::Sec1, _) => "EC PRIVATE KEY",
            (Self::Spki, _) => "PUBLIC KEY",
            (Self::X509, _) => "CERTIFICATE",
        }
    }
}

impl fmt::Display for KeyEncoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Pkcs8 => "PKCS#8",
            Self::Pkcs1 => "PKCS#1",
            Self::Sec1 => "SEC1",
            Self::Spki => "a SubjectPublicKeyInfo",
            Self::X509 => "X.509",
        })
    }
}

impl Material {
    /// The usual DER: PKCS#8 of a private key, SubjectPublicKeyInfo of a public key, X.509 of a certificate.
    ///
    /// # Errors
    /// It is none of these: [`to_bytes`](Self::to_bytes) gives a symmetric key, a secret and opaque bytes.
    pub fn to_der(&self) -> Result<SecretBytes, KeyError> {
        self.to_der_as(self.usual_encoding()?)
    }

    /// The DER in this encoding.
    ///
    /// # Errors
    /// The material cannot be had so; the error says what it is, and what is had so.
    pub fn to_der_as(&self, encoding: KeyEncoding) -> Result<SecretBytes, KeyError> {
        let format = match encoding {
            KeyEncoding::Pkcs8 => KeyFormatType::Pkcs8,
            KeyEncoding::Pkcs1 => KeyFormatType::Pkcs1,
            KeyEncoding::Sec1 => KeyFormatType::EcPrivateKey,
            KeyEncoding::Spki | KeyEncoding::X509 => KeyFormatType::X509,
        };
        let material = match &self.kind {
            // What KMIP calls ECPrivateKey has room for Curve25519, and other tools do not read it.
            Kind::PrivateKey(key)
                if encoding == KeyEncoding::Sec1 && key.curve().is_some_and(Curve::is_byte_string) =>
            {
                None
            }
            Kind::PrivateKey(key) => key.to_material(format),
            Kind::PublicKey(key) if encoding != KeyEncoding::X509 => key.to_material(format),
            Kind::Certificate(der) if encoding == KeyEncoding::X509 => {
                Some(KeyMaterial::bytes(der.as_slice()))
            }
            _ => None,
        };
        match material {
            Some(KeyMaterial::Bytes(der)) => Ok(der),
            _ => Err(self.unavailable(encoding, encoding.what())),
        }
    }

    /// The usual PEM text: PKCS#8 of a private key, SubjectPublicKeyInfo of a public key, X.509 of a certificate.
    ///
    /// # Errors
    /// As [`to_der`](Self::to_der).
    pub fn to_pem(&self) -> Result<SecretText, KeyError> {
        self.to_pem_as(self.usual_encoding()?)
    }

    /// The PEM text of this encoding.
    ///
    /// # Errors
    /// As [`to_der_as`](Self::to_der_as).
    pub fn to_pem_as(&self, encoding: KeyEncoding) -> Result<SecretText, KeyError> {
        pem::write(encoding.label(self), self.to_der_as(encoding)?.reveal())
    }

    /// The private key as PKCS#8 that is encrypted by a password: AES-256-CBC with PBKDF2 of HMAC-SHA-256.
    ///
    /// It takes a while, for the password is hashed 600 000 times.
    ///
    /// # Errors
    /// It is no private key.
    pub fn to_encrypted_der(&self, password: &str) -> Result<SecretBytes, KeyError> {
        let pkcs8 = self.to_der_as(KeyEncoding::Pkcs8)?;
        encrypted::encrypt(pkcs8.reveal(), password, encrypted::ITERATIONS)
    }

    /// As [`to_encrypted_der`](Self::to_encrypted_der), in PEM `ENCRYPTED PRIVATE KEY`.
    ///
    /// # Errors
    /// It is no private key.
    pub fn to_encrypted_pem(&self, password: &str) -> Result<SecretText, KeyError> {
        pem::write("ENCRYPTED PRIVATE KEY", self.to_encrypted_der(password)?.reveal())
    }

    /// The bytes of a symmetric key, a secret or an opaque object. What is copied from them is no longer wiped.
    ///
    /// # Errors
    /// It is something else: [`to_der`](Self::to_der) gives keys of key pairs and certificates.
    pub fn to_bytes(&self) -> Result<SecretBytes, KeyError> {
        match &self.kind {
            Kind::Symmetric { key: bytes, .. }
            | Kind::Secret { secret: bytes, .. }
            | Kind::Opaque { data: bytes, .. } => Ok(bytes.clone()),
            _ => {
                let reason = "that is for symmetric keys, secrets and opaque objects; `to_der` gives it";
                Err(self.unavailable("bytes without a form", reason))
            }
        }
    }

    fn usual_encoding(&self) -> Result<KeyEncoding, KeyError> {
        match &self.kind {
            Kind::PrivateKey(_) => Ok(KeyEncoding::Pkcs8),
            Kind::PublicKey(_) => Ok(KeyEncoding::Spki),
            Kind::Certificate(_) => Ok(KeyEncoding::X509),
            _ => {
                let reason = "that is for keys of key pairs and certificates; `to_bytes` gives it";
                Err(self.unavailable("DER", reason))
            }
        }
    }

    pub(super) fn unavailable(&self, wanted: impl fmt::Display, reason: &'static str) -> KeyError {
        KeyError::Unavailable { material: self.to_string(), wanted: wanted.to_string(), reason }
    }
}
