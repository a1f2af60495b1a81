//! OAEP (RFC 8017 section 7.1) and PSS (section 9.1) with any two hashes, the one of the mask its own, and X9.31, over the numbers
//! of the library that knows RSA: it has OAEP and PSS by types, PSS with one hash only, and X9.31 not at all.

use aws_lc_rs::constant_time::verify_slices_are_equal;
use kmip_types::enumerations::HashingAlgorithm;
use rsa::hazmat::{rsa_decrypt_and_check, rsa_encrypt};
use rsa::traits::PublicKeyParts;
use rsa::{BoxedUint, PrivateKey, PublicKey};
use zeroize::Zeroizing;

use super::cryptographic_failure;
use super::hash;
use super::random::{Generator, random};
use crate::answer::Failure;
use crate::keys::oaep;

/// The hash of what is padded, and that of the mask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Hashes {
    pub(super) hash: HashingAlgorithm,
    pub(super) mask_hash: HashingAlgorithm,
}

/// Encrypts with OAEP.
pub(super) fn encrypt_oaep(
    key: &PublicKey,
    hashes: Hashes,
    label: &[u8],
    data: &[u8],
) -> Result<Vec<u8>, Failure> {
    let label_hash = hash::hash(hashes.hash, label)?;
    let seed = random(label_hash.len())?;
    let block = oaep::pad(key.size(), &label_hash, seed.reveal(), data, mask_hash(hashes))?;
    let block = block.ok_or_else(|| cryptographic_failure("encrypting so much data"))?;
    public_operation(key, &block)
}

/// Decrypts with OAEP. Why it fails is not said, and takes no time of its own.
pub(super) fn decrypt_oaep(
    key: &PrivateKey,
    hashes: Hashes,
    label: &[u8],
    data: &[u8],
) -> Result<Zeroizing<Vec<u8>>, Failure> {
    let failed = || cryptographic_failure("decrypting");
    let label_hash = hash::hash(hashes.hash, label)?;
    if data.len() != key.size() || key.size() < 2 * label_hash.len() + 2 {
        return Err(failed());
    }
    let block = private_operation(key, data).map_err(|_| failed())?;
    oaep::unpad(block, &label_hash, mask_hash(hashes))?.ok_or_else(failed)
}

/// Signs a hash with PSS and a salt of so many bytes.
pub(super) fn sign_pss(
    key: &PrivateKey,
    hashes: Hashes,
    salt_length: usize,
    digest: &[u8],
) -> Result<Vec<u8>, Failure> {
    let (size, unused) = encoded_size(key)?;
    let filled = size.checked_sub(salt_length.saturating_add(digest.len()).saturating_add(2));
    let filled = filled.ok_or_else(|| cryptographic_failure("signing with a key so short"))?;
    let salt = random(salt_length)?;
    let hashed = hash::hash(hashes.hash, &[&[0; 8], digest, salt.reveal()].concat())?;
    let mut block = vec![0; size];
    let (masked, end) = block.split_at_mut(size - hashed.len() - 1);
    masked[filled] = 1;
    masked[filled + 1..].copy_from_slice(salt.reveal());
    oaep::add_mask(mask_hash(hashes), &hashed, masked)?;
    masked[0] &= unused;
    end[..hashed.len()].copy_from_slice(&hashed);
    end[hashed.len()] = TRAILER;
    Ok(private_operation(key, &block)?.to_vec())
}

/// Whether a signature of a hash is right with PSS, and a salt of so many bytes or, if none is said, of any number.
pub(super) fn verify_pss(
    key: &PublicKey,
    hashes: Hashes,
    salt_length: Option<usize>,
    digest: &[u8],
    signature: &[u8],
) -> Result<bool, Failure> {
    let (size, unused) = encoded_size(key)?;
    if signature.len() != key.size() || size < digest.len() + 2 {
        return Ok(false);
    }
    let Ok(block) = public_operation(key, signature) else { return Ok(false) };
    let (before, block) = block.split_at(block.len() - size);
    let (masked, end) = block.split_at(size - digest.len() - 1);
    let (hashed, trailer) = end.split_at(digest.len());
    if before.iter().any(|byte| *byte != 0) || trailer != [TRAILER] || masked[0] & !unused != 0 {
        return Ok(false);
    }
    let mut unmasked = masked.to_vec();
    oaep::add_mask(mask_hash(hashes), hashed, &mut unmasked)?;
    unmasked[0] &= unused;
    let Some(one) = unmasked.iter().position(|byte| *byte != 0) else { return Ok(false) };
    let salt = &unmasked[one + 1..];
    if unmasked[one] != 1 || salt_length.is_some_and(|length| length != salt.len()) {
        return Ok(false);
    }
    let due = hash::hash(hashes.hash, &[&[0; 8], digest, salt].concat())?;
    Ok(verify_slices_are_equal(&due, hashed).is_ok())
}

