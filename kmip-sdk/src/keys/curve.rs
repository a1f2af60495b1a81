//! The elliptic curves that are known, with their names in KMIP, in ASN.1 and in JOSE, and what is computed on them.

use aws_lc_rs::agreement::{self, Algorithm, UnparsedPublicKey};
use aws_lc_rs::encoding::{AsBigEndian, Curve25519SeedBin, EcPrivateKeyBin};
use aws_lc_rs::signature::{
    ECDSA_P256K1_SHA256_ASN1, ECDSA_P256K1_SHA256_ASN1_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair as _,
    ParsedPublicKey,
};
use der::Encode;
use der::asn1::ObjectIdentifier;
use kmip_types::SecretBytes;
use kmip_types::enumerations::{CryptographicAlgorithm, RecommendedCurve};
use sec1::{EcParameters, EcPrivateKey};
use zeroize::Zeroizing;

/// The algorithm identifier of elliptic curve keys (RFC 5480).
pub(crate) const EC_PUBLIC_KEY: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");

/// An elliptic curve, with what is done on it where that makes another key of the same curve.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Curve {
    P256,
    P384,
    P521,
    /// secp256k1 (SEC 2 section 2.4.1).
    Secp256k1,
    /// Curve25519 for key agreement (RFC 7748).
    X25519,
    /// Curve25519 in its Edwards form for signatures (RFC 8032).
    Ed25519,
    /// Curve448 for key agreement (RFC 7748).
    #[cfg(feature = "server")]
    X448,
    /// Curve448 in its Edwards form for signatures (RFC 8032).
    #[cfg(feature = "server")]
    Ed448,
}

impl Curve {
    const ALL: &[Self] = &[
        Self::P256,
        Self::P384,
        Self::P521,
        Self::Secp256k1,
        Self::X25519,
        Self::Ed25519,
        #[cfg(feature = "server")]
        Self::X448,
        #[cfg(feature = "server")]
        Self::Ed448,
    ];

    /// The curve of a key by its Recommended Curve and its algorithm.
    pub(crate) fn find(curve: RecommendedCurve, algorithm: Option<CryptographicAlgorithm>) -> Option<Self> {
        match curve {
            RecommendedCurve::P256 => Some(Self::P256),
            RecommendedCurve::P384 => Some(Self::P384),
            RecommendedCurve::P521 => Some(Self::P521),
            RecommendedCurve::Secp256K1 => Some(Self::Secp256k1),
            RecommendedCurve::Curve25519 if algorithm == Some(CryptographicAlgorithm::Ed25519) => {
                Some(Self::Ed25519)
            }
            RecommendedCurve::Curve25519 => Some(Self::X25519),
            #[cfg(feature = "server")]
            RecommendedCurve::Curve448 if algorithm == Some(CryptographicAlgorithm::Ed448) => {
                Some(Self::Ed448)
            }
            #[cfg(feature = "server")]
            RecommendedCurve::Curve448 => Some(Self::X448),
            _ => None,
        }
    }

    /// The curve of NIST's with this length in bits.
    #[cfg(feature = "server")]
    pub(crate) fn of_length(bits: i32) -> Option<Self> {
        Self::ALL[..3].iter().copied().find(|curve| curve.bits() == bits)
    }

    pub(crate) fn recommended(self) -> RecommendedCurve {
        match self {
            Self::P256 => RecommendedCurve::P256,
            Self::P384 => RecommendedCurve::P384,
            Self::P521 => RecommendedCurve::P521,
            Self::Secp256k1 => RecommendedCurve::Secp256K1,
            Self::X25519 | Self::Ed25519 => RecommendedCurve::Curve25519,
            #[cfg(feature = "server")]
            Self::X448 | Self::Ed448 => RecommendedCurve::Curve448,
        }
    }

    /// The Cryptographic Length.
    pub(crate) fn bits(self) -> i32 {
        match self {
            Self::P256 | Self::Secp256k1 | Self::X25519 | Self::Ed25519 => 256,
            Self::P384 => 384,
            Self::P521 => 521,
            #[cfg(feature = "server")]
            Self::X448 => 448,
            #[cfg(feature = "server")]
            Self::Ed448 => 456,
        }
    }

