//! How much work and memory a password may cost: what a file asks for is not to stop the process.

use pkcs8::pkcs5::EncryptionScheme;
use pkcs8::pkcs5::pbes2::{Kdf, ScryptParams};

/// How often a password may be hashed: more than any tool does, and no more than takes seconds.
pub(super) const MAX_ITERATIONS: u32 = 10_000_000;

/// How much memory scrypt may take, in bytes: 32 times what OpenSSL allows itself.
const MAX_SCRYPT_MEMORY: u64 = 1 << 30;

/// How often scrypt may do so.
const MAX_SCRYPT_PARALLELIZATION: u16 = 16;

/// How much work all that is encrypted in one file may cost: that of what costs most by itself.
#[cfg(feature = "pkcs12")]
pub(super) const MAX_WORK: u64 = (MAX_SCRYPT_MEMORY >> 7) * MAX_SCRYPT_PARALLELIZATION as u64;

/// How much work it is to make a key of a password: iterations of a hash or, with scrypt, blocks that are mixed, which take
/// about as long.
#[cfg(feature = "pkcs12")]
pub(super) fn work_of(scheme: &EncryptionScheme) -> u64 {
    match scheme.pbes2().map(|parameters| &parameters.kdf) {
        Some(Kdf::Pbkdf2(parameters)) => parameters.iteration_count.into(),
        Some(Kdf::Scrypt(parameters)) => parameters
            .cost_parameter
            .saturating_mul(parameters.block_size.into())
            .saturating_mul(parameters.parallelization.into()),
        _ => 0,
    }
}

/// Whether what is asked for is within bounds.
pub(super) fn is_bounded(scheme: &EncryptionScheme) -> bool {
    match scheme.pbes2().map(|parameters| &parameters.kdf) {
        Some(Kdf::Pbkdf2(parameters)) => parameters.iteration_count <= MAX_ITERATIONS,
        Some(Kdf::Scrypt(parameters)) => {
            parameters.parallelization <= MAX_SCRYPT_PARALLELIZATION
                && scrypt_memory(parameters).is_some_and(|memory| memory <= MAX_SCRYPT_MEMORY)
        }
        // It is not done.
        _ => true,
    }
}

/// How many bytes scrypt takes (RFC 7914 section 2).
fn scrypt_memory(parameters: &ScryptParams) -> Option<u64> {
    parameters.cost_parameter.checked_mul(128)?.checked_mul(parameters.block_size.into())
}

#[cfg(test)]
mod tests {
    use pkcs8::pkcs5::pbes2::{EncryptionScheme as Cipher, Parameters, Pbkdf2Params, Pbkdf2Prf, Salt};

    use super::*;

    fn allows(kdf: Kdf) -> bool {
        is_bounded(&EncryptionScheme::from(Parameters { kdf, encryption: Cipher::Aes256Cbc { iv: [0; 16] } }))
    }

    #[test]
    fn bounds_the_work_and_the_memory() {
        let salt = || Salt::new([0; 8]).unwrap();
        let scrypt = |cost_parameter, block_size, parallelization| {
            let salt = salt();
            allows(
                ScryptParams { salt, cost_parameter, block_size, parallelization, key_length: None }.into(),
            )
        };
        assert!(scrypt(1 << 14, 8, 1) && scrypt(1 << 20, 8, 16));
        assert!(!scrypt(1 << 21, 8, 1) && !scrypt(1 << 20, 9, 1) && !scrypt(1 << 14, 8, 17));
        assert!(!scrypt(u64::MAX, u16::MAX, 1));
        let pbkdf2 = |iteration_count| {
            let prf = Pbkdf2Prf::HmacWithSha256;
            allows(Pbkdf2Params { salt: salt(), iteration_count, key_length: None, prf }.into())
        };
        assert!(pbkdf2(2048) && pbkdf2(MAX_ITERATIONS));
        assert!(!pbkdf2(MAX_ITERATIONS + 1) && !pbkdf2(u32::MAX));
    }
}
