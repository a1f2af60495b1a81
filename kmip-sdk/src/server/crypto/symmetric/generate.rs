//! New symmetric keys.

use kmip_types::SecretBytes;
use kmip_types::enumerations::CryptographicAlgorithm;

use super::random;
use crate::answer::Failure;

/// A new key, or nothing if the algorithm has no key of this length in bits; with no length, of the usual one.
pub(crate) fn generate(
    algorithm: CryptographicAlgorithm,
    bits: Option<i32>,
) -> Option<Result<(SecretBytes, i32), Failure>> {
    use CryptographicAlgorithm as A;
    let usual = match algorithm {
        A::Des3 => 192,
        A::Des => 64,
        A::HmacSha1 => 160,
        A::HmacSha224 => 224,
        A::HmacSha384 => 384,
        A::HmacSha512 => 512,
        A::Idea | A::Seed | A::Sm4 => 128,
        A::Skipjack => 80,
        _ => 256,
    };
    let bits = bits.unwrap_or(usual);
    let valid = match algorithm {
        A::Aes | A::Camellia | A::Twofish | A::Aria => matches!(bits, 128 | 192 | 256),
        A::ChaCha20 | A::ChaCha20Poly1305 => bits == 256,
        // With and without the parity bits.
        A::Des3 => matches!(bits, 112 | 128 | 168 | 192),
        A::Des => matches!(bits, 56 | 64),
        A::Idea | A::Seed | A::Sm4 => bits == 128,
        A::Skipjack => bits == 80,
        A::Blowfish | A::Cast5 | A::Rc2 | A::Rc4 | A::Rc5 => (40..=448).contains(&bits) && bits % 8 == 0,
        A::HmacSha1
        | A::HmacSha224
        | A::HmacSha256
        | A::HmacSha384
        | A::HmacSha512
        | A::HmacMd5
        | A::HmacSha3_224
        | A::HmacSha3_256
        | A::HmacSha3_384
        | A::HmacSha3_512 => (112..=8192).contains(&bits) && bits % 8 == 0,
        _ => false,
    };
    if !valid {
        return None;
    }
    let is_des = matches!(algorithm, A::Des | A::Des3);
    // A parity bit comes to each seven of a DES key.
    let bytes = if is_des && bits % 56 == 0 { bits / 7 } else { bits / 8 };
    Some(random(usize::try_from(bytes).unwrap_or_default()).map(|key| {
        let key = if is_des { with_parity(&key) } else { key };
        (key, bits)
    }))
}

/// The key with an odd number of bits in each byte, as DES has it.
fn with_parity(key: &SecretBytes) -> SecretBytes {
    let odd = |byte: &u8| (byte & 0xFE) | u8::from((byte & 0xFE).count_ones().is_multiple_of(2));
    key.reveal().iter().map(odd).collect::<Vec<u8>>().into()
}
