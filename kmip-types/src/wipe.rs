//! Buffers that leave no copy of what they held: neither where they grow nor where they are dropped.

#[cfg(any(feature = "json", feature = "xml"))]
use core::ops::Deref;
use core::{fmt, mem};
#[cfg(any(feature = "json", feature = "xml"))]
use std::borrow::Cow;

use zeroize::Zeroize;

/// Makes room for more bytes. `Vec` itself would give back the memory that it outgrew with what was in it.
#[cold]
pub(crate) fn grow(buffer: &mut Vec<u8>, additional: usize) {
    let mut larger = Vec::with_capacity(larger(buffer.len(), buffer.capacity(), additional));
    larger.extend_from_slice(buffer);
    bytes(&mut mem::replace(buffer, larger));
}

/// Wipes bytes, with what is left of them behind their end, and forgets them: eight at a time, since each store of what
/// must not be left out takes as long, however wide it is.
pub(crate) fn bytes(bytes: &mut Vec<u8>) {
    bytes.resize(bytes.capacity(), 0);
    let (before, words, behind) = bytemuck::pod_align_to_mut::<u8, u64>(bytes);
    before.zeroize();
    words.zeroize();
    behind.zeroize();
    bytes.clear();
}

/// Wipes text in the same way.
pub(crate) fn text(text: &mut String) {
    bytes(&mut mem::take(text).into_bytes());
}

/// The capacity of a buffer that has outgrown one: twice that or more, so that growing costs little on the whole.
fn larger(length: usize, capacity: usize, additional: usize) -> usize {
    length.saturating_add(additional).max(capacity.saturating_mul(2)).max(256)
}

/// Text that is being written.
#[cfg(any(feature = "json", feature = "xml"))]
#[derive(Default)]
pub(crate) struct Output {
    text: String,
}

#[cfg(any(feature = "json", feature = "xml"))]
impl Output {
    #[inline]
    pub(crate) fn push_str(&mut self, text: &str) {
        self.reserve(text.len());
        self.text.push_str(text);
    }

    #[inline]
    pub(crate) fn push(&mut self, character: char) {
        self.reserve(character.len_utf8());
        self.text.push(character);
    }

    /// Bytes in hex, in lower case.
    pub(crate) fn push_hex(&mut self, bytes: &[u8]) {
        self.reserve(bytes.len().saturating_mul(2));
        in_hex(bytes, |digits| self.push_str(digits));
    }

    /// What was written.
    pub(crate) fn into_text(mut self) -> String {
        mem::take(&mut self.text)
    }

    #[inline]
    fn reserve(&mut self, additional: usize) {
        if additional > self.text.capacity() - self.text.len() {
            self.grow(additional);
        }
    }

    #[cold]
    fn grow(&mut self, additional: usize) {
        let mut larger = String::with_capacity(larger(self.text.len(), self.text.capacity(), additional));
        larger.push_str(&self.text);
        text(&mut mem::replace(&mut self.text, larger));
    }
}

#[cfg(any(feature = "json", feature = "xml"))]
impl Drop for Output {
    fn drop(&mut self) {
        text(&mut self.text);
    }
}

#[cfg(any(feature = "json", feature = "xml"))]
impl fmt::Write for Output {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.push_str(text);
        Ok(())
    }
}

/// Writes bytes in hex, in lower case.
pub(crate) fn write_hex(bytes: &[u8], out: &mut (impl fmt::Write + ?Sized)) -> fmt::Result {
    let mut result = Ok(());
    in_hex(bytes, |digits| result = result.and_then(|()| out.write_str(digits)));
    result
}

/// Gives bytes in hex to `put`, part after part.
fn in_hex(bytes: &[u8], mut put: impl FnMut(&str)) {
    let mut buffer = [0; 256];
    for chunk in bytes.chunks(buffer.len() / 2) {
        // There is an error only where the lengths do not match.
        put(const_hex::encode_to_str(chunk, &mut buffer[..2 * chunk.len()]).map_or("", |digits| digits));
    }
    let used = buffer.len().min(bytes.len().saturating_mul(2));
    buffer[..used].zeroize();
}

/// Text of a value as an encoding says it: a part of the input, or a copy that is wiped when it is dropped.
#[cfg(any(feature = "json", feature = "xml"))]
pub(crate) struct ValueText<'a>(Cow<'a, str>);

#[cfg(any(feature = "json", feature = "xml"))]
impl<'a> ValueText<'a> {
    /// The text, of which a copy is not wiped any more.
    #[cfg(feature = "xml")]
    pub(crate) fn into_inner(mut self) -> Cow<'a, str> {
        mem::replace(&mut self.0, Cow::Borrowed(""))
    }
}

#[cfg(any(feature = "json", feature = "xml"))]
impl<'a> From<&'a str> for ValueText<'a> {
    fn from(text: &'a str) -> Self {
        Self(Cow::Borrowed(text))
    }
}

#[cfg(any(feature = "json", feature = "xml"))]
impl From<String> for ValueText<'_> {
    fn from(text: String) -> Self {
        Self(Cow::Owned(text))
    }
}

#[cfg(any(feature = "json", feature = "xml"))]
impl<'a> From<Cow<'a, str>> for ValueText<'a> {
    fn from(text: Cow<'a, str>) -> Self {
        Self(text)
    }
}

#[cfg(any(feature = "json", feature = "xml"))]
impl Deref for ValueText<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

#[cfg(any(feature = "json", feature = "xml"))]
impl Drop for ValueText<'_> {
    fn drop(&mut self) {
        if let Cow::Owned(text) = &mut self.0 {
            text.zeroize();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn output_grows_and_keeps_what_was_written() {
        let mut output = Output::default();
        for _ in 0..1000 {
            output.push_str("ab");
            output.push('é');
            output.push_hex(&[0x0F, 0xA0]);
        }
        assert_eq!(output.into_text(), "abé0fa0".repeat(1000));
    }
}
