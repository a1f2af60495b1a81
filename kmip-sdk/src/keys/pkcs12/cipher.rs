//! Decryption by a password: PBES2, and what PKCS#12 had before it.

use aws_lc_rs::digest::SHA1_FOR_LEGACY_USE_ONLY;
use cbc::cipher::block_padding::Pkcs7;
use cbc::cipher::{BlockCipherDecrypt, BlockModeDecrypt, KeyInit, KeyIvInit};
use der::asn1::ObjectIdentifier;
use der::{Decode, SliceReader, Tag};
use des::{TdesEde2, TdesEde3};
use pkcs8::pkcs5::{EncryptionScheme, Error};
use rc2::Rc2;
use zeroize::Zeroizing;

use super::kdf::{Password, Purpose, derive};
use super::{iterations, sequence, value};
use crate::error::Pkcs12Problem;
use crate::keys::bounds::{is_bounded, work_of};

/// Password-based encryption by two derived values (RFC 8018 section 6.2).
const PBES2: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.5.13");

// With a key by SHA-1 (RFC 7292 appendix C).
const TRIPLE_DES_3: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.12.1.3");
const TRIPLE_DES_2: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.12.1.4");
const RC2_128: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.12.1.5");
const RC2_40: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.12.1.6");

/// The length of a block of DES and RC2, in bytes.
const BLOCK: usize = 8;

/// The plaintext of bytes that were encrypted by this AlgorithmIdentifier.
///
/// # Errors
/// The algorithm is none of those known, or the password is not the right one.
pub(super) fn decrypt(
    algorithm: &[u8],
    bytes: &[u8],
    password: &Password<'_>,
) -> Result<Zeroizing<Vec<u8>>, Pkcs12Problem> {
    let mut parameters = sequence(algorithm)?;
    let identifier = ObjectIdentifier::decode(&mut parameters)?;
    let mut buffer = Zeroizing::new(bytes.to_vec());
    let length = match identifier {
        PBES2 => by_pbes2(algorithm, password, &mut buffer)?,
        TRIPLE_DES_3 => by_block::<TdesEde3>(24, &mut parameters, password, &mut buffer)?,
        TRIPLE_DES_2 => by_block::<TdesEde2>(16, &mut parameters, password, &mut buffer)?,
        RC2_128 => by_block::<Rc2>(16, &mut parameters, password, &mut buffer)?,
        RC2_40 => by_block::<Rc2>(5, &mut parameters, password, &mut buffer)?,
        _ => return Err(Pkcs12Problem::UnsupportedAlgorithm),
    };
    buffer.truncate(length);
    Ok(buffer)
}

/// Decrypts in place, and says how long the plaintext is.
fn by_pbes2(algorithm: &[u8], password: &Password<'_>, buffer: &mut [u8]) -> Result<usize, Pkcs12Problem> {
    let Ok(scheme) = EncryptionScheme::try_from(algorithm) else {
        return Err(Pkcs12Problem::UnsupportedAlgorithm);
    };
    if !is_bounded(&scheme) {
        return Err(Pkcs12Problem::UnsupportedAlgorithm);
    }
    password.work(work_of(&scheme))?;
    match scheme.decrypt_in_place(password.text, buffer) {
        Ok(plaintext) => Ok(plaintext.len()),
        Err(Error::DecryptFailed | Error::EncryptFailed) => Err(Pkcs12Problem::WrongPassword),
        Err(_) => Err(Pkcs12Problem::UnsupportedAlgorithm),
    }
}

/// Decrypts in place, with the salt and the iterations of the parameters, and says how long the plaintext is.
fn by_block<C: BlockCipherDecrypt + KeyInit>(
    key_length: usize,
    parameters: &mut SliceReader<'_>,
    password: &Password<'_>,
    buffer: &mut [u8],
) -> Result<usize, Pkcs12Problem> {
    let mut parameters = SliceReader::new(value(parameters, Tag::Sequence)?)?;
    let salt = value(&mut parameters, Tag::OctetString)?;
    let iterations = iterations(&mut parameters)?;
    password.work(iterations.into())?;
    let mut key = Zeroizing::new(vec![0; key_length]);
    let mut iv = Zeroizing::new([0; BLOCK]);
    let sha1 = &SHA1_FOR_LEGACY_USE_ONLY;
    derive(sha1, Purpose::Key, password, salt, iterations, &mut key);
    derive(sha1, Purpose::Iv, password, salt, iterations, &mut *iv);
    let Ok(cipher) = cbc::Decryptor::<C>::new_from_slices(&key, &*iv) else {
        return Err(Pkcs12Problem::UnsupportedAlgorithm);
    };
    match cipher.decrypt_padded::<Pkcs7>(buffer) {
        Ok(plaintext) => Ok(plaintext.len()),
        Err(_) => Err(Pkcs12Problem::WrongPassword),
    }
}
