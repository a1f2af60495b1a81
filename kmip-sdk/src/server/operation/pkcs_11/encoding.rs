//! How parameters of Cryptoki are written (KMIP Profiles 2.1 section 5.18.1): a CK_ULONG in 8 bytes, but one that counts in 4, the
//! most significant first; an array behind its count; and before what is to be filled, whether it is wanted.

use kmip_types::SecretBytes;
use kmip_types::enumerations::ResultReason;
use zeroize::Zeroizing;

use crate::answer::Failure;

/// Parameters that are read.
pub(super) struct Input<'a> {
    rest: &'a [u8],
}

/// A mechanism, with its parameter.
#[derive(Clone, Copy, Debug)]
pub(super) struct Mechanism<'a> {
    pub(super) number: u64,
    /// The bytes of the parameter behind the flag and the length.
    pub(super) parameter: Option<&'a [u8]>,
}

impl<'a> Input<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    fn take(&mut self, length: usize) -> Result<&'a [u8], Failure> {
        let (taken, rest) = self.rest.split_at_checked(length).ok_or_else(|| codec("they end too soon"))?;
        self.rest = rest;
        Ok(taken)
    }

    /// A CK_BYTE.
    pub(super) fn byte(&mut self) -> Result<u8, Failure> {
        Ok(self.take(1)?.first().copied().unwrap_or_default())
    }

    /// A CK_BBOOL, or a flag of the encoding's own.
    pub(super) fn flag(&mut self) -> Result<bool, Failure> {
        match self.byte()? {
            0 => Ok(false),
            1 => Ok(true),
            _ => Err(codec("a flag is neither 0 nor 1")),
        }
    }

    /// A CK_ULONG that counts nothing: a handle, a type, flags.
    pub(super) fn number(&mut self) -> Result<u64, Failure> {
        Ok(self.take(8)?.iter().fold(0, |number, byte| number << 8 | u64::from(*byte)))
    }

    /// A CK_ULONG that counts.
    pub(super) fn count(&mut self) -> Result<usize, Failure> {
        let count = self.take(4)?.iter().fold(0, |number: u32, byte| number << 8 | u32::from(*byte));
        usize::try_from(count).map_err(|_| codec("a count is too large"))
    }

    /// Bytes behind their count.
    pub(super) fn bytes(&mut self) -> Result<&'a [u8], Failure> {
        let length = self.count()?;
        self.take(length)
    }

    /// Whether and how much of what is to be filled is wanted: nothing, if only its length is. The count that goes with the
    /// flag may be left out where the flag is not set.
    pub(super) fn room(&mut self) -> Result<Option<usize>, Failure> {
        if self.flag()? {
            return self.count().map(Some);
        }
        if !self.rest.is_empty() {
            self.count()?;
        }
        Ok(None)
    }

    pub(super) fn mechanism(&mut self) -> Result<Mechanism<'a>, Failure> {
        let number = self.number()?;
        let parameter = if self.flag()? { Some(self.bytes()?) } else { None };
        Ok(Mechanism { number, parameter })
    }

    /// Ends: nothing may be left.
    pub(super) fn end(self) -> Result<(), Failure> {
        if self.rest.is_empty() { Ok(()) } else { Err(codec("there is more than the function has")) }
    }
}

/// Parameters that are written.
#[derive(Default)]
pub(super) struct Output(Zeroizing<Vec<u8>>);

impl Output {
    pub(super) fn bytes_as_they_are(mut self, bytes: &[u8]) -> Self {
        self.0.extend_from_slice(bytes);
        self
    }

    pub(super) fn flag(self, flag: bool) -> Self {
        self.bytes_as_they_are(&[u8::from(flag)])
    }

    /// A CK_ULONG that counts nothing.
    pub(super) fn number(self, number: u64) -> Self {
        self.bytes_as_they_are(&number.to_be_bytes())
    }

    /// A CK_ULONG that counts.
    pub(super) fn count(self, count: usize) -> Self {
        // No message holds more.
        self.bytes_as_they_are(&u32::try_from(count).unwrap_or(u32::MAX).to_be_bytes())
    }

    /// Bytes behind their count.
    pub(super) fn bytes(self, bytes: &[u8]) -> Self {
        self.count(bytes.len()).bytes_as_they_are(bytes)
    }

    /// A text of so many bytes, which spaces fill.
    pub(super) fn text(self, text: &str, length: usize) -> Self {
        let filled: Vec<u8> = text.bytes().chain(std::iter::repeat(b' ')).take(length).collect();
        self.bytes_as_they_are(&filled)
    }

    pub(super) fn finish(mut self) -> SecretBytes {
        std::mem::take(&mut *self.0).into()
    }
}

/// What is wrong with the parameters.
pub(super) fn codec(what: &str) -> Failure {
    let message = format!("the Input Parameters are not those of the function: {what}");
    Failure::new(ResultReason::Pkcs11CodecError, message)
}
