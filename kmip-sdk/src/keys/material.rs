//! What a managed object is made of, apart from any form, and what it says of itself.

use core::fmt;

use kmip_types::SecretBytes;
use kmip_types::attribute::{Attribute, Attributes, CryptographicDomainParameters};
use kmip_types::enumerations::{
    CertificateType, CryptographicAlgorithm, ObjectType, OpaqueDataType, RecommendedCurve, SecretDataType,
};

use super::certificate::Parts;
use super::group::Group;
use super::{KeyError, PrivateKey, PublicKey, x509};

/// The first value of Opaque Data Type: the standard has none of its own, only room for those of vendors.
const OPAQUE: OpaqueDataType = OpaqueDataType::Other(0x8000_0001);

/// A key, a certificate, a secret or opaque bytes, apart from any form: read from one, and had in any other.
///
/// It knows what it is: its Object Type, algorithm, length and curve come from the material and need not be said.
/// Secrets are wiped when it is dropped, and `Debug` shows none.
///
/// ```
/// use kmip_sdk::keys::Material;
/// use kmip_sdk::types::enumerations::{CryptographicAlgorithm, ObjectType};
///
/// # let pem = rcgen::KeyPair::generate().unwrap().serialize_pem();
/// let key = Material::from_pem(&pem)?;
/// assert_eq!(key.to_string(), "a private key (EC, P-256)");
/// assert_eq!(key.object_type(), ObjectType::PrivateKey);
/// assert_eq!(key.algorithm(), Some(CryptographicAlgorithm::Ec));
/// assert_eq!(key.length(), Some(256));
/// let public = key.public_key()?;
/// println!("{}", public.to_pem()?.reveal());
/// # Ok::<(), kmip_sdk::keys::KeyError>(())
/// ```
#[derive(Clone)]
pub struct Material {
    pub(super) kind: Kind,
    /// What is said of the algorithm of a key on a curve, which the key itself does not tell: whether it is for ECDSA or
    /// ECDH.
    stated: Option<CryptographicAlgorithm>,
}

/// What there is.
#[derive(Clone)]
pub(super) enum Kind {
    Symmetric {
        algorithm: Option<CryptographicAlgorithm>,
        key: SecretBytes,
    },
    PrivateKey(PrivateKey),
    PublicKey(PublicKey),
    /// X.509, in DER.
    Certificate(Vec<u8>),
    Secret {
        kind: SecretDataType,
        secret: SecretBytes,
    },
    Opaque {
        kind: OpaqueDataType,
        data: SecretBytes,
    },
}

impl Material {
    pub(super) fn of(kind: Kind) -> Self {
        Self { kind, stated: None }
    }

    /// An AES key of 128, 192 or 256 bits; or of 512, which is two for XTS.
    ///
    /// # Errors
    /// The bytes are as many as no such key has.
    pub fn aes(key: impl Into<SecretBytes>) -> Result<Self, KeyError> {
        Self::symmetric(CryptographicAlgorithm::Aes, key)
    }

    /// A symmetric key of an algorithm, such as AES or HMAC-SHA256.
    ///
    /// # Errors
    /// The bytes are as many as no key of the algorithm has: that is checked of AES, 3DES and ChaCha20, and that there
    /// are any of the others.
    pub fn symmetric(
        algorithm: CryptographicAlgorithm,
        key: impl Into<SecretBytes>,
    ) -> Result<Self, KeyError> {
        use CryptographicAlgorithm as A;
        let key = key.into();
        let found = key.reveal().len().saturating_mul(8);
        let (fits, expected) = match algorithm {
            A::Aes => (matches!(found, 128 | 192 | 256 | 512), "128, 192, 256 or (for XTS) 512"),
            A::Des3 => (matches!(found, 128 | 192), "128 or 192 (with the parity bits)"),
            A::ChaCha20 | A::ChaCha20Poly1305 => (found == 256, "256"),
            _ => (found > 0, "8 or more"),
        };
        match fits {
            true => Ok(Self::of(Kind::Symmetric { algorithm: Some(algorithm), key })),
            false => Err(KeyError::Length { algorithm: algorithm.to_string(), expected, found }),
        }
    }

    /// A password, as Secret Data.
    pub fn password(password: &str) -> Self {
        Self::secret(SecretDataType::Password, password.as_bytes())
    }

    /// A secret that is no key, as Secret Data.
    pub fn secret(kind: SecretDataType, secret: impl Into<SecretBytes>) -> Self {
        Self::of(Kind::Secret { kind, secret: secret.into() })
    }

    /// Bytes that the server does not interpret, as an Opaque Object of the Opaque Data Type 0x80000001: the standard
    /// has no types of its own.
    pub fn opaque(data: impl Into<SecretBytes>) -> Self {
        Self::opaque_of_type(OPAQUE, data)
    }

    /// Bytes that the server does not interpret, as an Opaque Object of a vendor's Opaque Data Type.
    pub fn opaque_of_type(kind: OpaqueDataType, data: impl Into<SecretBytes>) -> Self {
        Self::of(Kind::Opaque { kind, data: data.into() })
    }