    /// The Cryptographic Length that may be said in its place: what stands for the numbers of some curves is longer than they.
    #[cfg(feature = "server")]
    pub(crate) fn bits_of_numbers(self) -> i32 {
        match self {
            Self::X25519 | Self::Ed25519 => 255,
            Self::Ed448 => 448,
            _ => self.bits(),
        }
    }

    /// The length of a private key in bytes.
    pub(crate) fn scalar_length(self) -> usize {
        match self {
            Self::P256 | Self::Secp256k1 | Self::X25519 | Self::Ed25519 => 32,
            Self::P384 => 48,
            Self::P521 => 66,
            #[cfg(feature = "server")]
            Self::X448 => 56,
            #[cfg(feature = "server")]
            Self::Ed448 => 57,
        }
    }

    /// Whether keys are strings of bytes, rather than numbers and points (RFC 8410).
    pub(crate) fn is_byte_string(self) -> bool {
        match self {
            Self::X25519 | Self::Ed25519 => true,
            #[cfg(feature = "server")]
            Self::X448 | Self::Ed448 => true,
            _ => false,
        }
    }

    /// The identifier: of the curve, or for Curve25519 and Curve448 of the algorithm on it (RFC 5480, RFC 8410).
    pub(crate) fn oid(self) -> ObjectIdentifier {
        match self {
            Self::P256 => ObjectIdentifier::new_unwrap("1.2.840.10045.3.1.7"),
            Self::P384 => ObjectIdentifier::new_unwrap("1.3.132.0.34"),
            Self::P521 => ObjectIdentifier::new_unwrap("1.3.132.0.35"),
            Self::Secp256k1 => ObjectIdentifier::new_unwrap("1.3.132.0.10"),
            Self::X25519 => ObjectIdentifier::new_unwrap("1.3.101.110"),
            Self::Ed25519 => ObjectIdentifier::new_unwrap("1.3.101.112"),
            #[cfg(feature = "server")]
            Self::X448 => ObjectIdentifier::new_unwrap("1.3.101.111"),
            #[cfg(feature = "server")]
            Self::Ed448 => ObjectIdentifier::new_unwrap("1.3.101.113"),
        }
    }

    pub(crate) fn of_oid(oid: ObjectIdentifier) -> Option<Self> {
        Self::ALL.iter().copied().find(|curve| curve.oid() == oid)
    }

