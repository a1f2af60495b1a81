//! A private key, apart from any format, and its formats.

use der::asn1::{BitStringRef, ObjectIdentifier, OctetStringRef, UintRef};
use der::{AnyRef, Decode, Encode};
use kmip_types::enumerations::{CryptographicAlgorithm, KeyFormatType};
use kmip_types::object::{
    KeyBlock, KeyMaterial, TransparentDhPrivateKey, TransparentDsaPrivateKey, TransparentEcPrivateKey,
    TransparentKey, TransparentRsaPrivateKey,
};
use kmip_types::{BigInteger, SecretBigInteger, SecretBytes};
use pkcs1::{ALGORITHM_ID, RsaPrivateKeyRef};
use pkcs8::{PrivateKeyInfoRef, spki::AlgorithmIdentifierRef};
use sec1::{EcParameters, EcPrivateKey};
use zeroize::Zeroizing;

use super::block::{known_curve, plain_material};
use super::curve::{Curve, EC_PUBLIC_KEY};
use super::group::Group;
use super::{KeyError, PublicKey, rsa};

/// A private key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum PrivateKey {
    /// RSA, as PKCS#1 DER.
    Rsa(SecretBytes),
    /// A private number, big-endian, or for Curve25519 the bytes that stand for it.
    Ec { curve: Curve, scalar: SecretBytes },
    /// DSA or Diffie-Hellman: the private number, big-endian without zeros in front.
    Group { group: Box<Group>, number: SecretBytes },
}

impl PrivateKey {
    /// The key in a key block.
    ///
    /// # Errors
    /// There is none, or none that is known, or it is wrapped.
    pub(crate) fn from_block(block: &KeyBlock) -> Result<Self, KeyError> {
        let algorithm = block.cryptographic_algorithm;
        match plain_material(block)? {
            KeyMaterial::Bytes(bytes) => Self::from_bytes(block.key_format_type, bytes.reveal(), algorithm),
            KeyMaterial::Transparent(key) => Self::from_transparent(key, algorithm),
        }
    }

    fn from_bytes(
        format: KeyFormatType,
        bytes: &[u8],
        algorithm: Option<CryptographicAlgorithm>,
    ) -> Result<Self, KeyError> {
        match format {
            KeyFormatType::Pkcs1 => Self::from_pkcs1(bytes),
            KeyFormatType::EcPrivateKey => Self::from_sec1(bytes, None),
            KeyFormatType::Pkcs8 => Self::from_pkcs8(bytes),
            // Some servers give Ed25519 keys so.
            KeyFormatType::Raw if algorithm == Some(CryptographicAlgorithm::Ed25519) => {
                Self::ec(Curve::Ed25519, bytes)
            }
            #[cfg(feature = "server")]
            KeyFormatType::Raw if algorithm == Some(CryptographicAlgorithm::Ed448) => {
                Self::ec(Curve::Ed448, bytes)
            }
            // What the client registered so, whatever it is.
            KeyFormatType::Raw | KeyFormatType::Opaque => Self::from_der(bytes),
            _ => Err(KeyError::UnreadFormat { format, material: "a private key" }),
        }
    }

    /// The key in DER: PKCS#8, PKCS#1 or SEC1.
    ///
    /// # Errors
    /// It is none of these, or a key that is not known.
    pub(crate) fn from_der(bytes: &[u8]) -> Result<Self, KeyError> {
        if PrivateKeyInfoRef::from_der(bytes).is_ok() {
            return Self::from_pkcs8(bytes);
        }
        if EcPrivateKey::from_der(bytes).is_ok() {
            return Self::from_sec1(bytes, None);
        }
        if let Ok(key) = Self::from_dsa(bytes) {
            return Ok(key);
        }
        Self::from_pkcs1(bytes).map_err(|_| KeyError::Malformed { expected: "private key in DER" })
    }

