//! An item that lenient reading kept as it came.

use core::fmt;

use crate::error::{DecodeError, EncodeError};
use crate::item::Item;
use crate::item_type::ItemType;
use crate::primitive::SecretBytes;
use crate::tag::Tag;
use crate::ttlv::{Decode, Header, Mode, Reader};

/// An item that lenient reading could not, or need not, give a type, as it came: header, value and padding.
///
/// It may hold a secret: it is zeroized when it is dropped, and `Debug` shows its tag, type and size only.
#[derive(Clone, PartialEq, Eq)]
pub struct KeptItem(SecretBytes);

impl KeptItem {
    pub(super) fn new(header: &Header, bytes: &[u8]) -> Self {
        debug_assert_eq!(bytes.len(), header.end() - header.offset);
        Self(SecretBytes::from(bytes))
    }

    /// What an item is when it is kept as it came.
    ///
    /// # Errors
    /// A limit is exceeded.
    pub fn of(item: &Item) -> Result<Self, EncodeError> {
        item.to_ttlv().map(|bytes| Self(SecretBytes::from(bytes)))
    }

    /// The item's tag.
    pub fn tag(&self) -> Tag {
        let [high, middle, low, _] = self.start();
        Tag::from_raw(u32::from_be_bytes([0, high, middle, low]))
    }

    /// The item's type.
    pub fn item_type(&self) -> ItemType {
        let [.., number] = self.start();
        // What is kept has a header that was read.
        ItemType::from_number(number).unwrap_or(ItemType::Structure)
    }

    /// The tag and the type.
    fn start(&self) -> [u8; 4] {
        self.reveal().first_chunk().copied().unwrap_or_default()
    }

    /// The bytes of the whole item, which may hold a secret.
    pub fn reveal(&self) -> &[u8] {
        self.0.reveal()
    }

    /// The item as a tree.
    ///
    /// # Errors
    /// [`DecodeError`] where the item is a Structure in name only: what is in it are not items.
    pub fn item(&self) -> Result<Item, DecodeError> {
        Item::from_ttlv(self.reveal())
    }

    /// The item, read as a type that may fit it better than that of its place.
    ///
    /// # Errors
    /// [`DecodeError`] where it does not.
    pub fn read<T: Decode>(&self) -> Result<T, DecodeError> {
        let mut reader = Reader::new(self.reveal(), Mode::Lenient, crate::Limits::DEFAULT)?;
        let value = T::decode(self.tag(), &mut reader)?;
        reader.finish()?;
        Ok(value)
    }
}

impl fmt::Debug for KeptItem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KeptItem({self})")
    }
}

/// The tag, the type and the size.
impl fmt::Display for KeptItem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({}, {} bytes)", self.tag(), self.item_type(), self.reveal().len())
    }
}
