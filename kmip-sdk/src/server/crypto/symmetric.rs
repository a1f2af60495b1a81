//! Symmetric keys and encryption with them.

use aws_lc_rs::aead::{self, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::cipher::{
    AES_128, AES_192, AES_256, Algorithm, DecryptingKey, DecryptionContext, EncryptingKey, EncryptionContext,
    PaddedBlockDecryptingKey, PaddedBlockEncryptingKey, UnboundCipherKey,
};
use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::iv::FixedLength;
use aws_lc_rs::rand::{SecureRandom, SystemRandom};
use kmip_types::SecretBytes;
use kmip_types::attribute::CryptographicParameters;
use kmip_types::enumerations::{BlockCipherMode, CryptographicAlgorithm, PaddingMethod, ResultReason};
use zeroize::Zeroizing;

use super::cryptographic_failure;
use crate::server::failure::Failure;

/// The length in bytes of AES's block, of its initialization vectors and of an authentication tag.
const BLOCK: usize = 16;
/// The length in bytes of the nonce of GCM and of ChaCha20-Poly1305.
const NONCE: usize = aead::NONCE_LEN;

/// What encryption yields.
#[derive(Debug)]
pub(crate) struct Encrypted {
    pub(crate) data: SecretBytes,
    /// The initialization vector, if the server made it.
    pub(crate) iv: Option<Vec<u8>>,
    pub(crate) tag: Option<Vec<u8>>,
}

/// Random bytes.
pub(crate) fn random(length: usize) -> Result<SecretBytes, Failure> {
    let mut bytes = Zeroizing::new(vec![0; length]);
    SystemRandom::new().fill(&mut bytes).map_err(|_| cryptographic_failure("making random bytes"))?;
    Ok(bytes.into())
}

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

/// What is done, as the parameters say it.
#[derive(Clone, Copy)]
enum Cipher {
    Block(BlockCipherMode, &'static Algorithm, bool),
    Authenticated(&'static aead::Algorithm, Option<&'static Algorithm>),
}

fn unsupported(what: impl Into<String>) -> Failure {
    Failure::new(ResultReason::UnsupportedCryptographicParameters, what)
}

fn bad(what: &str) -> Failure {
    Failure::new(ResultReason::BadCryptographicParameters, what)
}

fn cipher(
    algorithm: CryptographicAlgorithm,
    key: &[u8],
    parameters: &CryptographicParameters,
) -> Result<Cipher, Failure> {
    match algorithm {
        CryptographicAlgorithm::ChaCha20Poly1305 if key.len() == 32 => {
            return Ok(Cipher::Authenticated(&aead::CHACHA20_POLY1305, None));
        }
        CryptographicAlgorithm::Aes => {}
        _ => return Err(unsupported(format!("encryption with {algorithm} is not supported"))),
    }
    let (block, authenticated) = match key.len() {
        16 => (&AES_128, &aead::AES_128_GCM),
        24 => (&AES_192, &aead::AES_192_GCM),
        32 => (&AES_256, &aead::AES_256_GCM),
        _ => return Err(unsupported("AES has no key of this length")),
    };
    let mode = parameters.block_cipher_mode.ok_or_else(|| bad("AES needs a Block Cipher Mode"))?;
    let padding = parameters.padding_method.unwrap_or(PaddingMethod::None);
    let padded = match padding {
        PaddingMethod::None => false,
        PaddingMethod::Pkcs5 => true,
        _ => return Err(unsupported(format!("the padding {padding} is not supported with AES"))),
    };
    match mode {
        BlockCipherMode::Cbc | BlockCipherMode::Ecb => Ok(Cipher::Block(mode, block, padded)),
        // These need no padding, so they have none.
        BlockCipherMode::Ctr | BlockCipherMode::Cfb | BlockCipherMode::Ofb => {
            Ok(Cipher::Block(mode, block, false))
        }
        BlockCipherMode::Gcm => Ok(Cipher::Authenticated(authenticated, Some(block))),
        _ => Err(unsupported(format!("the mode {mode} is not supported"))),
    }
}

/// The initialization vector: the request's, or a random one if the parameters ask for that.
fn iv(
    given: Option<&[u8]>,
    length: usize,
    parameters: &CryptographicParameters,
) -> Result<(Vec<u8>, bool), Failure> {
    if let Some(given) = given {
        if given.len() != length {
            return Err(bad("the IV/Counter/Nonce has not the length that the mode takes"));
        }
        return Ok((given.to_vec(), false));
    }
    if parameters.random_iv != Some(true) {
        let message = "the mode needs an IV/Counter/Nonce, and Random IV is not asked for";
        return Err(Failure::new(ResultReason::MissingInitializationVector, message));
    }
    if parameters.iv_length.is_some_and(|bits| usize::try_from(bits) != Ok(length * 8)) {
        return Err(bad("the IV Length is not the one that the mode takes"));
    }
    Ok((random(length)?.reveal().to_vec(), true))
}

/// The length of the authentication tag in bytes.
fn tag_length(parameters: &CryptographicParameters) -> Result<usize, Failure> {
    let length = parameters.tag_length.map_or(Ok(BLOCK), usize::try_from);
    // SP 800-38D section 5.2.1.2.
    let valid = length.ok().filter(|length| matches!(length, 4 | 8 | 12..=16));
    valid.ok_or_else(|| bad("the Tag Length is not one that the mode has"))
}

/// Encrypts with a symmetric key.
pub(crate) fn encrypt(
    algorithm: CryptographicAlgorithm,
    key: &[u8],
    parameters: &CryptographicParameters,
    data: &[u8],
    given_iv: Option<&[u8]>,
    additional: &[u8],
) -> Result<Encrypted, Failure> {
    let failed = |_| cryptographic_failure("encrypting");
    match cipher(algorithm, key, parameters)? {
        Cipher::Authenticated(algorithm, _) => {
            let tag_length = tag_length(parameters)?;
            let (iv, made) = iv(given_iv, NONCE, parameters)?;
            let mut data = Zeroizing::new(data.to_vec());
            let mut tag = seal(algorithm, key, &iv, additional, &mut data)?;
            tag.truncate(tag_length);
            Ok(Encrypted { data: data.into(), iv: made.then_some(iv), tag: Some(tag) })
        }
        Cipher::Block(mode, algorithm, padded) => {
            let (iv, made) = match mode {
                BlockCipherMode::Ecb => (Vec::new(), false),
                _ => iv(given_iv, BLOCK, parameters)?,
            };
            let key = UnboundCipherKey::new(algorithm, key).map_err(failed)?;
            let mut data = with_room(data, BLOCK);
            let context = match vector(&iv) {
                Some(iv) => EncryptionContext::Iv128(iv),
                None => EncryptionContext::None,
            };
            if padded {
                let key = match mode {
                    BlockCipherMode::Ecb => PaddedBlockEncryptingKey::ecb_pkcs7(key),
                    _ => PaddedBlockEncryptingKey::cbc_pkcs7(key),
                };
                let key = key.map_err(failed)?;
                key.less_safe_encrypt(&mut *data, context).map_err(failed)?;
            } else {
                let key = match mode {
                    BlockCipherMode::Ecb => EncryptingKey::ecb(key),
                    BlockCipherMode::Ctr => EncryptingKey::ctr(key),
                    BlockCipherMode::Cfb => EncryptingKey::cfb128(key),
                    BlockCipherMode::Ofb => EncryptingKey::ofb(key),
                    _ => EncryptingKey::cbc(key),
                };
                let key = key.map_err(failed)?;
                key.less_safe_encrypt(&mut data, context).map_err(failed)?;
            }
            Ok(Encrypted { data: data.into(), iv: made.then_some(iv), tag: None })
        }
    }
}

/// Decrypts with a symmetric key.
pub(crate) fn decrypt(
    algorithm: CryptographicAlgorithm,
    key: &[u8],
    parameters: &CryptographicParameters,
    data: &[u8],
    given_iv: Option<&[u8]>,
    additional: &[u8],
    tag: Option<&[u8]>,
) -> Result<SecretBytes, Failure> {
    let failed = |_| cryptographic_failure("decrypting");
    // What the server makes up cannot decrypt what was encrypted with something else.
    let parameters = &CryptographicParameters { random_iv: None, ..parameters.clone() };
    match cipher(algorithm, key, parameters)? {
        Cipher::Authenticated(algorithm, block) => {
            let tag = tag.ok_or_else(|| bad("there is no Authenticated Encryption Tag"))?;
            let length = if parameters.tag_length.is_some() { tag_length(parameters)? } else { tag.len() };
            if tag.len() != length || !matches!(length, 4 | 8 | 12..=BLOCK) {
                return Err(cryptographic_failure("decrypting"));
            }
            let (iv, _) = iv(given_iv, NONCE, parameters)?;
            let mut data = Zeroizing::new(data.to_vec());
            match block {
                Some(block) if length < BLOCK => {
                    open_truncated(algorithm, block, key, &iv, additional, tag, &mut data)?;
                }
                _ => {
                    let key = UnboundKey::new(algorithm, key).map(LessSafeKey::new).map_err(failed)?;
                    let nonce = Nonce::try_assume_unique_for_key(&iv).map_err(failed)?;
                    key.open_in_place_separate_tag(nonce, Aad::from(additional), tag, &mut data)
                        .map_err(failed)?;
                }
            }
            Ok(data.into())
        }
        Cipher::Block(mode, algorithm, padded) => {
            let iv = match mode {
                BlockCipherMode::Ecb => Vec::new(),
                _ => iv(given_iv, BLOCK, parameters)?.0,
            };
            let key = UnboundCipherKey::new(algorithm, key).map_err(failed)?;
            let mut data = Zeroizing::new(data.to_vec());
            let context = match vector(&iv) {
                Some(iv) => DecryptionContext::Iv128(iv),
                None => DecryptionContext::None,
            };
            if padded {
                let key = match mode {
                    BlockCipherMode::Ecb => PaddedBlockDecryptingKey::ecb_pkcs7(key),
                    _ => PaddedBlockDecryptingKey::cbc_pkcs7(key),
                };
                let key = key.map_err(failed)?;
                let length = key.decrypt(&mut data, context).map_err(failed)?.len();
                data.truncate(length);
            } else {
                let key = match mode {
                    BlockCipherMode::Ecb => DecryptingKey::ecb(key),
                    BlockCipherMode::Ctr => DecryptingKey::ctr(key),
                    BlockCipherMode::Cfb => DecryptingKey::cfb128(key),
                    BlockCipherMode::Ofb => DecryptingKey::ofb(key),
                    _ => DecryptingKey::cbc(key),
                };
                let key = key.map_err(failed)?;
                key.decrypt(&mut data, context).map_err(failed)?;
            }
            Ok(data.into())
        }
    }
}

/// A copy with room for padding, so that growing leaves no plaintext behind.
fn with_room(data: &[u8], padding: usize) -> Zeroizing<Vec<u8>> {
    let mut copy = Zeroizing::new(Vec::with_capacity(data.len().saturating_add(padding)));
    copy.extend_from_slice(data);
    copy
}

fn vector(iv: &[u8]) -> Option<FixedLength<BLOCK>> {
    FixedLength::try_from(iv).ok()
}

/// Encrypts in place and returns the whole tag.
fn seal(
    algorithm: &'static aead::Algorithm,
    key: &[u8],
    iv: &[u8],
    additional: &[u8],
    data: &mut [u8],
) -> Result<Vec<u8>, Failure> {
    let failed = |_| cryptographic_failure("encrypting");
    let key = UnboundKey::new(algorithm, key).map(LessSafeKey::new).map_err(failed)?;
    let nonce = Nonce::try_assume_unique_for_key(iv).map_err(failed)?;
    let tag = key.seal_in_place_separate_tag(nonce, Aad::from(additional), data).map_err(failed)?;
    Ok(tag.as_ref().to_vec())
}

/// Decrypts GCM in place with a tag that is cut short, which the library does not take: what GCM does is
/// counter mode, so that is undone first, and encrypting again gives the tag to compare.
fn open_truncated(
    algorithm: &'static aead::Algorithm,
    block: &'static Algorithm,
    key: &[u8],
    iv: &[u8],
    additional: &[u8],
    tag: &[u8],
    data: &mut [u8],
) -> Result<(), Failure> {
    let failed = |_| cryptographic_failure("decrypting");
    // The first counter block of the data (SP 800-38D sections 7.1 and 6.2).
    let mut counter = [0; BLOCK];
    let (nonce, number) = counter.split_at_mut(NONCE);
    nonce.copy_from_slice(iv);
    number.copy_from_slice(&2_u32.to_be_bytes());
    let bound = UnboundCipherKey::new(block, key).and_then(DecryptingKey::ctr).map_err(failed)?;
    bound.decrypt(data, DecryptionContext::Iv128(counter.into())).map_err(failed)?;
    let mut again = Zeroizing::new(data.to_vec());
    let whole = seal(algorithm, key, iv, additional, &mut again)?;
    verify_slices_are_equal(&whole[..tag.len()], tag).map_err(failed)
}

#[cfg(test)]
mod tests;
