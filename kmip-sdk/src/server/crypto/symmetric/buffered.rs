//! Modes that need all of the data at once: CCM (SP 800-38C) and XTS (SP 800-38E). Parts are kept, up to a limit.

use aws_lc_rs::constant_time::verify_slices_are_equal;
use cbc::cipher::consts::U16;
use cbc::cipher::{Array, BlockCipherEncrypt, BlockModeEncrypt, InnerIvInit, StreamCipher};
use kmip_types::enumerations::ResultReason;
use xts_mode::Xts128;
use zeroize::Zeroizing;

use super::modes::Block;
use super::{Direction, Inputs, Last, Stream, bad, is_none, key, unsupported};
use crate::answer::Failure;
use crate::server::crypto::cryptographic_failure;

const BLOCK: usize = 16;

/// How many bytes of a stream are kept: as much as comes in one message.
const MAXIMUM: usize = kmip_types::Limits::DEFAULT.size;

type Work = Box<dyn FnOnce(Zeroizing<Vec<u8>>, Option<&[u8]>) -> Result<Last, Failure> + Send>;

/// A stream of which nothing comes out until all of it is in.
struct Buffered {
    data: Vec<Zeroizing<Vec<u8>>>,
    length: usize,
    work: Work,
}

impl Stream for Buffered {
    fn update(&mut self, data: &[u8]) -> Result<Zeroizing<Vec<u8>>, Failure> {
        self.length = self.length.saturating_add(data.len());
        if self.length > MAXIMUM {
            let message =
                format!("the mode needs all of the data at once, which is more than {MAXIMUM} bytes");
            return Err(Failure::new(ResultReason::ServerLimitExceeded, message));
        }
        self.data.push(Zeroizing::new(data.to_vec()));
        Ok(Zeroizing::default())
    }

    fn finish(self: Box<Self>, tag: Option<&[u8]>) -> Result<Last, Failure> {
        let mut all = Zeroizing::new(Vec::with_capacity(self.length));
        self.data.iter().for_each(|part| all.extend_from_slice(part));
        (self.work)(all, tag)
    }
}

fn buffered(
    work: impl FnOnce(Zeroizing<Vec<u8>>, Option<&[u8]>) -> Result<Last, Failure> + Send + 'static,
) -> Box<dyn Stream> {
    Box::new(Buffered { data: Vec::new(), length: 0, work: Box::new(work) })
}

/// XTS, whose key is two keys of AES, and whose vector is the tweak of the data unit.
pub(super) fn xts(direction: Direction, keys: &[u8], tweak: &[u8]) -> Result<Box<dyn Stream>, Failure> {
    let tweak = <[u8; BLOCK]>::try_from(tweak).map_err(|_| bad("the tweak of XTS has not 16 bytes"))?;
    let (one, other) = keys.split_at(keys.len() / 2);
    if keys.len() == 32 {
        data_unit(direction, Xts128::new(key::<aes::Aes128>(one)?, key(other)?), tweak)
    } else {
        data_unit(direction, Xts128::new(key::<aes::Aes256>(one)?, key(other)?), tweak)
    }
}

fn data_unit<C>(direction: Direction, xts: Xts128<C>, tweak: [u8; BLOCK]) -> Result<Box<dyn Stream>, Failure>
where
    C: Block + BlockCipherEncrypt<BlockSize = U16>,
{
    Ok(buffered(move |mut data, _| {
        if data.len() < BLOCK {
            return Err(cryptographic_failure("a data unit of less than a block"));
        }
        match direction {
            Direction::Encrypt => xts.encrypt_sector(&mut data, tweak.into()),
            Direction::Decrypt => xts.decrypt_sector(&mut data, tweak.into()),
        }
        Ok((data, None))
    }))
}

