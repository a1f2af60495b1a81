//! Constraints: what new objects are under.

use kmip_derive::Ttlv;

use crate::attribute::Attributes;
use crate::operation::{ObjectGroups, ObjectTypes};

/// The constraints that new objects are under (KMIP 2.1 section 7.7). Since KMIP 2.1.
#[derive(Clone, Debug, Default, PartialEq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "Constraints")]
pub struct Constraints {
    /// The constraints.
    pub constraint: Vec<Constraint>,
}

/// A constraint that new objects are under (KMIP 2.1 section 7.6). Since KMIP 2.1.
#[derive(Clone, Debug, Default, PartialEq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "Constraint")]
pub struct Constraint {
    /// The kinds of object to which it applies.
    pub object_types: Option<ObjectTypes>,
    /// The groups to which it applies.
    pub object_groups: Option<ObjectGroups>,
    /// The attributes that the objects must have.
    pub attributes: Option<Attributes>,
}

impl<I: IntoIterator<Item = Constraint>> From<I> for Constraints {
    fn from(constraint: I) -> Self {
        Self { constraint: constraint.into_iter().collect() }
    }
}
