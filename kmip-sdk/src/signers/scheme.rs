//! How signatures are made, which of them a key makes, and how it is said to the server.

use core::fmt;

use kmip_types::ProtocolVersion;
use kmip_types::enumerations::{CryptographicAlgorithm, HashingAlgorithm};

use crate::client::verbs::Sign;
use crate::client::{Call, Driver};
use crate::keys::{Curve, Material};

/// How a signature is made.
///
/// ```
/// use kmip_sdk::signers::Scheme;
/// use kmip_sdk::types::enumerations::HashingAlgorithm;
/// assert_eq!(Scheme::RsaPss(HashingAlgorithm::Sha256).to_string(), "RSA-PSS with SHA_256");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Scheme {
    /// RSA with the padding of PKCS #1 v1.5 (RFC 8017 section 8.2) and this hash.
    RsaPkcs1V1_5(HashingAlgorithm),
    /// RSA with the Probabilistic Signature Scheme (RFC 8017 section 8.1), this hash for the data and the mask, and a salt
    /// as long as the hash, as TLS and certificates have it. Since KMIP 1.4, which can say how long the salt is.
    RsaPss(HashingAlgorithm),
    /// ECDSA (FIPS 186-5) with this hash.
    Ecdsa(HashingAlgorithm),
    /// Ed25519 (RFC 8032), which hashes by itself. Since KMIP 2.0.
    Ed25519,
}

/// The hashes that keys are offered with, and how many bytes they have.
const HASHES: [(HashingAlgorithm, i32); 3] =
    [(HashingAlgorithm::Sha256, 32), (HashingAlgorithm::Sha384, 48), (HashingAlgorithm::Sha512, 64)];

impl Scheme {
    /// The schemes of a key, best first: with SHA-256, SHA-384 and SHA-512, and of a key on a curve first with the hash that
    /// suits the curve.
    pub(super) fn of(key: &Material) -> Vec<Self> {
        let hashes = HASHES.map(|(hash, _)| hash);
        match (key.algorithm(), curve_of(key)) {
            (Some(CryptographicAlgorithm::Rsa), _) => {
                let pss = hashes.map(Self::RsaPss).into_iter();
                pss.chain(hashes.map(Self::RsaPkcs1V1_5)).collect()
            }
            (_, Some(Curve::Ed25519)) => vec![Self::Ed25519],
            (_, Some(curve @ (Curve::P256 | Curve::P384 | Curve::P521 | Curve::Secp256k1))) => {
                let suitable = match curve {
                    Curve::P384 => HashingAlgorithm::Sha384,
                    Curve::P521 => HashingAlgorithm::Sha512,
                    _ => HashingAlgorithm::Sha256,
                };
                let others = hashes.into_iter().filter(|hash| *hash != suitable);
                core::iter::once(suitable).chain(others).map(Self::Ecdsa).collect()
            }
            _ => Vec::new(),
        }
    }

    /// Whether it is of such keys, with whichever hash.
    pub(super) fn fits(self, key: &Material) -> bool {
        let same = |other: &Self| core::mem::discriminant(other) == core::mem::discriminant(&self);
        Self::of(key).iter().any(same)
    }

    /// The first version of the protocol in which it can be asked for.
    pub(super) fn since(self) -> ProtocolVersion {
        match self {
            Self::RsaPkcs1V1_5(_) | Self::Ecdsa(_) => ProtocolVersion::V1_2,
            Self::RsaPss(_) => ProtocolVersion::V1_4,
            Self::Ed25519 => ProtocolVersion::V2_0,
        }
    }

    /// The call that asks for such a signature.
    pub(super) fn ask<D: Driver>(self, call: Call<'_, D, Sign>) -> Call<'_, D, Sign> {
        match self {
            Self::RsaPkcs1V1_5(hash) => call.rsa_pkcs1_v1_5_signature(hash),
            Self::RsaPss(hash) => {
                let length = digest_length(hash);
                call.rsa_pss(hash).with_parameters(|parameters| parameters.salt_length = length)
            }
            Self::Ecdsa(hash) => call.ecdsa(hash),
            Self::Ed25519 => call.ed25519(),
        }
    }
}

impl fmt::Display for Scheme {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::RsaPkcs1V1_5(hash) => write!(f, "RSA PKCS #1 v1.5 with {hash}"),
            Self::RsaPss(hash) => write!(f, "RSA-PSS with {hash}"),
            Self::Ecdsa(hash) => write!(f, "ECDSA with {hash}"),
            Self::Ed25519 => f.write_str("Ed25519"),
        }
    }
}

/// The curve of a key, if it is on one that is known.
pub(super) fn curve_of(key: &Material) -> Option<Curve> {
    Curve::find(key.curve()?, key.algorithm())
}

/// How many bytes a hash has. Of one that is not known here the server is not told.
fn digest_length(hash: HashingAlgorithm) -> Option<i32> {
    match hash {
        HashingAlgorithm::Sha1 => Some(20),
        HashingAlgorithm::Sha224 | HashingAlgorithm::Sha512_224 | HashingAlgorithm::Sha3_224 => Some(28),
        HashingAlgorithm::Sha512_256 | HashingAlgorithm::Sha3_256 => Some(32),
        HashingAlgorithm::Sha3_384 => Some(48),
        HashingAlgorithm::Sha3_512 => Some(64),
        _ => HASHES.iter().find(|(other, _)| *other == hash).map(|(_, length)| *length),
    }
}