    /// The key in PKCS#1.
    ///
    /// # Errors
    /// It is malformed.
    pub(crate) fn from_pkcs1(bytes: &[u8]) -> Result<Self, KeyError> {
        match RsaPrivateKeyRef::from_der(bytes) {
            Ok(_) => Ok(Self::Rsa(bytes.into())),
            Err(_) => Err(KeyError::Malformed { expected: "RSA private key in PKCS#1" }),
        }
    }

    /// The key in PKCS#8, not encrypted.
    ///
    /// # Errors
    /// It is malformed, or a key that is not known.
    pub(crate) fn from_pkcs8(bytes: &[u8]) -> Result<Self, KeyError> {
        let malformed = || KeyError::Malformed { expected: "private key in PKCS#8" };
        let info = PrivateKeyInfoRef::from_der(bytes).map_err(|_| malformed())?;
        let oid = info.algorithm.oid;
        let key = info.private_key.as_bytes();
        if oid == ALGORITHM_ID.oid {
            return Self::from_pkcs1(key);
        }
        if oid == EC_PUBLIC_KEY {
            let curve = info.algorithm.parameters_oid().ok();
            return Self::from_sec1(key, curve);
        }
        if let Some(group) = Group::of_identifier(&info.algorithm) {
            let number = UintRef::from_der(key).map_err(|_| malformed())?;
            return Self::in_group(group?, number.as_bytes());
        }
        let curve = Curve::of_oid(oid).filter(|curve| curve.is_byte_string());
        let curve =
            curve.ok_or_else(|| KeyError::Unsupported { what: format!("a key of the algorithm {oid}") })?;
        let key = <&OctetStringRef>::from_der(key).map_err(|_| malformed())?;
        let key = Self::ec(curve, key.as_bytes())?;
        key.goes_with(info.public_key.as_ref().and_then(BitStringRef::as_bytes))
    }

    /// The key in SEC1 (RFC 5915), whose curve may be said beside it.
    ///
    /// # Errors
    /// It is malformed, or on a curve that is not known.
    pub(crate) fn from_sec1(bytes: &[u8], curve: Option<ObjectIdentifier>) -> Result<Self, KeyError> {
        let malformed = || KeyError::Malformed { expected: "elliptic curve private key in SEC1" };
        let key = EcPrivateKey::from_der(bytes).map_err(|_| malformed())?;
        let oid = key.parameters.and_then(EcParameters::named_curve).or(curve);
        let oid = oid.ok_or(KeyError::NoCurve)?;
        let curve = Curve::of_oid(oid);
        let curve =
            curve.ok_or_else(|| KeyError::Unsupported { what: format!("a key on the curve {oid}") })?;
        Self::ec(curve, key.private_key)?.goes_with(key.public_key)
    }

    /// The key by its private number, big-endian, or for Curve25519 by the bytes that stand for it.
    ///
    /// # Errors
    /// It is no number of the curve's.
    pub(crate) fn ec(curve: Curve, scalar: &[u8]) -> Result<Self, KeyError> {
        let invalid = || KeyError::InvalidNumber { curve: curve.name() };
        // A number may be written shorter, or with zeros in front.
        let zeros = scalar.iter().take_while(|byte| **byte == 0).count();
        let excess = scalar.len().saturating_sub(curve.scalar_length());
        let scalar = scalar.get(excess.min(zeros)..).unwrap_or_default();
        let missing = curve.scalar_length().checked_sub(scalar.len()).ok_or_else(invalid)?;
        let mut padded = Zeroizing::new(vec![0; missing]);
        padded.reserve_exact(scalar.len());
        padded.extend_from_slice(scalar);
        let scalar = SecretBytes::from(padded);
        curve.point_of(&scalar).ok_or_else(invalid)?;
        Ok(Self::Ec { curve, scalar })
    }

    /// The key by its private number in a group.
    fn in_group(group: Group, number: &[u8]) -> Result<Self, KeyError> {
        group.check_private(number)?;
        Ok(Self::Group { group: Box::new(group), number: number.into() })
    }

