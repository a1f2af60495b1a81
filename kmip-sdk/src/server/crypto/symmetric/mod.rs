//! Encryption with symmetric keys, in parts or at once: what comes in one part is the first and the last.

mod authenticated;
mod buffered;
mod generate;
mod modes;
mod padded;

use cbc::cipher::{BlockCipherEncrypt, KeyInit};
use kmip_types::SecretBytes;
use kmip_types::attribute::CryptographicParameters;
use kmip_types::enumerations::{BlockCipherMode, CryptographicAlgorithm, PaddingMethod, ResultReason};
use zeroize::Zeroizing;

pub(crate) use generate::generate;

use super::random::random;
use crate::answer::Failure;

/// Which way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Direction {
    Encrypt,
    Decrypt,
}

/// What the last part yields, with the tag if the mode has one and encrypts.
pub(crate) type Last = (Zeroizing<Vec<u8>>, Option<Vec<u8>>);

/// What is encrypted or decrypted part by part.
pub(crate) trait Stream: Send {
    /// What a part yields; some of it may be kept back until more comes.
    fn update(&mut self, data: &[u8]) -> Result<Zeroizing<Vec<u8>>, Failure>;

    /// What the last part yields. A tag to compare may come only now.
    fn finish(self: Box<Self>, tag: Option<&[u8]>) -> Result<Last, Failure>;
}

/// What goes into a cipher besides the data.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Inputs<'a> {
    pub(crate) algorithm: CryptographicAlgorithm,
    pub(crate) key: &'a [u8],
    pub(crate) parameters: &'a CryptographicParameters,
    /// The IV/Counter/Nonce of the request.
    pub(crate) iv: Option<&'a [u8]>,
    /// What a tag authenticates besides the data.
    pub(crate) additional: &'a [u8],
    /// The tag of the request.
    pub(crate) tag: Option<&'a [u8]>,
}

/// A cipher that has begun, with the initialization vector if the server made it.
pub(crate) struct Started {
    pub(crate) stream: Box<dyn Stream>,
    pub(crate) made_iv: Option<Vec<u8>>,
}

/// Encrypts at once, without a tag.
pub(crate) fn encrypt(inputs: Inputs<'_>, data: &[u8]) -> Result<SecretBytes, Failure> {
    Ok(at_once(start(Direction::Encrypt, inputs)?.stream, data, None)?.0.into())
}

/// Encrypts at once, with the tag behind what is encrypted, and gives the initialization vector that it made too.
pub(crate) fn seal(inputs: Inputs<'_>, data: &[u8]) -> Result<(SecretBytes, Option<Vec<u8>>), Failure> {
    let started = start(Direction::Encrypt, inputs)?;
    let (mut sealed, tag) = at_once(started.stream, data, None)?;
    sealed.extend_from_slice(&tag.unwrap_or_default());
    Ok((sealed.into(), started.made_iv))
}

/// Decrypts what [`seal`] gave, at once.
pub(crate) fn open(inputs: Inputs<'_>, sealed: &[u8]) -> Result<SecretBytes, Failure> {
    use BlockCipherMode as M;
    let mode = inputs.parameters.block_cipher_mode;
    let has_tag = matches!(mode, Some(M::Gcm | M::Ccm | M::Aead))
        || inputs.algorithm == CryptographicAlgorithm::ChaCha20Poly1305;
    let tag_length = match inputs.parameters.tag_length {
        Some(length) if has_tag => usize::try_from(length).unwrap_or(usize::MAX),
        None if has_tag => 16,
        _ => 0,
    };
    let at = sealed.len().checked_sub(tag_length);
    let (data, tag) = sealed.split_at(at.ok_or_else(|| super::cryptographic_failure("decrypting"))?);
    let inputs = Inputs { tag: has_tag.then_some(tag), ..inputs };
    let (data, _) = at_once(start(Direction::Decrypt, inputs)?.stream, data, inputs.tag)?;
    Ok(data.into())
}

fn at_once(mut stream: Box<dyn Stream>, data: &[u8], tag: Option<&[u8]>) -> Result<Last, Failure> {
    let first = stream.update(data)?;
    let (last, tag) = stream.finish(tag)?;
    if last.is_empty() {
        return Ok((first, tag));
    }
    // Taken together in one piece, so that growing leaves nothing behind.
    let mut all = Zeroizing::new(Vec::with_capacity(first.len() + last.len()));
    all.extend_from_slice(&first);
    all.extend_from_slice(&last);
    Ok((all, tag))
}

