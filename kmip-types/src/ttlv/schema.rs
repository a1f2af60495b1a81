//! What a Rust type is on the wire, as constants: for the codec, for checks at compile time, for the audit.

use crate::item_type::ItemTypes;
use crate::tables::EnumerationInfo;
use crate::tag::Tag;
use crate::version::ProtocolVersion;

/// A type that has a form on the wire.
pub trait Wire {
    /// The item types that a value of this Rust type can have on the wire.
    const ITEM_TYPES: ItemTypes;
    /// The enumeration that this type is, if it is one.
    const ENUMERATION: Option<&'static EnumerationInfo> = None;
}

impl<T: Wire> Wire for Box<T> {
    const ITEM_TYPES: ItemTypes = T::ITEM_TYPES;
    const ENUMERATION: Option<&'static EnumerationInfo> = T::ENUMERATION;
}

/// A type that is a structure on the wire: what `#[derive(Ttlv)]` makes of a Rust struct.
pub trait Structure {
    /// Its fields, in their order.
    const SCHEMA: &'static Schema;
}

/// A type that has one natural tag, such as a whole message.
pub trait Root {
    /// The tag.
    const TAG: Tag;
}

/// The fields of a structure, in their order.
#[derive(Debug)]
pub struct Schema {
    /// The Rust type's name, for error messages.
    pub name: &'static str,
    /// The fields.
    pub fields: &'static [Field],
    /// Whether fields that are not listed are kept as [`Item`](crate::Item)s rather than refused.
    pub catch_all: bool,
}

impl Schema {
    /// The field with this tag, in any version's form.
    pub fn field(&self, tag: Tag) -> Option<&'static Field> {
        self.fields.iter().find(|field| field.is_tagged(tag))
    }
}

/// A field of a structure.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// Its tag.
    pub tag: Tag,
    /// The tags that the field can have besides: those of a choice by tag.
    pub other_tags: &'static [Tag],
    /// The tag that versions before the given one use in its place.
    pub formerly: Option<(Tag, ProtocolVersion)>,
    /// The first version that has it.
    pub since: Option<ProtocolVersion>,
    /// The last version that has it.
    pub until: Option<ProtocolVersion>,
    /// How often it occurs.
    pub presence: Presence,
    /// The item types that it can have.
    pub types: ItemTypes,
}

/// How often a field occurs in its structure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// Once.
    Required,
    /// Once or not at all.
    Optional,
    /// Any number of times.
    Repeated,
}

impl Field {
    /// A field that occurs once.
    pub const fn required(tag: Tag) -> Self {
        Self::new(tag, Presence::Required)
    }

    /// A field that occurs once or not at all.
    pub const fn optional(tag: Tag) -> Self {
        Self::new(tag, Presence::Optional)
    }

    /// A field that occurs any number of times.
    pub const fn repeated(tag: Tag) -> Self {
        Self::new(tag, Presence::Repeated)
    }

    const fn new(tag: Tag, presence: Presence) -> Self {
        Self {
            tag,
            other_tags: &[],
            formerly: None,
            since: None,
            until: None,
            presence,
            types: ItemTypes::ANY,
        }
    }

    /// The field with the item types of a Rust type.
    #[must_use]
    pub const fn of<T: Wire>(mut self) -> Self {
        self.types = T::ITEM_TYPES;
        self
    }

    /// The field, in this and later versions.
    #[must_use]
    pub const fn since(mut self, version: ProtocolVersion) -> Self {
        self.since = Some(version);
        self
    }

    /// The field, in this and earlier versions.
    #[must_use]
    pub const fn until(mut self, version: ProtocolVersion) -> Self {
        self.until = Some(version);
        self
    }

    /// The field, under another tag in versions before `version`.
    #[must_use]
    pub const fn formerly(mut self, tag: Tag, version: ProtocolVersion) -> Self {
        self.formerly = Some((tag, version));
        self
    }

    /// The field, which can have any of these tags.
    #[must_use]
    pub const fn tagged(mut self, tags: &'static [Tag]) -> Self {
        self.other_tags = tags;
        self
    }

    /// Its tag in a version.
    #[inline]
    pub const fn tag_in(&self, version: ProtocolVersion) -> Tag {
        match self.formerly {
            Some((tag, renamed)) if !version.is_at_least(renamed) => tag,
            _ => self.tag,
        }
    }

    /// Whether a version has it.
    #[inline]
    pub const fn is_in(&self, version: ProtocolVersion) -> bool {
        let late_enough = match self.since {
            Some(since) => version.is_at_least(since),
            None => true,
        };
        let early_enough = match self.until {
            Some(until) => until.is_at_least(version),
            None => true,
        };
        late_enough && early_enough
    }

    /// Whether the field has this tag in any version.
    pub fn is_tagged(&self, tag: Tag) -> bool {
        self.tag == tag
            || self.other_tags.contains(&tag)
            || self.formerly.is_some_and(|(formerly, _)| formerly == tag)
    }
}
