//! Values that must not leak: zeroized on drop, opaque in `Debug`, revealed only by an explicit call.

use core::{fmt, mem};

use zeroize::{Zeroize, Zeroizing};

use crate::primitive::BigInteger;
use crate::wipe;

/// Secret bytes, such as key material or plaintext.
///
/// ```
/// use kmip_types::SecretBytes;
/// let key = SecretBytes::from(vec![1, 2, 3]);
/// assert_eq!(format!("{key:?}"), "SecretBytes(3 bytes)");
/// assert_eq!(key.reveal(), [1, 2, 3]);
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct SecretBytes(Vec<u8>);

/// Secret text, such as a password.
#[derive(Clone, PartialEq, Eq)]
pub struct SecretText(String);

/// A secret number, such as a private exponent.
#[derive(Clone, PartialEq, Eq)]
pub struct SecretBigInteger(BigInteger);

impl SecretBytes {
    /// The bytes. What is copied from them is no longer guarded.
    pub fn reveal(&self) -> &[u8] {
        &self.0
    }

    /// The bytes, no longer guarded: nothing wipes them any more.
    pub fn into_revealed(mut self) -> Vec<u8> {
        mem::take(&mut self.0)
    }

    /// The bytes, to be wiped when they are dropped.
    pub fn into_zeroizing(self) -> Zeroizing<Vec<u8>> {
        Zeroizing::new(self.into_revealed())
    }

    /// How many bytes there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are no bytes.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl From<Vec<u8>> for SecretBytes {
    fn from(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }
}

impl From<&[u8]> for SecretBytes {
    fn from(bytes: &[u8]) -> Self {
        Self::from(bytes.to_vec())
    }
}

impl<const N: usize> From<&[u8; N]> for SecretBytes {
    fn from(bytes: &[u8; N]) -> Self {
        Self::from(bytes.as_slice())
    }
}

/// The bytes of a text in UTF-8.
impl From<&str> for SecretBytes {
    fn from(text: &str) -> Self {
        Self::from(text.as_bytes())
    }
}

/// The bytes of a text in UTF-8.
impl From<String> for SecretBytes {
    fn from(text: String) -> Self {
        Self(text.into_bytes())
    }
}

impl From<&Self> for SecretBytes {
    fn from(bytes: &Self) -> Self {
        bytes.clone()
    }
}

impl From<&Vec<u8>> for SecretBytes {
    fn from(bytes: &Vec<u8>) -> Self {
        Self::from(bytes.as_slice())
    }
}

impl From<Zeroizing<Vec<u8>>> for SecretBytes {
    fn from(mut bytes: Zeroizing<Vec<u8>>) -> Self {
        Self(mem::take(&mut *bytes))
    }
}

impl Drop for SecretBytes {
    fn drop(&mut self) {
        wipe::bytes(&mut self.0);
    }
}

impl fmt::Debug for SecretBytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SecretBytes({} bytes)", self.0.len())
    }
}

impl SecretText {
    /// The text. What is copied from it is no longer guarded.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// The text, no longer guarded: nothing wipes it any more.
    pub fn into_revealed(mut self) -> String {
        mem::take(&mut self.0)
    }
}

impl From<String> for SecretText {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl From<&str> for SecretText {
    fn from(text: &str) -> Self {
        Self::from(text.to_owned())
    }
}

impl From<Zeroizing<String>> for SecretText {
    fn from(mut text: Zeroizing<String>) -> Self {
        Self(mem::take(&mut *text))
    }
}

impl Drop for SecretText {
    fn drop(&mut self) {
        wipe::text(&mut self.0);
    }
}

impl fmt::Debug for SecretText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretText(..)")
    }
}

impl SecretBigInteger {
    /// A number to be guarded from now on.
    pub fn new(value: BigInteger) -> Self {
        Self(value)
    }

    /// The number. What is copied from it is no longer guarded.
    pub fn reveal(&self) -> &BigInteger {
        &self.0
    }
}

impl Drop for SecretBigInteger {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl fmt::Debug for SecretBigInteger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SecretBigInteger({} bytes)", self.0.padded_bytes().len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_no_content() {
        let shown = format!(
            "{:?} {:?} {:?}",
            SecretBytes::from(b"hunter2".as_slice()),
            SecretText::from("hunter2"),
            SecretBigInteger::new(BigInteger::from(0x68756E74_65723200))
        );
        assert_eq!(shown, "SecretBytes(7 bytes) SecretText(..) SecretBigInteger(8 bytes)");
    }
}