/// Begins to encrypt or decrypt.
pub(crate) fn start(direction: Direction, inputs: Inputs<'_>) -> Result<Started, Failure> {
    use CryptographicAlgorithm as A;
    match (inputs.algorithm, inputs.key.len()) {
        (A::Aes, 32 | 64) if mode_of(inputs.parameters)? == BlockCipherMode::Xts => {
            let (iv, made_iv) = iv(direction, inputs, &[16], 16)?;
            Ok(Started { stream: buffered::xts(direction, inputs.key, &iv)?, made_iv })
        }
        (A::Aes, 16) => aes::<aes::Aes128>(direction, inputs),
        (A::Aes, 24) => aes::<aes::Aes192>(direction, inputs),
        (A::Aes, 32) => aes::<aes::Aes256>(direction, inputs),
        // Two keys of three, and three.
        (A::Des3, 16) => block::<des::TdesEde2>(direction, inputs),
        (A::Des3, 24) => block::<des::TdesEde3>(direction, inputs),
        (A::Des, 8) => block::<des::Des>(direction, inputs),
        (A::ChaCha20, 32) => {
            let (iv, made_iv) = iv(direction, inputs, &[8, 12], 12)?;
            let counter = inputs.parameters.initial_counter_value.unwrap_or(0);
            Ok(Started { stream: modes::chacha20(inputs.key, &iv, counter)?, made_iv })
        }
        (A::ChaCha20Poly1305, 32) => {
            let mode = inputs.parameters.block_cipher_mode;
            if mode.is_some_and(|mode| mode != BlockCipherMode::Aead) {
                return Err(unsupported("the algorithm has the mode AEAD only"));
            }
            let tag =
                tag_length(direction, inputs, TagLengths::Defaulted, |length| (4..=16).contains(&length))?;
            let (iv, made_iv) = iv(direction, inputs, &[12], 12)?;
            let stream = authenticated::chacha20_poly1305(direction, inputs, &iv, tag)?;
            Ok(Started { stream, made_iv })
        }
        (A::Aes | A::Des3 | A::Des | A::ChaCha20 | A::ChaCha20Poly1305, _) => {
            Err(unsupported("the algorithm has no key of this length"))
        }
        (algorithm, _) => Err(unsupported(format!("encryption with {algorithm} is not supported"))),
    }
}

