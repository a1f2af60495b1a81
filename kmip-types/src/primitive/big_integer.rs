//! Big Integer.

use core::fmt;
use core::hash::{Hash, Hasher};

use zeroize::Zeroize;

/// A signed number of any size (KMIP 1.4 section 9.1.1.4, 2.1 section 10.1.4), kept as it is on the wire:
/// big-endian two's complement, sign-extended to a multiple of eight bytes, at least eight.
///
/// Two are equal when they are the same number, however many bytes a peer used for it.
///
/// ```
/// use kmip_types::BigInteger;
/// let modulus = BigInteger::from_unsigned_bytes(&[0xFF, 0x01]);
/// assert_eq!(modulus, BigInteger::from(0xFF01_i64));
/// assert_eq!(modulus.to_unsigned_bytes(), Some(&[0xFF, 0x01][..]));
/// ```
#[derive(Clone)]
pub struct BigInteger {
    bytes: Vec<u8>,
}

impl BigInteger {
    /// The number in big-endian two's complement; bytes are added in front to reach a multiple of eight.
    /// No bytes are zero.
    pub fn from_signed_bytes(bytes: &[u8]) -> Self {
        let negative = bytes.first().is_some_and(|first| first & 0x80 != 0);
        Self::extend(bytes, if negative { 0xFF } else { 0 }, bytes.len())
    }

    /// The number in big-endian bytes without a sign, such as an RSA modulus.
    pub fn from_unsigned_bytes(bytes: &[u8]) -> Self {
        let significant = &bytes[bytes.iter().take_while(|byte| **byte == 0).count()..];
        // A set top bit would read as a sign: it takes another byte.
        let needed =
            significant.len() + usize::from(significant.first().is_some_and(|byte| byte & 0x80 != 0));
        Self::extend(significant, 0, needed)
    }

    fn extend(bytes: &[u8], fill: u8, needed: usize) -> Self {
        let length = needed.max(1).next_multiple_of(8);
        let mut extended = Vec::with_capacity(length);
        extended.resize(length - bytes.len(), fill);
        extended.extend_from_slice(bytes);
        Self { bytes: extended }
    }

    /// The bytes on the wire: a multiple of eight, at least eight.
    pub fn padded_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The shortest big-endian two's complement form, at least one byte.
    pub fn to_signed_bytes(&self) -> &[u8] {
        let negative = self.is_negative();
        let fill = if negative { 0xFF } else { 0 };
        let mut bytes = self.bytes.as_slice();
        while let [first, rest @ ..] = bytes {
            let keeps_sign = rest.first().is_some_and(|next| (next & 0x80 != 0) == negative);
            if *first != fill || !keeps_sign {
                break;
            }
            bytes = rest;
        }
        bytes
    }

    /// The big-endian bytes without a sign and without leading zeros, or `None` for a negative number.
    /// Zero is no bytes.
    pub fn to_unsigned_bytes(&self) -> Option<&[u8]> {
        if self.is_negative() {
            return None;
        }
        Some(&self.bytes[self.bytes.iter().take_while(|byte| **byte == 0).count()..])
    }

    /// Whether the number is below zero.
    pub fn is_negative(&self) -> bool {
        self.bytes.first().is_some_and(|first| first & 0x80 != 0)
    }

    /// The number, if it fits in 64 bits.
    pub fn to_i64(&self) -> Option<i64> {
        let bytes = self.to_signed_bytes();
        let fill = if self.is_negative() { 0xFF } else { 0 };
        let mut wide = [fill; 8];
        wide.get_mut(8usize.checked_sub(bytes.len())?..)?.copy_from_slice(bytes);
        Some(i64::from_be_bytes(wide))
    }
}

impl From<i64> for BigInteger {
    fn from(value: i64) -> Self {
        Self { bytes: value.to_be_bytes().to_vec() }
    }
}

impl PartialEq for BigInteger {
    fn eq(&self, other: &Self) -> bool {
        self.to_signed_bytes() == other.to_signed_bytes()
    }
}

impl Eq for BigInteger {}

impl Hash for BigInteger {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.to_signed_bytes().hash(state);
    }
}

impl Zeroize for BigInteger {
    fn zeroize(&mut self) {
        self.bytes.zeroize();
    }
}

impl fmt::Debug for BigInteger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BigInteger(0x")?;
        self.bytes.iter().try_for_each(|byte| write!(f, "{byte:02X}"))?;
        f.write_str(")")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pads_to_eight_bytes_with_the_sign() {
        for (bytes, padded) in [
            (&[][..], vec![0; 8]),
            (&[0x7F], vec![0, 0, 0, 0, 0, 0, 0, 0x7F]),
            (&[0x80], vec![0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x80]),
            (&[1, 0, 0, 0, 0, 0, 0, 0, 0], [vec![0; 7], vec![1], vec![0; 8]].concat()),
        ] {
            assert_eq!(BigInteger::from_signed_bytes(bytes).padded_bytes(), padded);
        }
    }

    #[test]
    fn an_unsigned_number_with_its_top_bit_set_stays_positive() {
        let number = BigInteger::from_unsigned_bytes(&[0x80, 0, 0, 0, 0, 0, 0, 0]);
        assert_eq!(number.padded_bytes().len(), 16);
        assert!(!number.is_negative());
        assert_eq!(number.to_unsigned_bytes(), Some(&[0x80, 0, 0, 0, 0, 0, 0, 0][..]));
        assert_eq!(number.to_i64(), None);
    }

    #[test]
    fn equal_numbers_are_equal_whatever_their_padding() {
        let short = BigInteger::from(-2);
        let long = BigInteger::from_signed_bytes(&[[0xFF; 15].as_slice(), &[0xFE]].concat());
        assert_eq!(short, long);
        assert_ne!(short.padded_bytes(), long.padded_bytes());
        assert_eq!(long.to_i64(), Some(-2));
        for number in [i64::MIN, -129, -128, -1, 0, 1, 127, 128, i64::MAX] {
            assert_eq!(BigInteger::from(number).to_i64(), Some(number));
        }
    }
}