    /// The DSA key in the form of OpenSSL's that is older than PKCS#8: 0, p, q, g, y and x.
    ///
    /// # Errors
    /// It is malformed.
    pub(crate) fn from_dsa(bytes: &[u8]) -> Result<Self, KeyError> {
        let malformed = || KeyError::Malformed { expected: "DSA private key" };
        let numbers = Vec::<UintRef<'_>>::from_der(bytes).map_err(|_| malformed())?;
        let numbers: Vec<&[u8]> = numbers.iter().map(UintRef::as_bytes).collect();
        let [version, p, q, g, y, x] = numbers[..] else { return Err(malformed()) };
        let key = Self::in_group(Group::dsa(p, q, g)?, x)?;
        match key.public_key() {
            Some(PublicKey::Group { number, .. }) if version == [0] && number == y => Ok(key),
            _ => Err(KeyError::InconsistentKey),
        }
    }

    /// The key, if the public key that was beside it is its own.
    fn goes_with(self, public: Option<&[u8]>) -> Result<Self, KeyError> {
        let Self::Ec { curve, scalar } = &self else { return Ok(self) };
        match public {
            Some(public) if curve.is_compressed(public) => Ok(self),
            Some(public) if curve.point_of(scalar).as_deref() != Some(public) => {
                Err(KeyError::InconsistentKey)
            }
            _ => Ok(self),
        }
    }

    fn from_transparent(
        key: &TransparentKey,
        algorithm: Option<CryptographicAlgorithm>,
    ) -> Result<Self, KeyError> {
        match key {
            TransparentKey::RsaPrivateKey(key) => rsa_from_transparent(key).map(Self::Rsa),
            TransparentKey::EcPrivateKey(key)
            | TransparentKey::EcdsaPrivateKey(key)
            | TransparentKey::EcdhPrivateKey(key)
            | TransparentKey::EcmqvPrivateKey(key) => {
                let curve = known_curve(key.recommended_curve, algorithm)?;
                let number = key.d.reveal().to_unsigned_bytes();
                Self::ec(curve, number.ok_or(KeyError::InvalidNumber { curve: curve.name() })?)
            }
            TransparentKey::DsaPrivateKey(TransparentDsaPrivateKey { x, .. })
            | TransparentKey::DhPrivateKey(TransparentDhPrivateKey { x, .. }) => {
                let group = Group::of_transparent(key).unwrap_or(Err(KeyError::InconsistentKey))?;
                Self::in_group(group, x.reveal().to_unsigned_bytes().ok_or(KeyError::InconsistentKey)?)
            }
            _ => Err(KeyError::Malformed { expected: "transparent private key" }),
        }
    }

    /// Holds the numbers of the key against each other, which takes a while for RSA.
    ///
    /// # Errors
    /// They are not of one key.
    pub(crate) fn check(&self) -> Result<(), KeyError> {
        match self {
            Self::Rsa(pkcs1) => match RsaPrivateKeyRef::from_der(pkcs1.reveal()) {
                Ok(key) => rsa::check(&key),
                Err(_) => Err(KeyError::Malformed { expected: "RSA private key in PKCS#1" }),
            },
            // That its number has a point, or is one of the group's, was seen when it was read.
            Self::Ec { .. } | Self::Group { .. } => Ok(()),
        }
    }

    /// The key in a format, if it can be had in that.
    pub(crate) fn to_material(&self, format: KeyFormatType) -> Option<KeyMaterial> {
        match self {
            Self::Rsa(pkcs1) => rsa_material(pkcs1, format),
            Self::Ec { curve, scalar } => ec_material(*curve, scalar, format),
            Self::Group { group, number } => group_material(group, number, format),
        }
    }

    /// The public key that goes with it.
    pub(crate) fn public_key(&self) -> Option<PublicKey> {
        match self {
            Self::Rsa(pkcs1) => {
                let key = RsaPrivateKeyRef::from_der(pkcs1.reveal()).ok()?;
                key.public_key().to_der().ok().map(PublicKey::Rsa)
            }
            Self::Ec { curve, scalar } => {
                Some(PublicKey::Ec { curve: *curve, point: curve.point_of(scalar)? })
            }
            Self::Group { group, number } => {
                Some(PublicKey::Group { group: group.clone(), number: group.public_of(number)? })
            }
        }
    }

