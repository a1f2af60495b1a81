//! AES Key Wrap, with padding and without, and AES-GCM, over bytes.

use aes_kw::aes::{Aes128, Aes192, Aes256};
use aes_kw::cipher::consts::U16;
use aes_kw::cipher::{BlockCipherDecrypt, BlockCipherEncrypt};
use aes_kw::{AesKw, AesKwp, InnerInit, KeyInit};
use aws_lc_rs::aead::{self, AES_128_GCM, AES_192_GCM, AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use kmip_types::SecretBytes;
use zeroize::Zeroizing;

use super::{WrapError, WrapMode};

/// A block of AES Key Wrap, in bytes.
const SEMIBLOCK: usize = 8;

/// The wrapped bytes, and the nonce if there is one.
pub(super) fn wrap(
    mode: WrapMode,
    key: &SecretBytes,
    plaintext: &[u8],
) -> Result<(SecretBytes, Option<Vec<u8>>), WrapError> {
    check_length(mode, plaintext.len())?;
    if mode == WrapMode::AesGcm {
        return seal(key, plaintext).ok_or(WrapError::Cryptography);
    }
    let wrapped = match key.reveal().len() {
        16 => key_wrap::<Aes128>(mode, key, plaintext),
        24 => key_wrap::<Aes192>(mode, key, plaintext),
        _ => key_wrap::<Aes256>(mode, key, plaintext),
    };
    wrapped.map(|wrapped| (wrapped.into(), None)).ok_or(WrapError::Cryptography)
}

/// What was wrapped.
pub(super) fn unwrap(
    mode: WrapMode,
    key: &SecretBytes,
    wrapped: &[u8],
    nonce: Option<&[u8]>,
) -> Result<SecretBytes, WrapError> {
    if mode == WrapMode::AesGcm {
        let nonce = nonce.unwrap_or_default();
        let found = nonce.len();
        let expected = mode.nonce_length();
        let nonce =
            Nonce::try_assume_unique_for_key(nonce).map_err(|_| WrapError::Nonce { expected, found })?;
        return open(key, wrapped, nonce).ok_or(WrapError::Refused);
    }
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
        WrapMode::AesGcm => (true, ""),
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
