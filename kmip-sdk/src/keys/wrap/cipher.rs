//! What wraps bytes: AES Key Wrap, with padding and without, AES-GCM and RSA; and what makes MACs of them.

use aes_kw::aes::{Aes128, Aes192, Aes256};
use aes_kw::cipher::consts::U16;
use aes_kw::cipher::{BlockCipherDecrypt, BlockCipherEncrypt};
use aes_kw::{AesKw, AesKwp, InnerInit, KeyInit};
use aws_lc_rs::aead::{self, AES_128_GCM, AES_192_GCM, AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::rsa::{
    OAEP_SHA1_MGF1SHA1, OAEP_SHA256_MGF1SHA256, OAEP_SHA384_MGF1SHA384, OAEP_SHA512_MGF1SHA512,
    OaepAlgorithm, OaepPrivateDecryptingKey, OaepPublicEncryptingKey, Pkcs1PrivateDecryptingKey,
    Pkcs1PublicEncryptingKey, PrivateDecryptingKey, PublicEncryptingKey,
};
use aws_lc_rs::{cmac, digest, hmac};
use kmip_types::SecretBytes;
use kmip_types::enumerations::{HashingAlgorithm, KeyFormatType};
use kmip_types::object::KeyMaterial;
use zeroize::Zeroizing;

use super::block::{Authentication, Encryption};
use super::{Key, MacMode, WrapError, WrapMode};
use crate::keys::{PrivateKey, PublicKey, oaep as padding, rsa};

/// A block of AES Key Wrap, in bytes.
const SEMIBLOCK: usize = 8;

/// A key that encrypts, in a mode.
pub(super) struct Cipher<'a> {
    pub(super) mode: WrapMode,
    pub(super) key: &'a Key,
}

impl Encryption<WrapError> for Cipher<'_> {
    fn encrypt(&self, bytes: &[u8]) -> Result<(SecretBytes, Option<Vec<u8>>), WrapError> {
        match (self.key, self.mode) {
            (Key::Aes(key), WrapMode::AesKeyWrap | WrapMode::AesKeyWrapWithPadding) => {
                Ok((wrap(self.mode, key, bytes)?, None))
            }
            (Key::Aes(key), WrapMode::AesGcm) => seal(key, bytes).ok_or(WrapError::Cryptography),
            (
                Key::Rsa { public, .. },
                WrapMode::RsaOaep(_) | WrapMode::RsaOaepWithMask { .. } | WrapMode::RsaPkcs1,
            ) => Ok((rsa_encrypt(self.mode, public, bytes)?, None)),
            (Key::Aes(_) | Key::Rsa { .. }, mode) => Err(WrapError::OtherAlgorithm { mode }),
        }
    }

    fn decrypt(&self, bytes: &[u8], nonce: Option<&[u8]>) -> Result<SecretBytes, WrapError> {
        match (self.key, self.mode) {
            (Key::Aes(key), WrapMode::AesKeyWrap | WrapMode::AesKeyWrapWithPadding) => {
                unwrap(self.mode, key, bytes)
            }
            (Key::Aes(key), WrapMode::AesGcm) => {
                let nonce = nonce.unwrap_or_default();
                let (expected, found) = (self.mode.nonce_length(), nonce.len());
                let nonce = Nonce::try_assume_unique_for_key(nonce)
                    .map_err(|_| WrapError::Nonce { expected, found })?;
                open(key, bytes, nonce).ok_or(WrapError::Refused)
            }
            (
                Key::Rsa { private, .. },
                WrapMode::RsaOaep(_) | WrapMode::RsaOaepWithMask { .. } | WrapMode::RsaPkcs1,
            ) => {
                let private = private.as_ref().ok_or(WrapError::NoPrivateKey)?;
                rsa_decrypt(self.mode, private, bytes)
            }
            (Key::Aes(_) | Key::Rsa { .. }, mode) => Err(WrapError::OtherAlgorithm { mode }),
        }
    }
}

/// A key that makes MACs.
pub(super) struct Code<'a> {
    pub(super) mode: MacMode,
    pub(super) key: &'a SecretBytes,
}