    /// The same key, said to be of another algorithm, where it does not tell itself.
    ///
    /// - A symmetric key: what is read from a form that says none, such as a JWK without `alg`, has none.
    /// - A key on a curve: it is of the algorithm EC, which is of KMIP 1.2. Versions before that want ECDSA or ECDH.
    ///
    /// ```
    /// use kmip_sdk::keys::Material;
    /// use kmip_sdk::types::enumerations::CryptographicAlgorithm;
    /// # let pem = rcgen::KeyPair::generate().unwrap().serialize_pem();
    /// let key = Material::from_pem(&pem)?.with_algorithm(CryptographicAlgorithm::Ecdsa)?;
    /// assert_eq!(key.to_string(), "a private key (ECDSA, P-256)");
    /// # Ok::<(), kmip_sdk::keys::KeyError>(())
    /// ```
    ///
    /// # Errors
    /// It is no such key, or one of a length or on a curve that the algorithm has not.
    pub fn with_algorithm(self, algorithm: CryptographicAlgorithm) -> Result<Self, KeyError> {
        if let Kind::Symmetric { key, .. } = self.kind {
            return Self::symmetric(algorithm, key);
        }
        match self.clone().stating(Some(algorithm)) {
            stated if stated.algorithm() == Some(algorithm) => Ok(stated),
            _ => Err(self.unavailable(format_args!("a key of the algorithm {algorithm}"), "it is none")),
        }
    }

    /// The same key, said to be of an algorithm, if that is one that a key on a curve may be for.
    pub(super) fn stating(mut self, algorithm: Option<CryptographicAlgorithm>) -> Self {
        use CryptographicAlgorithm as A;
        let is_open = match &self.kind {
            Kind::PrivateKey(key) => key.algorithm() == A::Ec,
            Kind::PublicKey(key) => key.algorithm() == A::Ec,
            _ => false,
        };
        if is_open && matches!(algorithm, Some(A::Ec | A::Ecdsa | A::Ecdh | A::Ecmqv)) {
            self.stated = algorithm;
        }
        self
    }

    /// What kind of managed object it is.
    pub fn object_type(&self) -> ObjectType {
        match &self.kind {
            Kind::Symmetric { .. } => ObjectType::SymmetricKey,
            Kind::PrivateKey(_) => ObjectType::PrivateKey,
            Kind::PublicKey(_) => ObjectType::PublicKey,
            Kind::Certificate(_) => ObjectType::Certificate,
            Kind::Secret { .. } => ObjectType::SecretData,
            Kind::Opaque { .. } => ObjectType::OpaqueObject,
        }
    }

    /// The Cryptographic Algorithm of a key, or of the key that a certificate is of.
    pub fn algorithm(&self) -> Option<CryptographicAlgorithm> {
        match &self.kind {
            Kind::Symmetric { algorithm, .. } => *algorithm,
            Kind::PrivateKey(key) => self.stated.or(Some(key.algorithm())),
            Kind::PublicKey(key) => self.stated.or(Some(key.algorithm())),
            Kind::Certificate(der) => Some(certified_key(der).ok()?.algorithm()),
            Kind::Secret { .. } | Kind::Opaque { .. } => None,
        }
    }

    /// The Cryptographic Length of a key, or of the key that a certificate is of, in bits: for RSA that of the modulus,
    /// for an elliptic curve that of the curve, for 3DES without the parity bits.
    pub fn length(&self) -> Option<i32> {
        match &self.kind {
            Kind::Symmetric { algorithm, key } => {
                let bits = match algorithm {
                    Some(CryptographicAlgorithm::Des3) => 7,
                    _ => 8,
                };
                i32::try_from(key.reveal().len().checked_mul(bits)?).ok()
            }
            Kind::PrivateKey(key) => key.bits(),
            Kind::PublicKey(key) => key.bits(),
            Kind::Certificate(der) => certified_key(der).ok()?.bits(),
            Kind::Secret { .. } | Kind::Opaque { .. } => None,
        }
    }

    /// The curve of a key, or of the key that a certificate is of.
    pub fn curve(&self) -> Option<RecommendedCurve> {
        let curve = match &self.kind {
            Kind::PrivateKey(key) => key.curve(),
            Kind::PublicKey(key) => key.curve(),
            Kind::Certificate(der) => certified_key(der).ok()?.curve(),
            _ => None,
        };
        curve.map(|curve| curve.recommended())
    }

