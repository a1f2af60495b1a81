//! Masks of a vendor, and the names of any mask's bits, joined and split.

use core::fmt;
use core::hash::{Hash, Hasher};
use core::marker::PhantomData;
use core::ops::{BitOr, BitOrAssign};

use crate::error::{DecodeError, EncodeError};
use crate::item_type::ItemTypes;
use crate::tables::{MaskInfo, NameInfo, Names};
use crate::tag::Tag;
use crate::ttlv::{Decode, Encode, Reader, Wire, Writer};

/// The bits of a mask that a vendor defines: what `#[derive(TtlvMask)]` makes of an enum.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not say what a mask's bits are",
    label = "not the bits of a mask",
    note = "derive `TtlvMask` for an enum whose variants are bits, such as `Fly = 0x1`"
)]
pub trait MaskBit: Copy + 'static {
    /// The names of the bits.
    const INFO: &'static MaskInfo;

    /// The bit's number: one that has one bit set.
    fn bit(self) -> u32;
}

/// A mask of a vendor: an Integer of bits, of which `B` says what each means.
///
/// Bits that `B` does not have are kept. The masks of the standard are in [`masks`](crate::masks).
///
/// ```
/// use kmip_types::{Mask, TtlvMask};
///
/// #[derive(Clone, Copy, TtlvMask)]
/// enum AcmeUse {
///     Fly = 0x1,
///     Dig = 0x2,
/// }
///
/// let mask: Mask<AcmeUse> = AcmeUse::Fly | AcmeUse::Dig;
/// assert!(mask.contains(AcmeUse::Dig));
/// assert_eq!(mask.to_string(), "Fly|Dig");
/// assert_eq!(Mask::<AcmeUse>::from_bits(0x11).to_string(), "Fly|0x00000010");
/// ```
pub struct Mask<B>(u32, PhantomData<B>);

impl<B: MaskBit> Mask<B> {
    /// No bit.
    pub const fn empty() -> Self {
        Self::from_bits(0)
    }

    /// The mask with these bits, named or not.
    pub const fn from_bits(bits: u32) -> Self {
        Self(bits, PhantomData)
    }

    /// The bits.
    pub const fn bits(self) -> u32 {
        self.0
    }

    /// Whether no bit is set.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether all bits of the other are set.
    pub fn contains(self, other: impl Into<Self>) -> bool {
        let other = other.into();
        self.0 & other.0 == other.0
    }

    /// The mask without the bits of the other.
    #[must_use]
    pub fn without(self, other: impl Into<Self>) -> Self {
        Self::from_bits(self.0 & !other.into().0)
    }
}

// By hand, as a derive would ask the same of the bits.
impl<B> Clone for Mask<B> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<B> Copy for Mask<B> {}

impl<B> Default for Mask<B> {
    fn default() -> Self {
        Self(0, PhantomData)
    }
}

impl<B> PartialEq for Mask<B> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

impl<B> Eq for Mask<B> {}

impl<B> Hash for Mask<B> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}

impl<B: MaskBit> From<B> for Mask<B> {
    fn from(bit: B) -> Self {
        Self::from_bits(bit.bit())
    }
}

impl<B: MaskBit> FromIterator<B> for Mask<B> {
    fn from_iter<I: IntoIterator<Item = B>>(bits: I) -> Self {
        bits.into_iter().fold(Self::empty(), |mask, bit| mask | bit)
    }
}

impl<B: MaskBit, R: Into<Self>> BitOr<R> for Mask<B> {
    type Output = Self;

    fn bitor(self, other: R) -> Self {
        Self::from_bits(self.0 | other.into().0)
    }
}

impl<B: MaskBit, R: Into<Self>> BitOrAssign<R> for Mask<B> {
    fn bitor_assign(&mut self, other: R) {
        *self = *self | other;
    }
}

/// Names with `|` between them, and what has no name in hex.
impl<B: MaskBit> fmt::Display for Mask<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&B::INFO.join(self.0, "|"))
    }
}

