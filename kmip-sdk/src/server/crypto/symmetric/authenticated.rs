//! Modes with a tag that take data in parts: GCM (SP 800-38D) and ChaCha20-Poly1305 (RFC 8439).
//!
//! Decrypted parts are given out before the tag is known to be right, as the standard's streams have it; at once, nothing
//! is given out unless it is.

use aws_lc_rs::constant_time::verify_slices_are_equal;
use cbc::cipher::consts::U16;
use cbc::cipher::{Array, BlockCipherEncrypt, InnerIvInit, KeyIvInit, StreamCipher, StreamCipherCoreWrapper};
use ghash::GHash;
use ghash::universal_hash::UniversalHash;
use poly1305::Poly1305;
use zeroize::Zeroizing;

use super::modes::Block;
use super::{Direction, Inputs, Last, Stream, bad, is_none, key, unsupported};
use crate::answer::Failure;
use crate::server::crypto::cryptographic_failure;

/// The length in bytes of a block of the data, and of a whole tag.
const BLOCK: usize = 16;

/// A hash over blocks, of data that comes in parts.
struct Hash<H> {
    hash: H,
    /// The start of a block that is not whole.
    started: Zeroizing<[u8; BLOCK]>,
    used: usize,
    length: u64,
}

impl<H: UniversalHash<BlockSize = U16>> Hash<H> {
    fn new(hash: H) -> Self {
        Self { hash, started: Zeroizing::new([0; BLOCK]), used: 0, length: 0 }
    }

    fn update(&mut self, mut data: &[u8]) {
        self.length = self.length.saturating_add(data.len() as u64);
        if self.used > 0 {
            let (now, later) = data.split_at(data.len().min(BLOCK - self.used));
            self.started[self.used..self.used + now.len()].copy_from_slice(now);
            self.used += now.len();
            data = later;
            if self.used < BLOCK {
                return;
            }
            self.hash.update_padded(&*self.started);
            self.used = 0;
        }
        let whole = data.len() - data.len() % BLOCK;
        let (blocks, rest) = data.split_at(whole);
        self.hash.update_padded(blocks);
        self.started[..rest.len()].copy_from_slice(rest);
        self.used = rest.len();
    }

    /// Ends a field: a block that is not whole is filled with zeros. Gives the field's length in bytes.
    fn end(&mut self) -> u64 {
        self.hash.update_padded(&self.started[..self.used]);
        self.used = 0;
        std::mem::take(&mut self.length)
    }
}

/// A stream with a tag, whichever the hash and the way in which it takes lengths.
struct Authenticated<S, H> {
    direction: Direction,
    cipher: S,
    hash: Hash<H>,
    additional: u64,
    /// The block of the lengths of the two fields, in bytes.
    lengths: fn(u64, u64) -> [u8; BLOCK],
    /// What is added to the hash.
    mask: Zeroizing<[u8; BLOCK]>,
    tag_length: usize,
    /// The tag to compare, if it came first.
    tag: Option<Vec<u8>>,
}

impl<S: StreamCipher + Send, H: UniversalHash<BlockSize = U16> + Send> Stream for Authenticated<S, H> {
    fn update(&mut self, data: &[u8]) -> Result<Zeroizing<Vec<u8>>, Failure> {
        let mut output = Zeroizing::new(data.to_vec());
        if self.direction == Direction::Decrypt {
            self.hash.update(data);
        }
        let failed = |_| cryptographic_failure("encrypting so much data");
        self.cipher.try_apply_keystream(&mut output).map_err(failed)?;
        if self.direction == Direction::Encrypt {
            self.hash.update(&output);
        }
        Ok(output)
    }

    fn finish(mut self: Box<Self>, tag: Option<&[u8]>) -> Result<Last, Failure> {
        let length = self.hash.end();
        self.hash.hash.update_padded(&(self.lengths)(self.additional, length));
        let mut made: [u8; BLOCK] = self.hash.hash.finalize().into();
        made.iter_mut().zip(self.mask.iter()).for_each(|(byte, mask)| *byte ^= mask);
        let made = &made[..self.tag_length];
        if self.direction == Direction::Encrypt {
            return Ok((Zeroizing::default(), Some(made.to_vec())));
        }
        let tag =
            tag.or(self.tag.as_deref()).ok_or_else(|| bad("there is no Authenticated Encryption Tag"))?;
        verify_slices_are_equal(made, tag).map_err(|_| cryptographic_failure("decrypting"))?;
        Ok((Zeroizing::default(), None))
    }
}