    /// The attributes that a client says of it to Register: Cryptographic Algorithm, Cryptographic Length, and for an
    /// elliptic curve Cryptographic Domain Parameters with the Recommended Curve, for DSA and Diffie-Hellman with the
    /// Qlength. Of a certificate, which says them
    /// itself, as of secrets and opaque bytes, there are none.
    pub fn attributes(&self) -> Attributes {
        let mut attributes = Attributes::new();
        if !matches!(self.kind, Kind::Certificate(_)) {
            let algorithm = self.algorithm().map(Attribute::CryptographicAlgorithm);
            let length = self.length().map(Attribute::CryptographicLength);
            let group = match &self.kind {
                Kind::PrivateKey(key) => key.group(),
                Kind::PublicKey(key) => key.group(),
                _ => None,
            };
            let (recommended_curve, qlength) = (self.curve(), group.and_then(Group::q_bits));
            let parameters = CryptographicDomainParameters { recommended_curve, qlength };
            let is_said = recommended_curve.is_some() || qlength.is_some();
            let domain = is_said.then_some(Attribute::CryptographicDomainParameters(parameters));
            [algorithm, length, domain]
                .into_iter()
                .flatten()
                .for_each(|attribute| attributes.push(attribute));
        }
        attributes
    }

    /// The attributes that a server makes of a certificate: Certificate Type and Length, the X.509 Certificate
    /// Identifier, Subject and Issuer (and Certificate Identifier, Subject and Issuer, the same as text until KMIP 1.4),
    /// Digital Signature Algorithm, and algorithm and length of the certified key. Distinguished names are in DER.
    ///
    /// # Errors
    /// It is no certificate, or one with names that cannot be read.
    pub fn certificate_attributes(&self) -> Result<Attributes, KeyError> {
        let mut attributes = Attributes::new();
        for attribute in x509::attributes(CertificateType::X509, self.certificate()?)? {
            attributes.push(attribute);
        }
        Ok(attributes)
    }

    /// The public key of a private key or a certificate; of a public key, the same.
    ///
    /// # Errors
    /// It is none of these, or the key in the certificate is not supported.
    pub fn public_key(&self) -> Result<Self, KeyError> {
        let public = match &self.kind {
            Kind::PrivateKey(key) => key.public_key().ok_or(KeyError::InconsistentKey)?,
            Kind::PublicKey(key) => key.clone(),
            Kind::Certificate(der) => certified_key(der)?,
            _ => {
                let wanted = "a private key, a public key or a certificate";
                return Err(KeyError::OtherMaterial { found: self.to_string(), wanted });
            }
        };
        Ok(Self { kind: Kind::PublicKey(public), stated: self.stated })
    }

    /// The DER of a certificate.
    pub(super) fn certificate(&self) -> Result<&[u8], KeyError> {
        match &self.kind {
            Kind::Certificate(der) => Ok(der),
            _ => Err(KeyError::OtherMaterial { found: self.to_string(), wanted: "a certificate" }),
        }
    }
}

/// The key that a certificate is of.
fn certified_key(der: &[u8]) -> Result<PublicKey, KeyError> {
    let malformed = |_| KeyError::Malformed { expected: "X.509 certificate in DER" };
    PublicKey::from_spki(&Parts::of(der).map_err(malformed)?.public_key)
}

/// Two are equal when they are of the same kind and the same bytes, whether a key on a curve is said to be for ECDSA or
/// ECDH. It takes as long as it takes to find a difference.
impl PartialEq for Material {
    fn eq(&self, other: &Self) -> bool {
        match (&self.kind, &other.kind) {
            (Kind::Symmetric { algorithm: a, key: one }, Kind::Symmetric { algorithm: b, key: two }) => {
                a == b && one == two
            }
            (Kind::PrivateKey(one), Kind::PrivateKey(two)) => one == two,
            (Kind::PublicKey(one), Kind::PublicKey(two)) => one == two,
            (Kind::Certificate(one), Kind::Certificate(two)) => one == two,
            (Kind::Secret { kind: a, secret: one }, Kind::Secret { kind: b, secret: two }) => {
                a == b && one == two
            }
            (Kind::Opaque { kind: a, data: one }, Kind::Opaque { kind: b, data: two }) => {
                a == b && one == two
            }
            _ => false,
        }
    }
}

/// What it is, as in errors: its kind, and of a key its algorithm with its length in bits or its curve.
impl fmt::Display for Material {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match &self.kind {
            Kind::Symmetric { .. } => "a symmetric key",
            Kind::PrivateKey(_) => "a private key",
            Kind::PublicKey(_) => "a public key",
            Kind::Certificate(_) => return f.write_str("an X.509 certificate"),
            Kind::Secret { kind, .. } => return write!(f, "secret data ({kind})"),
            Kind::Opaque { .. } => return f.write_str("an opaque object"),
        };
        let curve = match &self.kind {
            Kind::PrivateKey(key) => key.curve(),
            Kind::PublicKey(key) => key.curve(),
            _ => None,
        };
        f.write_str(kind)?;
        match (self.algorithm(), self.length(), curve) {
            (_, _, Some(curve)) if curve.is_byte_string() => write!(f, " ({})", curve.name()),
            (Some(algorithm), _, Some(curve)) => write!(f, " ({algorithm}, {})", curve.name()),
            (Some(algorithm), Some(length), _) => write!(f, " ({algorithm}, {length} bits)"),
            (_, Some(length), _) => write!(f, " ({length} bits)"),
            _ => Ok(()),
        }
    }
}

impl fmt::Debug for Material {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Material({self})")
    }
}