/// CCM: CBC-MAC over the formatted data, and counter mode.
pub(super) fn ccm<C>(
    direction: Direction,
    inputs: Inputs<'_>,
    nonce: &[u8],
    tag_length: usize,
) -> Result<Box<dyn Stream>, Failure>
where
    C: Block + BlockCipherEncrypt<BlockSize = U16>,
{
    if !is_none(inputs.parameters.padding_method) {
        return Err(unsupported("CCM has no padding"));
    }
    let cipher: C = key(inputs.key)?;
    let (nonce, additional) = (nonce.to_vec(), inputs.additional.to_vec());
    let given = inputs.tag.map(<[u8]>::to_vec);
    Ok(buffered(move |mut data, tag| {
        // The counter's first block is for the tag (SP 800-38C appendix A.3).
        let mut counter = [0; BLOCK];
        counter[0] = u8::try_from(14 - nonce.len()).unwrap_or_default();
        counter[1..=nonce.len()].copy_from_slice(&nonce);
        let failed = || cryptographic_failure("counting");
        let mut stream = cipher.clone().counter(&counter).ok_or_else(failed)?;
        let mut mask = Zeroizing::new([0; BLOCK]);
        stream.try_apply_keystream(&mut *mask).map_err(|_| failed())?;
        if direction == Direction::Decrypt {
            stream.try_apply_keystream(&mut data).map_err(|_| failed())?;
        }
        let mut made = authenticate(cipher, &nonce, &additional, &data, tag_length)?;
        made.iter_mut().zip(mask.iter()).for_each(|(byte, mask)| *byte ^= mask);
        let made = &made[..tag_length];
        if direction == Direction::Encrypt {
            stream.try_apply_keystream(&mut data).map_err(|_| failed())?;
            return Ok((data, Some(made.to_vec())));
        }
        let tag = tag.or(given.as_deref()).ok_or_else(|| bad("there is no Authenticated Encryption Tag"))?;
        verify_slices_are_equal(made, tag).map_err(|_| cryptographic_failure("decrypting"))?;
        Ok((data, None))
    }))
}

/// The CBC-MAC of what CCM formats (SP 800-38C appendix A.2).
fn authenticate<C>(
    cipher: C,
    nonce: &[u8],
    additional: &[u8],
    data: &[u8],
    tag_length: usize,
) -> Result<[u8; BLOCK], Failure>
where
    C: Block + BlockCipherEncrypt<BlockSize = U16>,
{
    let mut first = [0; BLOCK];
    let octets = 15 - nonce.len();
    // All three fit: the tag has 16 bytes at most, the length from 2 to 8.
    first[0] = u8::try_from(tag_length.saturating_sub(2) / 2 * 8 + (octets - 1)).unwrap_or_default();
    if !additional.is_empty() {
        first[0] |= 0x40;
    }
    first[1..=nonce.len()].copy_from_slice(nonce);
    let length = (data.len() as u64).to_be_bytes();
    let (left_out, said) = length.split_at(8_usize.saturating_sub(octets));
    if left_out.iter().any(|byte| *byte != 0) {
        return Err(cryptographic_failure("so much data with a nonce so long"));
    }
    first[BLOCK - said.len()..].copy_from_slice(said);
    let mut mac = cbc::Encryptor::inner_iv_init(cipher, &Array::default());
    let mut last = Array::from(first);
    mac.encrypt_block(&mut last);
    let mut block = |bytes: &[u8]| {
        let mut input: Array<u8, U16> = Array::default();
        input[..bytes.len()].copy_from_slice(bytes);
        mac.encrypt_block(&mut input);
        last = input;
    };
    if !additional.is_empty() {
        let mut formatted = match u16::try_from(additional.len()) {
            Ok(length) if length < 0xFF00 => length.to_be_bytes().to_vec(),
            // No message is larger than 2^32 bytes.
            _ => {
                let length = u32::try_from(additional.len()).unwrap_or(u32::MAX);
                [&[0xFF, 0xFE][..], &length.to_be_bytes()].concat()
            }
        };
        formatted.extend_from_slice(additional);
        formatted.chunks(BLOCK).for_each(&mut block);
    }
    data.chunks(BLOCK).for_each(&mut block);
    Ok(last.into())
}