impl<B: MaskBit> fmt::Debug for Mask<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

impl<B: MaskBit> Wire for Mask<B> {
    const ITEM_TYPES: ItemTypes = ItemTypes::INTEGER;
    const NAMES: Names = Names::Mask(B::INFO);
}

impl<B: MaskBit> Encode for Mask<B> {
    fn encode(&self, tag: Tag, writer: &mut Writer) -> Result<(), EncodeError> {
        writer.integer(tag, self.0.cast_signed())
    }
}

impl<B: MaskBit> Decode for Mask<B> {
    fn decode(tag: Tag, reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        reader.integer(tag).map(|bits| Self::from_bits(bits.cast_unsigned()))
    }
}

/// A component of a mask that is no name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{mask} has no bit named {name:?}{}", suggestion.map(|near| format!("; did you mean {near}?")).unwrap_or_default())]
pub struct UnknownMaskName {
    /// The mask's wire name.
    pub mask: &'static str,
    /// The name that was given.
    pub name: String,
    /// The nearest known name.
    pub suggestion: Option<&'static str>,
}

impl MaskInfo {
    /// The names of the set bits, in the order of their numbers, and the bits that have no name.
    pub fn names(&self, bits: u32) -> (Vec<&'static str>, u32) {
        let set = |row: &&NameInfo| row.value != 0 && bits & row.value == row.value;
        let rows: Vec<&NameInfo> = self.bits.iter().filter(set).collect();
        let named = rows.iter().fold(0, |all, row| all | row.value);
        (rows.into_iter().map(|row| row.name).collect(), bits & !named)
    }

    /// The names of the set bits with `separator` between them; what has no name is last, in hex.
    pub fn join(&self, bits: u32, separator: &str) -> String {
        let (names, unnamed) = self.names(bits);
        let mut parts: Vec<String> = names.into_iter().map(str::to_owned).collect();
        if unnamed != 0 || parts.is_empty() {
            parts.push(format!("0x{unnamed:08x}"));
        }
        parts.join(separator)
    }

    /// The bits with these names, wire or spelled out.
    ///
    /// # Errors
    /// [`UnknownMaskName`] for the first name that is not one of the mask's.
    pub fn bits_of<'a>(&self, names: impl IntoIterator<Item = &'a str>) -> Result<u32, UnknownMaskName> {
        names.into_iter().try_fold(0, |bits, name| match self.by_name(name) {
            Some(row) => Ok(bits | row.value),
            None => {
                let known = self.bits.iter().map(|row| row.name);
                let suggestion = crate::nearest::nearest(name, known);
                Err(UnknownMaskName { mask: self.name, name: name.to_owned(), suggestion })
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use crate::generated::masks::CRYPTOGRAPHIC_USAGE_MASK as MASK;

    #[test]
    fn names_and_bits_are_each_others_inverse() {
        assert_eq!(MASK.bits_of(["Encrypt", "Decrypt"]), Ok(12));
        assert_eq!(MASK.bits_of(["Certificate Sign"]), MASK.bits_of(["CertificateSign"]));
        assert_eq!(MASK.names(12), (vec!["Encrypt", "Decrypt"], 0));
    }

    #[test]
    fn bits_without_a_name_are_kept() {
        assert_eq!(MASK.names(0x8000_0004), (vec!["Encrypt"], 0x8000_0000));
        assert_eq!(MASK.join(0x8000_0004, "|"), "Encrypt|0x80000000");
        assert_eq!(MASK.join(0, "|"), "0x00000000");
    }

    #[test]
    fn an_unknown_name_suggests_a_near_one() {
        let error = MASK.bits_of(["Encrpyt"]).unwrap_err();
        assert_eq!(
            error.to_string(),
            "CryptographicUsageMask has no bit named \"Encrpyt\"; did you mean Encrypt?"
        );
    }
}