impl Authentication<WrapError> for Code<'_> {
    fn authenticate(&self, bytes: &[u8]) -> Result<Vec<u8>, WrapError> {
        let mode = self.mode;
        let unsupported = || WrapError::UnsupportedMac { mode: Some(mode) };
        match mode {
            MacMode::Hmac(hash) => {
                let algorithm = match hash {
                    HashingAlgorithm::Sha1 => hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY,
                    HashingAlgorithm::Sha224 => hmac::HMAC_SHA224,
                    HashingAlgorithm::Sha256 => hmac::HMAC_SHA256,
                    HashingAlgorithm::Sha384 => hmac::HMAC_SHA384,
                    HashingAlgorithm::Sha512 => hmac::HMAC_SHA512,
                    _ => return Err(unsupported()),
                };
                Ok(hmac::sign(&hmac::Key::new(algorithm, self.key.reveal()), bytes).as_ref().to_vec())
            }
            MacMode::Cmac => {
                let algorithm = match self.key.reveal().len() {
                    16 => cmac::AES_128,
                    24 => cmac::AES_192,
                    32 => cmac::AES_256,
                    _ => return Err(unsupported()),
                };
                let key =
                    cmac::Key::new(algorithm, self.key.reveal()).map_err(|_| WrapError::Cryptography)?;
                let code = cmac::sign(&key, bytes).map_err(|_| WrapError::Cryptography)?;
                Ok(code.as_ref().to_vec())
            }
        }
    }

    fn is_authentic(&self, bytes: &[u8], code: &[u8]) -> Result<bool, WrapError> {
        Ok(verify_slices_are_equal(&self.authenticate(bytes)?, code).is_ok())
    }
}

/// Bytes wrapped by AES Key Wrap, with padding or without.
///
/// # Errors
/// The mode does not take so many bytes, or the key is none of AES.
pub(crate) fn wrap(mode: WrapMode, key: &SecretBytes, plaintext: &[u8]) -> Result<SecretBytes, WrapError> {
    check_length(mode, plaintext.len())?;
    let wrapped = match key.reveal().len() {
        16 => key_wrap::<Aes128>(mode, key, plaintext),
        24 => key_wrap::<Aes192>(mode, key, plaintext),
        _ => key_wrap::<Aes256>(mode, key, plaintext),
    };
    wrapped.map(SecretBytes::from).ok_or(WrapError::Cryptography)
}

/// What was wrapped by AES Key Wrap, with padding or without.
///
/// # Errors
/// It was wrapped by another key, or changed.
pub(crate) fn unwrap(mode: WrapMode, key: &SecretBytes, wrapped: &[u8]) -> Result<SecretBytes, WrapError> {
    let unwrapped = match key.reveal().len() {
        16 => key_unwrap::<Aes128>(mode, key, wrapped),
        24 => key_unwrap::<Aes192>(mode, key, wrapped),
        _ => key_unwrap::<Aes256>(mode, key, wrapped),
    };
    unwrapped.map(SecretBytes::from).ok_or(WrapError::Refused)
}

fn check_length(mode: WrapMode, length: usize) -> Result<(), WrapError> {
    let (fits, expected) = match mode {
        WrapMode::AesKeyWrap => (
            length.is_multiple_of(SEMIBLOCK) && length >= 2 * SEMIBLOCK,
            "it takes whole blocks of 8, at least two; with padding (RFC 5649) any",
        ),
        WrapMode::AesKeyWrapWithPadding => {
            (length > 0 && u32::try_from(length).is_ok(), "it takes 1 to 4 294 967 295")
        }
        _ => (true, ""),
    };
    if fits { Ok(()) } else { Err(WrapError::Length { mode, length, expected }) }
}

fn key_wrap<C>(mode: WrapMode, key: &SecretBytes, plaintext: &[u8]) -> Option<Vec<u8>>
where
    C: BlockCipherEncrypt<BlockSize = U16> + KeyInit,
{
    let cipher = C::new_from_slice(key.reveal()).ok()?;
    let mut wrapped = vec![0; plaintext.len().next_multiple_of(SEMIBLOCK) + SEMIBLOCK];
    match mode {
        WrapMode::AesKeyWrap => AesKw::inner_init(cipher).wrap_key(plaintext, &mut wrapped).ok()?,
        _ => AesKwp::inner_init(cipher).wrap_key(plaintext, &mut wrapped).ok()?,
    };
    Some(wrapped)
}

