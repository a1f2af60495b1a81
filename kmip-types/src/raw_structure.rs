//! A structure whose fields are kept as items.

use kmip_derive::Ttlv;

use crate::Item;

/// A structure that is kept as it is: a vendor's, or one for which there is no type.
#[derive(Clone, Debug, Default, PartialEq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
pub struct RawStructure {
    /// The fields, in their order.
    #[ttlv(catch_all)]
    pub items: Vec<Item>,
}