/// GCM with a nonce of any length.
pub(super) fn gcm<C>(
    direction: Direction,
    inputs: Inputs<'_>,
    iv: &[u8],
    tag_length: usize,
) -> Result<Box<dyn Stream>, Failure>
where
    C: Block + BlockCipherEncrypt<BlockSize = U16>,
{
    if !is_none(inputs.parameters.padding_method) {
        return Err(unsupported("GCM has no padding"));
    }
    let cipher: C = key(inputs.key)?;
    let mut hash_key = Array::default();
    cipher.encrypt_block(&mut hash_key);
    let hash = || Hash::new(GHash::new(&hash_key));
    let bits = |bytes: u64| bytes.saturating_mul(8);
    // SP 800-38D section 7.1, step 2.
    let first: [u8; BLOCK] = match <[u8; 12]>::try_from(iv) {
        Ok(iv) => {
            let mut block = [0; BLOCK];
            block[..12].copy_from_slice(&iv);
            block[15] = 1;
            block
        }
        Err(_) => {
            let mut hash = hash();
            hash.update(iv);
            let length = hash.end();
            let mut block = [0; BLOCK];
            block[8..].copy_from_slice(&bits(length).to_be_bytes());
            hash.hash.update_padded(&block);
            hash.hash.finalize().into()
        }
    };
    let core = ctr::CtrCore::<C, ctr::flavors::Ctr32BE>::inner_iv_init(cipher, &first.into());
    let mut cipher = StreamCipherCoreWrapper::from_core(core);
    // The first block of the stream is for the tag.
    let mut mask = Zeroizing::new([0; BLOCK]);
    cipher.apply_keystream(&mut *mask);
    let mut hash = hash();
    hash.update(inputs.additional);
    let additional = hash.end();
    let lengths = |additional: u64, data: u64| {
        let mut block = [0; BLOCK];
        block[..8].copy_from_slice(&additional.saturating_mul(8).to_be_bytes());
        block[8..].copy_from_slice(&data.saturating_mul(8).to_be_bytes());
        block
    };
    let tag = inputs.tag.map(<[u8]>::to_vec);
    Ok(Box::new(Authenticated { direction, cipher, hash, additional, lengths, mask, tag_length, tag }))
}

/// ChaCha20-Poly1305.
pub(super) fn chacha20_poly1305(
    direction: Direction,
    inputs: Inputs<'_>,
    iv: &[u8],
    tag_length: usize,
) -> Result<Box<dyn Stream>, Failure> {
    if !is_none(inputs.parameters.padding_method) {
        return Err(unsupported("the algorithm has no padding"));
    }
    let wrong = |_| bad("the IV/Counter/Nonce has not the length that the mode takes");
    let mut cipher = chacha20::ChaCha20::new_from_slices(inputs.key, iv).map_err(wrong)?;
    // The first block of the stream is the key of the tag (RFC 8439 section 2.6), as a whole.
    let mut block = Zeroizing::new([0; 64]);
    cipher.apply_keystream(&mut *block);
    let one_time: Poly1305 = key(&block[..32])?;
    let mut hash = Hash::new(one_time);
    hash.update(inputs.additional);
    let additional = hash.end();
    let lengths = |additional: u64, data: u64| {
        let mut block = [0; BLOCK];
        block[..8].copy_from_slice(&additional.to_le_bytes());
        block[8..].copy_from_slice(&data.to_le_bytes());
        block
    };
    let mask = Zeroizing::new([0; BLOCK]);
    let tag = inputs.tag.map(<[u8]>::to_vec);
    Ok(Box::new(Authenticated { direction, cipher, hash, additional, lengths, mask, tag_length, tag }))
}