/// What X9.31 calls a hash, in the byte before the last (ISO/IEC 10118).
pub(super) fn x9_31_hash(hash: HashingAlgorithm) -> Option<u8> {
    use HashingAlgorithm as H;
    Some(match hash {
        H::Ripemd160 => 0x31,
        H::Sha1 => 0x33,
        H::Sha256 => 0x34,
        H::Sha512 => 0x35,
        H::Sha384 => 0x36,
        H::Sha224 => 0x38,
        _ => return None,
    })
}

/// What is signed of a hash with X9.31: as long as the modulus.
fn x9_31_block(key: &impl PublicKeyParts, hash: HashingAlgorithm, digest: &[u8]) -> Result<Vec<u8>, Failure> {
    let failed = || cryptographic_failure("signing with a key of this length");
    let called = x9_31_hash(hash).ok_or_else(failed)?;
    // Of a modulus that is not whole bytes the first byte would be too large.
    let is_whole = key.n().bit_width().is_multiple_of(8);
    let filled = key.size().checked_sub(digest.len() + 4).filter(|_| is_whole).ok_or_else(failed)?;
    let mut block = vec![0xBB; key.size()];
    block[0] = 0x6B;
    block[filled + 1] = 0xBA;
    block[filled + 2..filled + 2 + digest.len()].copy_from_slice(digest);
    block[filled + 2 + digest.len()..].copy_from_slice(&[called, 0xCC]);
    Ok(block)
}

/// Signs a hash with X9.31: of the two numbers that are signatures, the smaller.
pub(super) fn sign_x9_31(
    key: &PrivateKey,
    hash: HashingAlgorithm,
    digest: &[u8],
) -> Result<Vec<u8>, Failure> {
    let block = x9_31_block(key, hash, digest)?;
    let one = number(key, &private_operation(key, &block)?)?;
    let other = key.n().wrapping_sub(&one);
    Ok(bytes(key, if other < one { &other } else { &one }).to_vec())
}

/// Whether a signature of a hash is right with X9.31. The larger of the two numbers is none.
pub(super) fn verify_x9_31(
    key: &PublicKey,
    hash: HashingAlgorithm,
    digest: &[u8],
    signature: &[u8],
) -> Result<bool, Failure> {
    let due = x9_31_block(key, hash, digest)?;
    if signature.len() != key.size() {
        return Ok(false);
    }
    let Ok(signed) = number(key, signature) else { return Ok(false) };
    if key.n().wrapping_sub(&signed) < signed {
        return Ok(false);
    }
    let found = public_operation(key, signature)?;
    let other = key.n().wrapping_sub(number(key, &found)?);
    Ok(found == due || *bytes(key, &other) == due)
}

/// The byte at the end of what PSS makes.
const TRAILER: u8 = 0xBC;

/// The length in bytes of what PSS makes for a key, and the bits of its first byte that are used.
fn encoded_size(key: &impl PublicKeyParts) -> Result<(usize, u8), Failure> {
    let bits = key.n().bit_width().saturating_sub(1);
    let size = usize::try_from(bits.div_ceil(8)).unwrap_or_default();
    let unused = u32::try_from(size.saturating_mul(8)).unwrap_or_default().saturating_sub(bits);
    if size == 0 {
        return Err(cryptographic_failure("taking the RSA key"));
    }
    Ok((size, 0xFF >> unused))
}

/// The hash of the mask, of parts one after the other.
fn mask_hash(hashes: Hashes) -> impl Fn(&[&[u8]]) -> Result<Vec<u8>, Failure> {
    move |parts| {
        let mut hash = hash::start(hashes.mask_hash)?;
        parts.iter().for_each(|part| hash.update(part));
        Ok(hash.finish())
    }
}

/// A number below the modulus, of bytes.
fn number(key: &impl PublicKeyParts, bytes: &[u8]) -> Result<BoxedUint, Failure> {
    let failed = || cryptographic_failure("a number that is not below the modulus");
    let number = BoxedUint::from_be_slice(bytes, key.n().bits_precision()).map_err(|_| failed())?;
    if number < *key.n().as_ref() { Ok(number) } else { Err(failed()) }
}

/// The bytes of a number, as many as the modulus has.
fn bytes(key: &impl PublicKeyParts, number: &BoxedUint) -> Zeroizing<Vec<u8>> {
    let all = Zeroizing::new(number.to_be_bytes().to_vec());
    let mut bytes = Zeroizing::new(vec![0; key.size()]);
    bytes.iter_mut().rev().zip(all.iter().rev()).for_each(|(byte, found)| *byte = *found);
    bytes
}

fn public_operation(key: &PublicKey, block: &[u8]) -> Result<Vec<u8>, Failure> {
    let number = number(key, block)?;
    let made = rsa_encrypt(key, &number).map_err(|_| cryptographic_failure("using the RSA key"))?;
    Ok(bytes(key, &made).to_vec())
}

fn private_operation(key: &PrivateKey, block: &[u8]) -> Result<Zeroizing<Vec<u8>>, Failure> {
    let number = number(key, block)?;
    let made = rsa_decrypt_and_check(key, Some(&mut Generator), &number);
    let made = Zeroizing::new(made.map_err(|_| cryptographic_failure("using the RSA key"))?);
    Ok(bytes(key, &made))
}
