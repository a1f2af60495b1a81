//! The elliptic curves that the server has, with their names in KMIP and in ASN.1.

use aws_lc_rs::agreement::{self, Algorithm};
use der::asn1::ObjectIdentifier;
use kmip_types::enumerations::{CryptographicAlgorithm, RecommendedCurve};

/// The algorithm identifier of elliptic curve keys (RFC 5480).
pub(crate) const EC_PUBLIC_KEY: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");

/// An elliptic curve, with what is done on it where that makes another key of the same curve.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Curve {
    P256,
    P384,
    P521,
    /// Curve25519 for key agreement (RFC 7748).
    X25519,
    /// Curve25519 in its Edwards form for signatures (RFC 8032).
    Ed25519,
}

impl Curve {
    const ALL: [Self; 5] = [Self::P256, Self::P384, Self::P521, Self::X25519, Self::Ed25519];

    /// The curve of a key by its Recommended Curve and its algorithm.
    pub(crate) fn find(curve: RecommendedCurve, algorithm: Option<CryptographicAlgorithm>) -> Option<Self> {
        match curve {
            RecommendedCurve::P256 => Some(Self::P256),
            RecommendedCurve::P384 => Some(Self::P384),
            RecommendedCurve::P521 => Some(Self::P521),
            RecommendedCurve::Curve25519 if algorithm == Some(CryptographicAlgorithm::Ed25519) => {
                Some(Self::Ed25519)
            }
            RecommendedCurve::Curve25519 => Some(Self::X25519),
            _ => None,
        }
    }

    /// The curve of the NIST's with this length in bits.
    pub(crate) fn of_length(bits: i32) -> Option<Self> {
        Self::ALL[..3].iter().copied().find(|curve| curve.bits() == bits)
    }

    pub(crate) fn recommended(self) -> RecommendedCurve {
        match self {
            Self::P256 => RecommendedCurve::P256,
            Self::P384 => RecommendedCurve::P384,
            Self::P521 => RecommendedCurve::P521,
            Self::X25519 | Self::Ed25519 => RecommendedCurve::Curve25519,
        }
    }

    /// The Cryptographic Length.
    pub(crate) fn bits(self) -> i32 {
        match self {
            Self::P256 | Self::X25519 | Self::Ed25519 => 256,
            Self::P384 => 384,
            Self::P521 => 521,
        }
    }

    /// The length of a private key in bytes.
    pub(crate) fn scalar_length(self) -> usize {
        match self {
            Self::P256 | Self::X25519 | Self::Ed25519 => 32,
            Self::P384 => 48,
            Self::P521 => 66,
        }
    }

    /// Whether keys are strings of bytes, rather than numbers and points (RFC 8410).
    pub(crate) fn is_25519(self) -> bool {
        matches!(self, Self::X25519 | Self::Ed25519)
    }

    /// The identifier: of the curve, or for Curve25519 of the algorithm on it (RFC 5480, RFC 8410).
    pub(crate) fn oid(self) -> ObjectIdentifier {
        match self {
            Self::P256 => ObjectIdentifier::new_unwrap("1.2.840.10045.3.1.7"),
            Self::P384 => ObjectIdentifier::new_unwrap("1.3.132.0.34"),
            Self::P521 => ObjectIdentifier::new_unwrap("1.3.132.0.35"),
            Self::X25519 => ObjectIdentifier::new_unwrap("1.3.101.110"),
            Self::Ed25519 => ObjectIdentifier::new_unwrap("1.3.101.112"),
        }
    }

    pub(crate) fn of_oid(oid: ObjectIdentifier) -> Option<Self> {
        Self::ALL.into_iter().find(|curve| curve.oid() == oid)
    }

    /// How the library calls the curve, unless it is one for signatures only.
    pub(crate) fn agreement(self) -> Option<&'static Algorithm> {
        match self {
            Self::P256 => Some(&agreement::ECDH_P256),
            Self::P384 => Some(&agreement::ECDH_P384),
            Self::P521 => Some(&agreement::ECDH_P521),
            Self::X25519 => Some(&agreement::X25519),
            Self::Ed25519 => None,
        }
    }
}
