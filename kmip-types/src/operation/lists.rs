//! Structures that are lists of one field.

use kmip_derive::Ttlv;

use crate::attribute::UniqueIdentifier;
use crate::generated::enumerations::{ObjectType, Operation};
use crate::hex_debug::debug_in_hex;

/// Pending operations, by their correlation values (KMIP 2.1 section 7.1). Since KMIP 2.1.
#[derive(Clone, Default, PartialEq, Eq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "AsynchronousCorrelationValues")]
pub struct AsynchronousCorrelationValues {
    /// The correlation values.
    pub asynchronous_correlation_value: Vec<Vec<u8>>,
}

debug_in_hex!(AsynchronousCorrelationValues { asynchronous_correlation_value });

/// Objects, by their identifiers (KMIP 2.1 section 7.21). Since KMIP 2.0.
#[derive(Clone, Debug, Default, PartialEq, Eq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "Objects")]
pub struct Objects {
    /// The identifiers.
    pub unique_identifier: Vec<UniqueIdentifier>,
}

/// Groups of objects (KMIP 2.1 section 7.23). Since KMIP 2.1.
#[derive(Clone, Debug, Default, PartialEq, Eq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "ObjectGroups")]
pub struct ObjectGroups {
    /// The groups.
    pub object_group: Vec<String>,
}

/// Kinds of object (KMIP 2.1 section 7.24). Since KMIP 2.1.
#[derive(Clone, Debug, Default, PartialEq, Eq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "ObjectTypes")]
pub struct ObjectTypes {
    /// The kinds.
    pub object_type: Vec<ObjectType>,
}

/// Operations, by their kinds (KMIP 2.1 section 7.25). Since KMIP 2.0.
#[derive(Clone, Debug, Default, PartialEq, Eq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "Operations")]
pub struct Operations {
    /// The kinds.
    pub operation: Vec<Operation>,
}

macro_rules! lists {
    ($($list:ident: $field:ident of $item:ident),* $(,)?) => { $(
        impl<T: Into<$item>, I: IntoIterator<Item = T>> From<I> for $list {
            fn from(values: I) -> Self {
                Self { $field: values.into_iter().map(Into::into).collect() }
            }
        }
    )* };
}

/// A correlation value.
type Bytes = Vec<u8>;

lists! {
    AsynchronousCorrelationValues: asynchronous_correlation_value of Bytes,
    Objects: unique_identifier of UniqueIdentifier,
    ObjectGroups: object_group of String,
    ObjectTypes: object_type of ObjectType,
    Operations: operation of Operation,
}