    /// The Cryptographic Length in bits.
    pub(crate) fn bits(&self) -> Option<i32> {
        match self {
            Self::Rsa(pkcs1) => {
                let key = RsaPrivateKeyRef::from_der(pkcs1.reveal()).ok()?;
                rsa::bits(key.modulus.as_bytes())
            }
            Self::Ec { curve, .. } => Some(curve.bits()),
            Self::Group { group, .. } => group.bits(),
        }
    }

    /// The curve that it is on, if it is on one.
    pub(crate) fn curve(&self) -> Option<Curve> {
        match self {
            Self::Rsa(_) | Self::Group { .. } => None,
            Self::Ec { curve, .. } => Some(*curve),
        }
    }

    /// The group that it is in, if it is in one.
    pub(super) fn group(&self) -> Option<&Group> {
        match self {
            Self::Group { group, .. } => Some(group),
            Self::Rsa(_) | Self::Ec { .. } => None,
        }
    }

    /// The algorithm, as far as the key itself says it.
    pub(crate) fn algorithm(&self) -> CryptographicAlgorithm {
        match self {
            Self::Rsa(_) => CryptographicAlgorithm::Rsa,
            Self::Ec { curve, .. } => curve.algorithm(),
            Self::Group { group, .. } => group.algorithm(),
        }
    }
}

fn rsa_from_transparent(key: &TransparentRsaPrivateKey) -> Result<SecretBytes, KeyError> {
    // The numbers are taken where they are: no copy is made that would have to be wiped.
    fn bytes(number: &BigInteger) -> Result<&[u8], KeyError> {
        number.to_unsigned_bytes().ok_or(KeyError::InconsistentKey)
    }
    fn secret(number: &Option<SecretBigInteger>) -> Result<Option<&[u8]>, KeyError> {
        number.as_ref().map(|number| bytes(number.reveal())).transpose()
    }
    let modulus = bytes(&key.modulus)?;
    if modulus.is_empty() {
        return Err(KeyError::InconsistentKey);
    }
    let public_exponent = key.public_exponent.as_ref().map(bytes).transpose()?;
    let private_exponent = secret(&key.private_exponent)?;
    let (p, q) = (secret(&key.p)?, secret(&key.q)?);
    let others = [&key.prime_exponent_p, &key.prime_exponent_q, &key.crt_coefficient];
    let [d_p, d_q, coefficient] = others.map(secret);
    let all = (public_exponent, private_exponent, p, q, d_p?, d_q?, coefficient?);
    let (Some(e), Some(d), Some(p), Some(q), Some(d_p), Some(d_q), Some(coefficient)) = all else {
        return rsa::complete(&rsa::Given { modulus, public_exponent, private_exponent, primes: [p, q] });
    };
    let uint = |bytes| UintRef::new(bytes).map_err(|_| KeyError::InconsistentKey);
    let der = RsaPrivateKeyRef {
        modulus: uint(modulus)?,
        public_exponent: uint(e)?,
        private_exponent: uint(d)?,
        prime1: uint(p)?,
        prime2: uint(q)?,
        exponent1: uint(d_p)?,
        exponent2: uint(d_q)?,
        coefficient: uint(coefficient)?,
        other_prime_infos: None,
    };
    der.to_der().map(SecretBytes::from).map_err(|_| KeyError::InconsistentKey)
}

fn rsa_material(pkcs1: &SecretBytes, format: KeyFormatType) -> Option<KeyMaterial> {
    match format {
        KeyFormatType::Pkcs1 => Some(KeyMaterial::Bytes(pkcs1.clone())),
        KeyFormatType::Pkcs8 => pkcs8(ALGORITHM_ID, pkcs1.reveal()),
        KeyFormatType::TransparentRsaPrivateKey => {
            let key = RsaPrivateKeyRef::from_der(pkcs1.reveal()).ok()?;
            let public = |number: UintRef<'_>| BigInteger::from_unsigned_bytes(number.as_bytes());
            let secret = |number| Some(SecretBigInteger::new(public(number)));
            Some(KeyMaterial::Transparent(TransparentKey::RsaPrivateKey(TransparentRsaPrivateKey {
                modulus: public(key.modulus),
                private_exponent: secret(key.private_exponent),
                public_exponent: Some(public(key.public_exponent)),
                p: secret(key.prime1),
                q: secret(key.prime2),
                prime_exponent_p: secret(key.exponent1),
                prime_exponent_q: secret(key.exponent2),
                crt_coefficient: secret(key.coefficient),
            })))
        }
        _ => None,
    }
}

