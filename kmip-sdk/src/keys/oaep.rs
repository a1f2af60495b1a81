//! OAEP (RFC 8017 section 7.1) with any two hashes, the one of the mask its own: what is put around data, and taken away, before
//! and after the numbers of RSA are worked with.

use zeroize::Zeroizing;

/// A block with data in it, as long as the modulus; nothing where there is no room for so much.
///
/// # Errors
/// The hash of the mask fails.
pub(crate) fn pad<E>(
    size: usize,
    label_hash: &[u8],
    seed: &[u8],
    data: &[u8],
    mask_hash: impl Fn(&[&[u8]]) -> Result<Vec<u8>, E>,
) -> Result<Option<Zeroizing<Vec<u8>>>, E> {
    let length = label_hash.len();
    let Some(filled) = size.checked_sub(data.len().saturating_add(2 * length + 2)) else { return Ok(None) };
    let mut block = Zeroizing::new(vec![0; size]);
    let (masked_seed, masked) = block[1..].split_at_mut(length);
    masked_seed.copy_from_slice(seed);
    masked[..length].copy_from_slice(label_hash);
    masked[length + filled] = 1;
    masked[length + filled + 1..].copy_from_slice(data);
    add_mask(&mask_hash, masked_seed, masked)?;
    add_mask(&mask_hash, masked, masked_seed)?;
    Ok(Some(block))
}

/// The data in a block; nothing where it is none. What is wrong with it takes no time of its own.
///
/// # Errors
/// The hash of the mask fails.
pub(crate) fn unpad<E>(
    mut block: Zeroizing<Vec<u8>>,
    label_hash: &[u8],
    mask_hash: impl Fn(&[&[u8]]) -> Result<Vec<u8>, E>,
) -> Result<Option<Zeroizing<Vec<u8>>>, E> {
    let length = label_hash.len();
    if block.len() < 2 * length + 2 {
        return Ok(None);
    }
    let (first, rest) = block.split_at_mut(1);
    let (seed, masked) = rest.split_at_mut(length);
    add_mask(&mask_hash, masked, seed)?;
    add_mask(&mask_hash, seed, masked)?;
    // All bits are set where something is wrong, where the 1 before the data was found, and where a byte is zero.
    let zero = |byte: u8| (u16::from(byte).wrapping_sub(1) >> 8).to_le_bytes()[0];
    let mut wrong = !zero(first[0]);
    for (found, due) in masked.iter().zip(label_hash) {
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
        return Ok(None);
    }
    Ok(Some(Zeroizing::new(masked[at + 1..].to_vec())))
}

/// MGF1 (RFC 8017 appendix B.2.1): adds the mask of a seed.
///
/// # Errors
/// The hash fails.
pub(crate) fn add_mask<E>(
    hash: impl Fn(&[&[u8]]) -> Result<Vec<u8>, E>,
    seed: &[u8],
    data: &mut [u8],
) -> Result<(), E> {
    let length = hash(&[])?.len().max(1);
    for (counter, part) in (0_u32..).zip(data.chunks_mut(length)) {
        let mask = Zeroizing::new(hash(&[seed, &counter.to_be_bytes()])?);
        part.iter_mut().zip(mask.iter()).for_each(|(byte, mask)| *byte ^= mask);
    }
    Ok(())
}
