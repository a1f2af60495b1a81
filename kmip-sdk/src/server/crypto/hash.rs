//! Hashes, of data that comes in parts.

use kmip_types::enumerations::{HashingAlgorithm, ResultReason};
use sha2::Digest;

use crate::answer::Failure;

/// A hash of data that comes in parts.
pub(crate) trait Hash: Send {
    /// Takes a part.
    fn update(&mut self, data: &[u8]);

    /// The hash of all of it.
    fn finish(self: Box<Self>) -> Vec<u8>;
}

impl<D: Digest + Send> Hash for D {
    fn update(&mut self, data: &[u8]) {
        Digest::update(self, data);
    }

    fn finish(self: Box<Self>) -> Vec<u8> {
        self.finalize().to_vec()
    }
}

/// Does something with the type that a Hashing Algorithm is; nothing if the server has none.
macro_rules! with_hash {
    ($algorithm:expr, $type:ident => $do:expr) => {{
        use kmip_types::enumerations::HashingAlgorithm as Hashes;
        macro_rules! with {
            ($hash:ty) => {{
                type $type = $hash;
                Some($do)
            }};
        }
        match $algorithm {
            Hashes::Md5 => with!(md5::Md5),
            Hashes::Sha1 => with!(sha1::Sha1),
            Hashes::Sha224 => with!(sha2::Sha224),
            Hashes::Sha256 => with!(sha2::Sha256),
            Hashes::Sha384 => with!(sha2::Sha384),
            Hashes::Sha512 => with!(sha2::Sha512),
            Hashes::Sha512_224 => with!(sha2::Sha512_224),
            Hashes::Sha512_256 => with!(sha2::Sha512_256),
            Hashes::Sha3_224 => with!(sha3::Sha3_224),
            Hashes::Sha3_256 => with!(sha3::Sha3_256),
            Hashes::Sha3_384 => with!(sha3::Sha3_384),
            Hashes::Sha3_512 => with!(sha3::Sha3_512),
            Hashes::Ripemd160 => with!(ripemd::Ripemd160),
            _ => None,
        }
    }};
}

pub(super) use with_hash;

/// Begins a hash.
pub(crate) fn start(algorithm: HashingAlgorithm) -> Result<Box<dyn Hash>, Failure> {
    let started = with_hash!(algorithm, D => Box::new(D::new()) as Box<dyn Hash>);
    started.ok_or_else(|| no_such_hash(algorithm))
}

/// A hash at once.
pub(crate) fn hash(algorithm: HashingAlgorithm, data: &[u8]) -> Result<Vec<u8>, Failure> {
    let mut hash = start(algorithm)?;
    hash.update(data);
    Ok(hash.finish())
}

/// A hash that the server does not have.
pub(crate) fn no_such_hash(algorithm: HashingAlgorithm) -> Failure {
    let message = format!("the hash {algorithm} is not supported");
    Failure::new(ResultReason::UnsupportedCryptographicParameters, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The hashes of `abc`: FIPS 180-4, FIPS 202, RFC 1321, and the paper of RIPEMD-160.
    #[test]
    fn gives_the_known_answers_in_one_part_and_in_several() {
        use HashingAlgorithm as H;
        for (algorithm, expected) in [
            (H::Md5, "900150983cd24fb0d6963f7d28e17f72"),
            (H::Sha1, "a9993e364706816aba3e25717850c26c9cd0d89d"),
            (H::Sha224, "23097d223405d8228642a477bda255b32aadbce4bda0b3f7e36c9da7"),
            (H::Sha256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
            (
                H::Sha384,
                "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7",
            ),
            (
                H::Sha512,
                "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd\
                 454d4423643ce80e2a9ac94fa54ca49f",
            ),
            (H::Sha512_224, "4634270f707b6a54daae7530460842e20e37ed265ceee9a43e8924aa"),
            (H::Sha512_256, "53048e2681941ef99b2e29b76b4c7dabe4c2d0c634fc6d46e0e2f13107e7af23"),
            (H::Sha3_224, "e642824c3f8cf24ad09234ee7d3c766fc9a3a5168d0c94ad73b46fdf"),
            (H::Sha3_256, "3a985da74fe225b2045c172d6bd390bd855f086e3e9d525b46bfe24511431532"),
            (
                H::Sha3_384,
                "ec01498288516fc926459f58e2c6ad8df9b473cb0fc08c2596da7cf0e49be4b298d88cea927ac7f539f1edf228376d25",
            ),
            (
                H::Sha3_512,
                "b751850b1a57168a5693cd924b6b096e08f621827444f70d884f5d0240d2712e10e116e9192af3c91a7ec57647e39340\
                 57340b4cf408d5a56592f8274eec53f0",
            ),
            (H::Ripemd160, "8eb208f7e05d987a9b044a8e98c6b087f15a0bfc"),
        ] {
            let hex = |bytes: Vec<u8>| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
            assert_eq!(hex(hash(algorithm, b"abc").unwrap()), expected, "{algorithm}");
            let mut parts = start(algorithm).unwrap();
            b"abc".iter().for_each(|byte| parts.update(&[*byte]));
            assert_eq!(hex(parts.finish()), expected, "{algorithm}");
        }
        assert!(hash(H::Md2, b"abc").is_err());
    }
}
