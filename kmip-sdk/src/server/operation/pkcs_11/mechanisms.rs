//! The mechanisms of Cryptoki that the server has, and what they are as Cryptographic Parameters.

use kmip_types::attribute::CryptographicParameters;
use kmip_types::enumerations::{
    BlockCipherMode as M, CryptographicAlgorithm as A, HashingAlgorithm as H, PaddingMethod as P,
};

use super::encoding::{Input, Mechanism};
use crate::answer::Failure;

/// What a mechanism does, as bits of CK_MECHANISM_INFO.
pub(super) const ENCRYPTS: u64 = 0x100 | 0x200;
pub(super) const DIGESTS: u64 = 0x400;
pub(super) const SIGNS: u64 = 0x800 | 0x2000;
pub(super) const GENERATES: u64 = 0x8000;

/// A mechanism that the server has.
pub(super) struct Known {
    pub(super) number: u64,
    pub(super) flags: u64,
    /// The least and the greatest length of a key: in bytes, but of RSA in bits.
    pub(super) keys: (u64, u64),
    pub(super) kind: Kind,
}

/// What a mechanism is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Makes keys of this algorithm.
    Key(A),
    Digest(H),
    /// A code by HMAC.
    Hmac(A),
    Cmac,
    /// A signature by RSA with PKCS#1.
    Signature(H),
    /// Encryption by RSA with PKCS#1.
    Rsa,
    /// AES in a mode, with a padding.
    Aes(M, Option<P>),
}

const AES: (u64, u64) = (16, 32);
const RSA: (u64, u64) = (1024, 8192);
const SECRET: (u64, u64) = (1, 1024);

const fn known(number: u64, flags: u64, keys: (u64, u64), kind: Kind) -> Known {
    Known { number, flags, keys, kind }
}

/// By their numbers in PKCS#11 3.0.
pub(super) const ALL: [Known; 24] = [
    known(0x1, ENCRYPTS, RSA, Kind::Rsa),
    known(0x6, SIGNS, RSA, Kind::Signature(H::Sha1)),
    known(0x40, SIGNS, RSA, Kind::Signature(H::Sha256)),
    known(0x41, SIGNS, RSA, Kind::Signature(H::Sha384)),
    known(0x42, SIGNS, RSA, Kind::Signature(H::Sha512)),
    known(0x220, DIGESTS, (0, 0), Kind::Digest(H::Sha1)),
    known(0x221, SIGNS, SECRET, Kind::Hmac(A::HmacSha1)),
    known(0x250, DIGESTS, (0, 0), Kind::Digest(H::Sha256)),
    known(0x251, SIGNS, SECRET, Kind::Hmac(A::HmacSha256)),
    known(0x255, DIGESTS, (0, 0), Kind::Digest(H::Sha224)),
    known(0x256, SIGNS, SECRET, Kind::Hmac(A::HmacSha224)),
    known(0x260, DIGESTS, (0, 0), Kind::Digest(H::Sha384)),
    known(0x261, SIGNS, SECRET, Kind::Hmac(A::HmacSha384)),
    known(0x270, DIGESTS, (0, 0), Kind::Digest(H::Sha512)),
    known(0x271, SIGNS, SECRET, Kind::Hmac(A::HmacSha512)),
    known(0x2B0, DIGESTS, (0, 0), Kind::Digest(H::Sha3_256)),
    known(0x2C0, DIGESTS, (0, 0), Kind::Digest(H::Sha3_384)),
    known(0x2D0, DIGESTS, (0, 0), Kind::Digest(H::Sha3_512)),
    known(0x350, GENERATES, SECRET, Kind::Key(A::HmacSha256)),
    known(0x1080, GENERATES, AES, Kind::Key(A::Aes)),
    known(0x1081, ENCRYPTS, AES, Kind::Aes(M::Ecb, None)),
    known(0x1082, ENCRYPTS, AES, Kind::Aes(M::Cbc, None)),
    known(0x1085, ENCRYPTS, AES, Kind::Aes(M::Cbc, Some(P::Pkcs5))),
    known(0x108A, SIGNS, AES, Kind::Cmac),
];

pub(super) fn find(number: u64) -> Option<&'static Known> {
    ALL.iter().find(|known| known.number == number)
}

/// How a key is used, with the initialization vector.
#[derive(Clone, Debug)]
pub(super) struct Use {
    pub(super) kind: Kind,
    pub(super) parameters: CryptographicParameters,
    pub(super) vector: Option<Vec<u8>>,
}

/// What became of a mechanism that was asked for.
pub(super) enum Asked {
    Is(Use),
    /// There is none, or none that does this.
    Invalid,
    /// Its parameter is not one that it takes.
    InvalidParameter,
}

/// A mechanism with its parameter, to be used in one of these ways.
pub(super) fn asked(mechanism: Mechanism<'_>, flags: u64) -> Result<Asked, Failure> {
    let Some(known) = find(mechanism.number).filter(|known| known.flags & flags != 0) else {
        return Ok(Asked::Invalid);
    };
    let parameters = match known.kind {
        Kind::Key(_) => CryptographicParameters::default(),
        Kind::Digest(hash) => by(|parameters| parameters.hashing_algorithm = Some(hash)),
        Kind::Hmac(algorithm) => by(|parameters| parameters.cryptographic_algorithm = Some(algorithm)),
        Kind::Cmac => by(|parameters| parameters.block_cipher_mode = Some(M::Cmac)),
        Kind::Signature(hash) => by(|parameters| {
            parameters.padding_method = Some(P::Pkcs1V1_5);
            parameters.hashing_algorithm = Some(hash);
        }),
        Kind::Rsa => by(|parameters| parameters.padding_method = Some(P::Pkcs1V1_5)),
        Kind::Aes(mode, padding) => by(|parameters| {
            parameters.block_cipher_mode = Some(mode);
            parameters.padding_method = padding;
        }),
    };
    let vector = match (known.kind, mechanism.parameter) {
        // A byte string has a count of its own.
        (Kind::Aes(M::Cbc, _), Some(parameter)) => {
            let mut input = Input::new(parameter);
            let vector = input.bytes()?.to_vec();
            input.end()?;
            if vector.len() != 16 {
                return Ok(Asked::InvalidParameter);
            }
            Some(vector)
        }
        (Kind::Aes(M::Cbc, _), None) => return Ok(Asked::InvalidParameter),
        (_, Some(parameter)) if !parameter.is_empty() => return Ok(Asked::InvalidParameter),
        _ => None,
    };
    Ok(Asked::Is(Use { kind: known.kind, parameters, vector }))
}

fn by(set: impl FnOnce(&mut CryptographicParameters)) -> CryptographicParameters {
    let mut parameters = CryptographicParameters::default();
    set(&mut parameters);
    parameters
}