fn key_unwrap<C>(mode: WrapMode, key: &SecretBytes, wrapped: &[u8]) -> Option<Zeroizing<Vec<u8>>>
where
    C: BlockCipherDecrypt<BlockSize = U16> + KeyInit,
{
    let length = wrapped.len().checked_sub(SEMIBLOCK)?;
    let least = if mode == WrapMode::AesKeyWrap { 2 * SEMIBLOCK } else { SEMIBLOCK };
    if !wrapped.len().is_multiple_of(SEMIBLOCK) || length < least {
        return None;
    }
    let cipher = C::new_from_slice(key.reveal()).ok()?;
    let mut plaintext = Zeroizing::new(vec![0; length]);
    let length = match mode {
        WrapMode::AesKeyWrap => AesKw::inner_init(cipher).unwrap_key(wrapped, &mut plaintext).ok()?.len(),
        _ => AesKwp::inner_init(cipher).unwrap_key(wrapped, &mut plaintext).ok()?.len(),
    };
    plaintext.truncate(length);
    Some(plaintext)
}

fn gcm(key: &SecretBytes) -> Option<LessSafeKey> {
    let algorithm = match key.reveal().len() {
        16 => &AES_128_GCM,
        24 => &AES_192_GCM,
        _ => &AES_256_GCM,
    };
    Some(LessSafeKey::new(UnboundKey::new(algorithm, key.reveal()).ok()?))
}

fn seal(key: &SecretBytes, plaintext: &[u8]) -> Option<(SecretBytes, Option<Vec<u8>>)> {
    let key = gcm(key)?;
    let mut nonce = [0; aead::NONCE_LEN];
    crate::random::fill(&mut nonce).ok()?;
    let mut sealed = Zeroizing::new(Vec::with_capacity(plaintext.len() + key.algorithm().tag_len()));
    sealed.extend_from_slice(plaintext);
    key.seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::empty(), &mut *sealed).ok()?;
    Some((sealed.into(), Some(nonce.to_vec())))
}

fn open(key: &SecretBytes, sealed: &[u8], nonce: Nonce) -> Option<SecretBytes> {
    let key = gcm(key)?;
    let mut plaintext = Zeroizing::new(sealed.to_vec());
    let length = key.open_in_place(nonce, Aad::empty(), &mut plaintext).ok()?.len();
    plaintext.truncate(length);
    Some(plaintext.into())
}

/// OAEP by its hash, if the library has it.
fn oaep(hash: HashingAlgorithm) -> Option<&'static OaepAlgorithm> {
    match hash {
        HashingAlgorithm::Sha1 => Some(&OAEP_SHA1_MGF1SHA1),
        HashingAlgorithm::Sha256 => Some(&OAEP_SHA256_MGF1SHA256),
        HashingAlgorithm::Sha384 => Some(&OAEP_SHA384_MGF1SHA384),
        HashingAlgorithm::Sha512 => Some(&OAEP_SHA512_MGF1SHA512),
        _ => None,
    }
}

fn too_long(mode: WrapMode, bytes: &[u8]) -> WrapError {
    let expected = "it takes what fits into the modulus with the padding";
    WrapError::Length { mode, length: bytes.len(), expected }
}

/// A hash of OAEP's, if the library has it.
fn algorithm_of(hash: HashingAlgorithm) -> Result<&'static digest::Algorithm, WrapError> {
    use HashingAlgorithm as H;
    Ok(match hash {
        H::Sha1 => &digest::SHA1_FOR_LEGACY_USE_ONLY,
        H::Sha224 => &digest::SHA224,
        H::Sha256 => &digest::SHA256,
        H::Sha384 => &digest::SHA384,
        H::Sha512 => &digest::SHA512,
        H::Sha512_256 => &digest::SHA512_256,
        H::Sha3_256 => &digest::SHA3_256,
        H::Sha3_384 => &digest::SHA3_384,
        H::Sha3_512 => &digest::SHA3_512,
        _ => return Err(WrapError::UnsupportedMode { mode: None }),
    })
}

/// The hash of parts one after the other.
fn hashed(algorithm: &'static digest::Algorithm, parts: &[&[u8]]) -> Vec<u8> {
    let mut context = digest::Context::new(algorithm);
    parts.iter().for_each(|part| context.update(part));
    context.finish().as_ref().to_vec()
}