    /// The name in JOSE (RFC 7518 section 6.2.1.1, RFC 8037, RFC 8812), which is how people call it too.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::P256 => "P-256",
            Self::P384 => "P-384",
            Self::P521 => "P-521",
            Self::Secp256k1 => "secp256k1",
            Self::X25519 => "X25519",
            Self::Ed25519 => "Ed25519",
            #[cfg(feature = "server")]
            Self::X448 => "X448",
            #[cfg(feature = "server")]
            Self::Ed448 => "Ed448",
        }
    }

    #[cfg(feature = "json")]
    pub(crate) fn of_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|curve| curve.name() == name)
    }

    /// The Cryptographic Algorithm, as far as the curve says it.
    pub(crate) fn algorithm(self) -> CryptographicAlgorithm {
        match self {
            Self::Ed25519 => CryptographicAlgorithm::Ed25519,
            #[cfg(feature = "server")]
            Self::Ed448 => CryptographicAlgorithm::Ed448,
            _ => CryptographicAlgorithm::Ec,
        }
    }

    /// How the library calls the curve, if it agrees on keys with it.
    fn agreement(self) -> Option<&'static Algorithm> {
        match self {
            Self::P256 => Some(&agreement::ECDH_P256),
            Self::P384 => Some(&agreement::ECDH_P384),
            Self::P521 => Some(&agreement::ECDH_P521),
            Self::X25519 => Some(&agreement::X25519),
            Self::Secp256k1 | Self::Ed25519 => None,
            #[cfg(feature = "server")]
            Self::X448 | Self::Ed448 => None,
        }
    }

    /// A new private key.
    pub(super) fn generate(self) -> Option<SecretBytes> {
        if crate::random::is_seeded() {
            return self.generate_by_trial();
        }
        let Some(algorithm) = self.agreement() else {
            // Any bytes are a seed of Ed25519 or Ed448 (RFC 8032 section 5) or a key of X448, and all but one in 2^127 are a number of
            // secp256k1's, of which the caller sees that it has no point. The library would leave a copy of one that
            // it makes.
            let mut scalar = Zeroizing::new(vec![0; self.scalar_length()]);
            crate::random::fill(&mut scalar).ok()?;
            return Some(scalar.into());
        };
        let key = agreement::PrivateKey::generate(algorithm).ok()?;
        if self == Self::X25519 {
            let seed = AsBigEndian::<Curve25519SeedBin<'_>>::as_be_bytes(&key).ok()?;
            return Some(seed.as_ref().into());
        }
        let scalar = AsBigEndian::<EcPrivateKeyBin<'_>>::as_be_bytes(&key).ok()?;
        Some(scalar.as_ref().into())
    }

    /// A new private key of random bytes alone, which the library takes from nobody.
    fn generate_by_trial(self) -> Option<SecretBytes> {
        // One that is too large, or zero, is none; most are one.
        for _ in 0..256 {
            let mut scalar = Zeroizing::new(vec![0; self.scalar_length()]);
            crate::random::fill(&mut scalar).ok()?;
            if let (Self::P521, Some(first)) = (self, scalar.first_mut()) {
                *first &= 0x01;
            }
            let scalar = scalar.into();
            if self.point_of(&scalar).is_some() {
                return Some(scalar);
            }
        }
        None
    }

    /// The public point of a private key, if that is one of the curve's.
    pub(crate) fn point_of(self, scalar: &SecretBytes) -> Option<Vec<u8>> {
        match self {
            Self::Ed25519 => {
                let pair = Ed25519KeyPair::from_seed_unchecked(scalar.reveal()).ok()?;
                Some(pair.public_key().as_ref().to_vec())
            }
            #[cfg(feature = "server")]
            Self::Ed448 => super::curve448::public_key(scalar),
            #[cfg(feature = "server")]
            Self::X448 => super::curve448::public_point(scalar),
            Self::Secp256k1 => {
                let parameters = Some(EcParameters::NamedCurve(self.oid()));
                let key = EcPrivateKey { private_key: scalar.reveal(), parameters, public_key: None };
                let der = Zeroizing::new(key.to_der().ok()?);
                let pair =
                    EcdsaKeyPair::from_private_key_der(&ECDSA_P256K1_SHA256_ASN1_SIGNING, &der).ok()?;
                Some(pair.public_key().as_ref().to_vec())
            }
            _ => {
                let key = agreement::PrivateKey::from_private_key(self.agreement()?, scalar.reveal()).ok()?;
                key.compute_public_key().ok().map(|point| point.as_ref().to_vec())
            }
        }
    }

    /// Whether these bytes are a public key on the curve: a point, compressed or not; or, for Curve25519 and Curve448, as
    /// many bytes as one has.
    pub(crate) fn has_point(self, point: &[u8]) -> bool {
        match self {
            Self::Ed25519 | Self::X25519 => point.len() == self.scalar_length(),
            #[cfg(feature = "server")]
            Self::Ed448 | Self::X448 => point.len() == self.scalar_length(),
            Self::Secp256k1 => ParsedPublicKey::new(&ECDSA_P256K1_SHA256_ASN1, point).is_ok(),
            _ => self.agreement().is_some_and(|algorithm| {
                agreement::ParsedPublicKey::try_from(UnparsedPublicKey::new(algorithm, point)).is_ok()
            }),
        }
    }

    /// Whether a point of this length is compressed.
    pub(crate) fn is_compressed(self, point: &[u8]) -> bool {
        !self.is_byte_string() && point.len() == self.scalar_length() + 1
    }
}
