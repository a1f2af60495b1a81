//! What the standard says of a name or a number, from its tables.
//!
//! ```
//! use kmip_types::explain::{Meaning, explain};
//!
//! let found = explain("symmetric-key")?;
//! assert!(matches!(found.meanings[..], [Meaning::Tag(_), Meaning::Object(_)]));
//! let found = explain("State/Active")?;
//! assert!(found.to_string().starts_with("State.Active: value 0x00000002\n"));
//! assert!(explain("0x420028")?.to_string().starts_with("CryptographicAlgorithm: tag 0x420028\n"));
//! let error = explain("Crytographic Length").unwrap_err();
//! assert_eq!(error.to_string(),
//!     r#""Crytographic Length" is no name of the standard; did you mean CryptographicLength?"#);
//! # Ok::<(), kmip_types::explain::UnknownName>(())
//! ```

mod display;
mod fields;
mod find;
mod layout;
mod query;
mod suggest;
#[cfg(test)]
mod tests;

use crate::schemas::Entry;
use crate::tables::{AttributeInfo, EnumerationInfo, MaskInfo, NameInfo, OperationInfo, TagInfo};
use crate::tag::Tag;
use crate::text::did_you_mean;

/// Finds all that a name or a number stands for.
///
/// A name is one of the standard's of any version, wire or spelled out; case and all that is no letter or digit do not
/// count. It may be qualified by an enumeration, a mask, a tag with named values, or a kind: `ObjectType.SymmetricKey`,
/// `State/Active`, `tag State`. A number is decimal, or hex after `0x`, and may be qualified likewise: `Operation 10`,
/// `CryptographicUsageMask 12`. Six hex digits from `42` or `54` on are a tag without `0x`, too.
///
/// # Errors
/// The standard has no such name or number.
pub fn explain(query: &str) -> Result<Explanation, UnknownName> {
    let meanings = find::all(query);
    if meanings.is_empty() {
        return Err(UnknownName { query: query.to_owned(), nearest: suggest::nearest_to(query) });
    }
    Ok(Explanation { meanings })
}

/// All that a name or a number stands for.
///
/// Its `Display` is for people: plain text in lines of at most 80 columns.
#[derive(Clone, Debug)]
pub struct Explanation {
    /// The meanings, at least one.
    pub meanings: Vec<Meaning>,
}

/// One of the things that a name or a number stands for.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Meaning {
    /// A tag.
    Tag(TagMeaning),
    /// An enumeration.
    Enumeration(EnumerationMeaning),
    /// A bit mask.
    Mask(MaskMeaning),
    /// An attribute.
    Attribute(&'static AttributeInfo),
    /// An operation.
    Operation(OperationMeaning),
    /// A kind of managed object: a value of the enumeration Object Type.
    Object(ObjectMeaning),
    /// A value of any other enumeration.
    Value(ValueMeaning),
    /// A bit of a mask.
    Bit(BitMeaning),
    /// A number that the standard leaves to vendors, or that none of its versions has.
    Unlisted(Unlisted),
}

/// A tag, and what it is part of.
#[derive(Clone, Debug)]
pub struct TagMeaning {
    /// The row of its table.
    pub info: &'static TagInfo,
    /// The structures that it is the tag of, with their fields; empty where it is of a value, or of a payload.
    pub forms: Vec<Entry>,
    /// The structures and payloads that have it as a field.
    pub used_in: Vec<Entry>,
}

/// An enumeration, and what has its values.
#[derive(Clone, Debug)]
pub struct EnumerationMeaning {
    /// Its table.
    pub info: &'static EnumerationInfo,
    /// The tags whose values it names.
    pub tags: Vec<&'static TagInfo>,
    /// The attributes whose values it names.
    pub attributes: Vec<&'static AttributeInfo>,
    /// The structures and payloads that have one of the tags as a field.
    pub used_in: Vec<Entry>,
}

/// A mask, and what has its bits.
#[derive(Clone, Debug)]
pub struct MaskMeaning {
    /// Its table.
    pub info: &'static MaskInfo,
    /// The tags whose bits it names.
    pub tags: Vec<&'static TagInfo>,
    /// The attributes whose bits it names.
    pub attributes: Vec<&'static AttributeInfo>,
    /// The structures and payloads that have one of the tags as a field.
    pub used_in: Vec<Entry>,
}

/// A value of an enumeration.
#[derive(Clone, Copy, Debug)]
pub struct ValueMeaning {
    /// The enumeration.
    pub enumeration: &'static EnumerationInfo,
    /// The row of the value.
    pub value: &'static NameInfo,
}

/// A bit of a mask.
#[derive(Clone, Copy, Debug)]
pub struct BitMeaning {
    /// The mask.
    pub mask: &'static MaskInfo,
    /// The row of the bit.
    pub bit: &'static NameInfo,
}

/// An operation with its payloads.
#[derive(Clone, Debug)]
pub struct OperationMeaning {
    /// The row of its table.
    pub info: &'static OperationInfo,
    /// The request's payload.
    pub request: Option<Entry>,
    /// The response's payload; none where it is that of another operation.
    pub response: Option<Entry>,
}

/// A kind of managed object.
#[derive(Clone, Copy, Debug)]
pub struct ObjectMeaning {
    /// The row of the Object Type.
    pub object_type: &'static NameInfo,
    /// The tag of the object's structure.
    pub tag: Option<&'static TagInfo>,
}

/// A number that no version of the standard has.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Unlisted {
    /// A tag of a vendor: `0x540000` to `0x54FFFF`.
    VendorTag(Tag),
    /// A tag that the standard keeps for itself, `0x420000` to `0x42FFFF`, but no version has.
    Tag(Tag),
    /// A value of an enumeration that is a vendor's: `0x8XXXXXXX`.
    VendorValue(u32),
    /// Bits of a mask that no version has.
    Bits(&'static MaskInfo, u32),
}

/// A name or a number that the standard does not have.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{query:?} is no name of the standard{}", did_you_mean(nearest))]
pub struct UnknownName {
    /// What was asked for.
    pub query: String,
    /// The names that are nearest to it, in the form in which they can be asked for.
    pub nearest: Vec<String>,
}