/// OAEP with two hashes, which the library has not.
fn encrypt_oaep(
    mode: WrapMode,
    public: &[u8],
    (hash, mask_hash): (HashingAlgorithm, HashingAlgorithm),
    bytes: &[u8],
) -> Result<SecretBytes, WrapError> {
    let size = rsa::size(public).ok_or(WrapError::Cryptography)?;
    let (label_hash, mask_hash) = (hashed(algorithm_of(hash)?, &[]), algorithm_of(mask_hash)?);
    let mut seed = Zeroizing::new(vec![0; label_hash.len()]);
    crate::random::fill(&mut seed).map_err(|_| WrapError::Cryptography)?;
    let block = padding::pad(size, &label_hash, &seed, bytes, |parts| Ok(hashed(mask_hash, parts)))?
        .ok_or_else(|| too_long(mode, bytes))?;
    let wrapped = rsa::public_operation(public, &block).ok_or(WrapError::Cryptography)?;
    Ok(wrapped.into())
}

fn decrypt_oaep(
    private: &SecretBytes,
    (hash, mask_hash): (HashingAlgorithm, HashingAlgorithm),
    wrapped: &[u8],
) -> Result<SecretBytes, WrapError> {
    let (label_hash, mask_hash) = (hashed(algorithm_of(hash)?, &[]), algorithm_of(mask_hash)?);
    let block = rsa::private_operation(private, wrapped).ok_or(WrapError::Refused)?;
    let plaintext = padding::unpad(block, &label_hash, |parts| Ok(hashed(mask_hash, parts)))?
        .ok_or(WrapError::Refused)?;
    Ok(plaintext.into())
}

fn rsa_encrypt(mode: WrapMode, public: &[u8], bytes: &[u8]) -> Result<SecretBytes, WrapError> {
    let failed = || WrapError::Cryptography;
    if let WrapMode::RsaOaepWithMask { hash, mask_hash } = mode {
        return encrypt_oaep(mode, public, (hash, mask_hash), bytes);
    }
    let spki = PublicKey::Rsa(public.to_vec()).to_spki().ok_or_else(failed)?;
    let key = PublicEncryptingKey::from_der(&spki).map_err(|_| failed())?;
    let length = too_long(mode, bytes);
    let mut wrapped = vec![0; key.key_size_bytes()];
    let taken = match mode {
        WrapMode::RsaOaep(hash) => {
            let algorithm = oaep(hash).ok_or(WrapError::UnsupportedMode { mode: None })?;
            let key = OaepPublicEncryptingKey::new(key).map_err(|_| failed())?;
            key.encrypt(algorithm, bytes, &mut wrapped, None).map(|wrapped| wrapped.len())
        }
        _ => {
            let key = Pkcs1PublicEncryptingKey::new(key).map_err(|_| failed())?;
            key.encrypt(bytes, &mut wrapped).map(|wrapped| wrapped.len())
        }
    };
    wrapped.truncate(taken.map_err(|_| length)?);
    Ok(wrapped.into())
}

fn rsa_decrypt(mode: WrapMode, private: &SecretBytes, wrapped: &[u8]) -> Result<SecretBytes, WrapError> {
    let failed = || WrapError::Cryptography;
    if let WrapMode::RsaOaepWithMask { hash, mask_hash } = mode {
        return decrypt_oaep(private, (hash, mask_hash), wrapped);
    }
    let Some(KeyMaterial::Bytes(pkcs8)) = PrivateKey::Rsa(private.clone()).to_material(KeyFormatType::Pkcs8)
    else {
        return Err(failed());
    };
    let key = PrivateDecryptingKey::from_pkcs8(pkcs8.reveal()).map_err(|_| failed())?;
    let mut plaintext = Zeroizing::new(vec![0; key.key_size_bytes()]);
    let taken = match mode {
        WrapMode::RsaOaep(hash) => {
            let algorithm = oaep(hash).ok_or(WrapError::UnsupportedMode { mode: None })?;
            let key = OaepPrivateDecryptingKey::new(key).map_err(|_| failed())?;
            key.decrypt(algorithm, wrapped, &mut plaintext, None).map(|plaintext| plaintext.len())
        }
        _ => {
            let key = Pkcs1PrivateDecryptingKey::new(key).map_err(|_| failed())?;
            key.decrypt(wrapped, &mut plaintext).map(|plaintext| plaintext.len())
        }
    };
    plaintext.truncate(taken.map_err(|_| WrapError::Refused)?);
    Ok(plaintext.into())
}
