//! Modes of whole blocks: what fills the last one.

use kmip_types::attribute::CryptographicParameters;
use kmip_types::enumerations::PaddingMethod;
use zeroize::Zeroizing;

use super::modes::Blocks;
use super::{Direction, Last, Stream, random, unsupported};
use crate::answer::Failure;
use crate::server::crypto::cryptographic_failure;

/// How the last block is filled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Padding {
    /// Not at all: the data must be whole blocks.
    None,
    /// Each byte says how many there are (RFC 8018 section 6.1.1).
    Pkcs5,
    /// The last byte says how many stand before it, which are as it.
    Ssl3,
    /// The last byte says how many there are, the others are zeros.
    AnsiX923,
    /// The last byte says how many there are, the others are random.
    Iso10126,
    /// Zeros, if the data is not whole blocks.
    Zeros,
}

impl Padding {
    pub(super) fn of(parameters: &CryptographicParameters) -> Result<Self, Failure> {
        Ok(match parameters.padding_method.unwrap_or(PaddingMethod::None) {
            PaddingMethod::None => Self::None,
            PaddingMethod::Pkcs5 => Self::Pkcs5,
            PaddingMethod::Ssl3 => Self::Ssl3,
            PaddingMethod::AnsiX923 => Self::AnsiX923,
            PaddingMethod::Iso10126 => Self::Iso10126,
            PaddingMethod::Zeros => Self::Zeros,
            other => return Err(unsupported(format!("the padding {other} is not one of block ciphers"))),
        })
    }

    /// What follows data of which so many bytes are in the last block, which is not whole.
    fn fill(self, used: usize, size: usize) -> Result<Vec<u8>, Failure> {
        let missing = size - used;
        // A block is no longer than 16 bytes.
        let count = u8::try_from(missing).unwrap_or(u8::MAX);
        let mut filling = match self {
            Self::None if used == 0 => return Ok(Vec::new()),
            Self::None => return Err(cryptographic_failure("encrypting data that is not whole blocks")),
            Self::Zeros if used == 0 => return Ok(Vec::new()),
            Self::Zeros | Self::AnsiX923 => vec![0; missing],
            Self::Pkcs5 => vec![count; missing],
            Self::Ssl3 => vec![count - 1; missing],
            Self::Iso10126 => random(missing)?.reveal().to_vec(),
        };
        if let (Self::AnsiX923 | Self::Iso10126, Some(last)) = (self, filling.last_mut()) {
            *last = count;
        }
        Ok(filling)
    }

    /// How many bytes of the last block are data, unless it is not filled so.
    fn data_in(self, block: &[u8]) -> Option<usize> {
        let last = usize::from(*block.last()?);
        let missing = match self {
            Self::None => return Some(block.len()),
            Self::Zeros => return Some(block.iter().rposition(|byte| *byte != 0).map_or(0, |at| at + 1)),
            Self::Ssl3 => last + 1,
            Self::Pkcs5 | Self::AnsiX923 | Self::Iso10126 => last,
        };
        let data = block.len().checked_sub(missing).filter(|_| missing > 0)?;
        let filling = &block[data..block.len() - 1];
        let is_right = match self {
            Self::Pkcs5 => filling.iter().all(|byte| usize::from(*byte) == missing),
            Self::AnsiX923 => filling.iter().all(|byte| *byte == 0),
            _ => true,
        };
        is_right.then_some(data)
    }
}

/// A stream of whole blocks.
struct Padded {
    direction: Direction,
    blocks: Box<dyn Blocks>,
    size: usize,
    padding: Padding,
    /// What came and is not a whole block yet or, to decrypt, may be the last block.
    kept: Zeroizing<Vec<u8>>,
}

pub(super) fn stream(
    direction: Direction,
    blocks: Box<dyn Blocks>,
    size: usize,
    padding: Padding,
) -> Box<dyn Stream> {
    // With room for a block and what fills it, so that it never grows.
    let kept = Zeroizing::new(Vec::with_capacity(2 * size));
    Box::new(Padded { direction, blocks, size, padding, kept })
}

impl Stream for Padded {
    fn update(&mut self, data: &[u8]) -> Result<Zeroizing<Vec<u8>>, Failure> {
        let all = self.kept.len() + data.len();
        let last_is_kept = self.direction == Direction::Decrypt && self.padding != Padding::None;
        let mut whole = all - all % self.size;
        if last_is_kept && whole == all {
            whole = whole.saturating_sub(self.size);
        }
        if whole < self.kept.len() || whole == 0 {
            self.kept.extend_from_slice(data);
            return Ok(Zeroizing::default());
        }
        let (now, later) = data.split_at(whole - self.kept.len());
        let mut output = Zeroizing::new(Vec::with_capacity(whole));
        output.extend_from_slice(&self.kept);
        output.extend_from_slice(now);
        self.blocks.process(&mut output);
        self.kept.clear();
        self.kept.extend_from_slice(later);
        Ok(output)
    }

    fn finish(mut self: Box<Self>, _: Option<&[u8]>) -> Result<Last, Failure> {
        let mut last = std::mem::take(&mut self.kept);
        match self.direction {
            Direction::Encrypt => {
                let filling = self.padding.fill(last.len(), self.size)?;
                last.extend_from_slice(&filling);
                self.blocks.process(&mut last);
            }
            Direction::Decrypt => {
                let is_whole = last.len() == self.size || (last.is_empty() && self.padding == Padding::None);
                // Without any data there is nothing that zeros were added to.
                let is_nothing = last.is_empty() && self.padding == Padding::Zeros;
                if !is_whole && !is_nothing {
                    return Err(cryptographic_failure("decrypting"));
                }
                if !last.is_empty() {
                    self.blocks.process(&mut last);
                    let data =
                        self.padding.data_in(&last).ok_or_else(|| cryptographic_failure("decrypting"))?;
                    last.truncate(data);
                }
            }
        }
        Ok((last, None))
    }
}
