//! A structure whose fields are kept as items.

use core::fmt;

use kmip_derive::Ttlv;

use crate::Item;
use crate::item::debug_hidden;

/// A structure that is kept as it is: a vendor's, or one for which there is no type.
///
/// Nothing says which of its values are secrets: `Debug` shows none, and all are wiped when they are dropped.
///
/// ```
/// use kmip_types::{Item, RawStructure, Tag};
/// let structure = RawStructure { items: vec![Item::text_string(Tag::COMMENT, "hunter2")] };
/// assert_eq!(format!("{structure:?}"), "RawStructure { Comment TextString(7 bytes) }");
/// ```
#[derive(Clone, Default, PartialEq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
pub struct RawStructure {
    /// The fields, in their order.
    #[ttlv(catch_all)]
    pub items: Vec<Item>,
}

impl fmt::Debug for RawStructure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RawStructure ")?;
        debug_hidden(&self.items, f)
    }
}