/// AES, which has modes that ciphers with smaller blocks have not.
fn aes<C>(direction: Direction, inputs: Inputs<'_>) -> Result<Started, Failure>
where
    C: modes::Block + BlockCipherEncrypt<BlockSize = cbc::cipher::consts::U16>,
{
    match mode_of(inputs.parameters)? {
        BlockCipherMode::Gcm => {
            // SP 800-38D section 5.2.1.2.
            let tag = tag_length(direction, inputs, TagLengths::Required, |length| {
                matches!(length, 4 | 8 | 12..=16)
            })?;
            let (iv, made_iv) = any_iv(direction, inputs)?;
            let stream = authenticated::gcm::<C>(direction, inputs, &iv, tag)?;
            Ok(Started { stream, made_iv })
        }
        BlockCipherMode::Ccm => {
            // SP 800-38C appendix A.1.
            let tag = tag_length(direction, inputs, TagLengths::Required, |length| {
                matches!(length, 4 | 6 | 8 | 10 | 12 | 14 | 16)
            })?;
            let (iv, made_iv) = iv(direction, inputs, &[7, 8, 9, 10, 11, 12, 13], 12)?;
            Ok(Started { stream: buffered::ccm::<C>(direction, inputs, &iv, tag)?, made_iv })
        }
        _ => block::<C>(direction, inputs),
    }
}

/// The modes that every block cipher has.
fn block<C: modes::Block>(direction: Direction, inputs: Inputs<'_>) -> Result<Started, Failure> {
    let mode = mode_of(inputs.parameters)?;
    let size = C::block_size();
    let cipher = || C::new_from_slice(inputs.key).map_err(|_| unsupported("the algorithm has no such key"));
    let padding = padded::Padding::of(inputs.parameters)?;
    let (iv, made_iv) = match mode {
        BlockCipherMode::Ecb => (Vec::new(), None),
        BlockCipherMode::Cbc | BlockCipherMode::Ctr | BlockCipherMode::Cfb | BlockCipherMode::Ofb => {
            iv(direction, inputs, &[size], size)?
        }
        _ => return Err(unsupported(format!("the mode {mode} is not supported with {}", inputs.algorithm))),
    };
    let stream = match mode {
        BlockCipherMode::Ecb => padded::stream(direction, modes::ecb(direction, cipher()?), size, padding),
        BlockCipherMode::Cbc => {
            padded::stream(direction, modes::cbc(direction, cipher()?, &iv)?, size, padding)
        }
        // These need no padding, so they have none.
        BlockCipherMode::Ctr => modes::ctr(cipher()?, &iv)?,
        BlockCipherMode::Cfb => modes::cfb(direction, cipher()?, &iv)?,
        _ => modes::ofb(cipher()?, &iv)?,
    };
    Ok(Started { stream, made_iv })
}

fn mode_of(parameters: &CryptographicParameters) -> Result<BlockCipherMode, Failure> {
    parameters.block_cipher_mode.ok_or_else(|| bad("the algorithm needs a Block Cipher Mode"))
}

fn unsupported(what: impl Into<String>) -> Failure {
    Failure::new(ResultReason::UnsupportedCryptographicParameters, what)
}

fn bad(what: &str) -> Failure {
    Failure::new(ResultReason::BadCryptographicParameters, what)
}

/// The initialization vector, of one of these lengths in bytes, and again if it was made: the request's or, if the
/// parameters ask for that, a random one of the usual length.
fn iv(
    direction: Direction,
    inputs: Inputs<'_>,
    lengths: &[usize],
    usual: usize,
) -> Result<(Vec<u8>, Option<Vec<u8>>), Failure> {
    let (iv, made) = given_or_made(direction, inputs, usual)?;
    if !lengths.contains(&iv.len()) {
        return Err(bad("the IV/Counter/Nonce has not the length that the mode takes"));
    }
    Ok((iv, made))
}

/// As [`iv`], of any length but none (SP 800-38D section 5.2.1.1).
fn any_iv(direction: Direction, inputs: Inputs<'_>) -> Result<(Vec<u8>, Option<Vec<u8>>), Failure> {
    let (iv, made) = given_or_made(direction, inputs, 12)?;
    if iv.is_empty() { Err(bad("the IV/Counter/Nonce is empty")) } else { Ok((iv, made)) }
}

fn given_or_made(
    direction: Direction,
    inputs: Inputs<'_>,
    usual: usize,
) -> Result<(Vec<u8>, Option<Vec<u8>>), Failure> {
    if let Some(given) = inputs.iv {
        return Ok((given.to_vec(), None));
    }
    // What the server makes up cannot decrypt what was encrypted with something else.
    if direction == Direction::Decrypt || inputs.parameters.random_iv != Some(true) {
        let message = "the mode needs an IV/Counter/Nonce, and Random IV is not asked for";
        return Err(Failure::new(ResultReason::MissingInitializationVector, message));
    }
    let length = match inputs.parameters.iv_length {
        None => usual,
        // No mode takes more than that.
        Some(bits) => match usize::try_from(bits) {
            Ok(bits @ 8..=1024) if bits.is_multiple_of(8) => bits / 8,
            _ => return Err(bad("the IV Length is not one that the mode takes")),
        },
    };
    let made = random(length)?.reveal().to_vec();
    Ok((made.clone(), Some(made)))
}

/// Whether a mode works without being told the length of its tag.
#[derive(Clone, Copy, PartialEq, Eq)]
enum TagLengths {
    /// The standard requires it (KMIP 2.1 section 4.16).
    Required,
    /// It is 16 bytes.
    Defaulted,
}

/// The length of the tag in bytes: as the parameters say.
fn tag_length(
    direction: Direction,
    inputs: Inputs<'_>,
    lengths: TagLengths,
    is_one: impl Fn(usize) -> bool,
) -> Result<usize, Failure> {
    let wanted = match inputs.parameters.tag_length {
        Some(length) => usize::try_from(length).ok(),
        None if lengths == TagLengths::Required => return Err(bad("the mode needs a Tag Length")),
        None => Some(16),
    };
    let length = wanted.filter(|length| is_one(*length)).ok_or_else(|| {
        // The reason of the standard's own test cases.
        Failure::new(ResultReason::GeneralFailure, "the Tag Length is not one that the mode has")
    })?;
    if direction == Direction::Decrypt && inputs.tag.is_some_and(|tag| tag.len() != length) {
        return Err(super::cryptographic_failure("decrypting"));
    }
    Ok(length)
}

/// What a mode does with the data of a stream: a key of the right size is there already.
fn key<C: KeyInit>(bytes: &[u8]) -> Result<C, Failure> {
    C::new_from_slice(bytes).map_err(|_| unsupported("the algorithm has no key of this length"))
}

/// A padding by its method, for modes that have none.
fn is_none(padding: Option<PaddingMethod>) -> bool {
    padding.is_none_or(|padding| padding == PaddingMethod::None)
}

#[cfg(test)]
mod tests;
