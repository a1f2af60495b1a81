//! Rights: what the holder of a ticket may do.

use kmip_derive::Ttlv;

use crate::attribute::UsageLimits;
use crate::operation::{ObjectGroups, Objects, Operations};

/// What the holder of a ticket may do: all that at least one right allows (KMIP 2.1 section 7.35).
/// Since KMIP 2.0.
#[derive(Clone, Debug, Default, PartialEq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "Rights")]
pub struct Rights {
    /// The rights.
    pub right: Vec<Right>,
}

/// A right to do some operations on some objects (KMIP 2.1 section 7.34). What is omitted is not restricted.
/// Since KMIP 2.0.
#[derive(Clone, Debug, Default, PartialEq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "Right")]
pub struct Right {
    /// How much may be done.
    pub usage_limits: Option<UsageLimits>,
    /// Which operations.
    pub operations: Option<Operations>,
    /// On which objects.
    pub objects: Option<Objects>,
    /// On objects of which groups.
    #[ttlv(since = "2.1")]
    pub object_groups: Option<ObjectGroups>,
}

impl<I: IntoIterator<Item = Right>> From<I> for Rights {
    fn from(right: I) -> Self {
        Self { right: right.into_iter().collect() }
    }
}
