//! OAEP (RFC 8017 section 7.1) and PSS (section 9.1) with any two hashes, the one of the mask its own, over the numbers of the
//! library that knows RSA: it has OAEP and PSS by types, and PSS with one hash only.

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
    let (size, length) = (key.size(), label_hash.len());
    let filled = size.checked_sub(data.len().saturating_add(2 * length + 2));
    let filled = filled.ok_or_else(|| cryptographic_failure("encrypting so much data"))?;
    let mut block = Zeroizing::new(vec![0; size]);
    let (seed, masked) = block[1..].split_at_mut(length);
    seed.copy_from_slice(random(length)?.reveal());
    masked[..length].copy_from_slice(&label_hash);
    masked[length + filled] = 1;
    masked[length + filled + 1..].copy_from_slice(data);
    add_mask(hashes.mask_hash, seed, masked)?;
    add_mask(hashes.mask_hash, masked, seed)?;
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
    let length = label_hash.len();
    if data.len() != key.size() || key.size() < 2 * length + 2 {
        return Err(failed());
    }
    let mut block = private_operation(key, data).map_err(|_| failed())?;
    let (first, rest) = block.split_at_mut(1);
    let (seed, masked) = rest.split_at_mut(length);
    add_mask(hashes.mask_hash, masked, seed)?;
    add_mask(hashes.mask_hash, seed, masked)?;
    // All bits are set where something is wrong, where the 1 before the data was found, and where a byte is zero.
    let zero = |byte: u8| (u16::from(byte).wrapping_sub(1) >> 8).to_le_bytes()[0];
    let mut wrong = !zero(first[0]);
    for (found, due) in masked.iter().zip(&label_hash) {
        wrong |= found ^ due;
    }
    let (mut is_found, mut at) = (0_u8, 0_usize);
    for (index, byte) in masked.iter().enumerate().skip(length) {
        let is_one = zero(byte ^ 1) & !is_found;
        wrong |= !is_found & !is_one & !zero(*byte);
        at |= index & 0_usize.wrapping_sub(usize::from(is_one & 1));
        is_found |= is_one;
    }
    wrong |= !is_found;
    if std::hint::black_box(wrong) != 0 {
        return Err(failed());
    }
    Ok(Zeroizing::new(masked[at + 1..].to_vec()))
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
    add_mask(hashes.mask_hash, &hashed, masked)?;
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
    add_mask(hashes.mask_hash, hashed, &mut unmasked)?;
    unmasked[0] &= unused;
    let Some(one) = unmasked.iter().position(|byte| *byte != 0) else { return Ok(false) };
    let salt = &unmasked[one + 1..];
    if unmasked[one] != 1 || salt_length.is_some_and(|length| length != salt.len()) {
        return Ok(false);
    }
    let due = hash::hash(hashes.hash, &[&[0; 8], digest, salt].concat())?;
    Ok(verify_slices_are_equal(&due, hashed).is_ok())
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

/// MGF1 (RFC 8017 appendix B.2.1): adds the mask of a seed.
fn add_mask(mask_hash: HashingAlgorithm, seed: &[u8], data: &mut [u8]) -> Result<(), Failure> {
    let length = hash::hash(mask_hash, &[])?.len();
    for (counter, part) in (0_u32..).zip(data.chunks_mut(length)) {
        let mut hash = hash::start(mask_hash)?;
        hash.update(seed);
        hash.update(&counter.to_be_bytes());
        let mask = Zeroizing::new(hash.finish());
        part.iter_mut().zip(mask.iter()).for_each(|(byte, mask)| *byte ^= mask);
    }
    Ok(())
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