fn ec_material(curve: Curve, scalar: &SecretBytes, format: KeyFormatType) -> Option<KeyMaterial> {
    match format {
        KeyFormatType::EcPrivateKey => {
            let point = curve.point_of(scalar)?;
            sec1(scalar.reveal(), Some(curve), &point).map(KeyMaterial::Bytes)
        }
        KeyFormatType::Pkcs8 if curve.is_byte_string() => {
            let key = OctetStringRef::new(scalar.reveal()).and_then(|key| key.to_der()).ok()?;
            let key = Zeroizing::new(key);
            pkcs8(AlgorithmIdentifierRef { oid: curve.oid(), parameters: None }, &key)
        }
        KeyFormatType::Pkcs8 => {
            let key = sec1(scalar.reveal(), None, &curve.point_of(scalar)?)?;
            let oid = curve.oid();
            let algorithm =
                AlgorithmIdentifierRef { oid: EC_PUBLIC_KEY, parameters: Some(AnyRef::from(&oid)) };
            pkcs8(algorithm, key.reveal())
        }
        _ => {
            let d = SecretBigInteger::new(BigInteger::from_unsigned_bytes(scalar.reveal()));
            let key = TransparentEcPrivateKey { recommended_curve: curve.recommended(), d };
            let key = match format {
                KeyFormatType::TransparentEcPrivateKey => TransparentKey::EcPrivateKey(key),
                // Deprecated since KMIP 1.3 in favour of the one above.
                KeyFormatType::TransparentEcdsaPrivateKey => TransparentKey::EcdsaPrivateKey(key),
                KeyFormatType::TransparentEcdhPrivateKey => TransparentKey::EcdhPrivateKey(key),
                KeyFormatType::TransparentEcmqvPrivateKey => TransparentKey::EcmqvPrivateKey(key),
                _ => return None,
            };
            Some(KeyMaterial::Transparent(key))
        }
    }
}

fn group_material(group: &Group, number: &SecretBytes, format: KeyFormatType) -> Option<KeyMaterial> {
    match (format, group.algorithm()) {
        (KeyFormatType::Pkcs8, _) => {
            let key = Zeroizing::new(UintRef::new(number.reveal()).and_then(|number| number.to_der()).ok()?);
            group.with_identifier(|algorithm| pkcs8(algorithm, &key))
        }
        (KeyFormatType::TransparentDsaPrivateKey, CryptographicAlgorithm::Dsa)
        | (KeyFormatType::TransparentDhPrivateKey, CryptographicAlgorithm::Dh) => {
            Some(KeyMaterial::Transparent(group.transparent_private(number)))
        }
        _ => None,
    }
}

/// The ECPrivateKey of RFC 5915. For Curve25519, which that does not have, with the identifier of RFC 8410.
fn sec1(scalar: &[u8], curve: Option<Curve>, point: &[u8]) -> Option<SecretBytes> {
    let parameters = curve.map(|curve| EcParameters::NamedCurve(curve.oid()));
    let key = EcPrivateKey { private_key: scalar, parameters, public_key: Some(point) };
    key.to_der().ok().map(SecretBytes::from)
}

fn pkcs8(algorithm: AlgorithmIdentifierRef<'_>, key: &[u8]) -> Option<KeyMaterial> {
    let key = OctetStringRef::new(key).ok()?;
    let der = PrivateKeyInfoRef::new(algorithm, key).to_der().ok()?;
    Some(KeyMaterial::bytes(der))
}
