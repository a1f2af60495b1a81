//! What a Rust type is on the wire, as constants: for the codec, for checks at compile time, for the audit.

use crate::error::{DecodeError, EncodeError};
use crate::item_type::ItemTypes;
use crate::tables::Names;
use crate::tag::Tag;
use crate::ttlv::known::Form;
use crate::ttlv::{End, Reader, Tagged, Writer};
use crate::version::ProtocolVersion;

/// A type that has a form on the wire.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no form in TTLV",
    label = "not a type that TTLV knows",
    note = "derive `Ttlv` for a structure or a choice, `TtlvEnum` for an enumeration; an Integer is `i32`, a Long \
            Integer `i64`, a Text String `String`, a Byte String `Vec<u8>`, a vendor's mask `Mask<_>`"
)]
pub trait Wire {
    /// The item types that a value of this Rust type can have on the wire.
    const ITEM_TYPES: ItemTypes;
    /// What names its value: the enumeration or the mask that this type is, if it is one.
    const NAMES: Names = Names::None;
    /// Whether a value is under a tag of its own, whichever one is asked for: a choice by tag is.
    const BRINGS_TAG: bool = false;
}

impl<T: Wire> Wire for Box<T> {
    const ITEM_TYPES: ItemTypes = T::ITEM_TYPES;
    const NAMES: Names = T::NAMES;
    const BRINGS_TAG: bool = T::BRINGS_TAG;
}

/// A type that is a structure on the wire: what `#[derive(Ttlv)]` makes of a Rust struct.
pub trait Structure {
    /// Its fields, in their order.
    const SCHEMA: &'static Schema;
}

/// A structure whose fields can stand among those of another one: what `#[ttlv(flatten)]` takes.
#[diagnostic::on_unimplemented(
    message = "the fields of `{Self}` cannot stand among those of another structure",
    label = "not a structure that can be flattened",
    note = "derive `Ttlv` for it, as a struct with named fields and without `selector`"
)]
pub trait Fields: Structure + Sized {
    /// The schema, so that code which flattens asks for no other trait.
    #[doc(hidden)]
    const INNER: &'static Schema = Self::SCHEMA;

    /// Writes the fields, without a structure around them.
    ///
    /// # Errors
    /// [`EncodeError`] where the writer's version has no form for a value, or a limit is exceeded.
    fn write_fields(&self, writer: &mut Writer) -> Result<(), EncodeError>;

    /// Reads the fields, without the structure around them, whose `end` may have to follow.
    ///
    /// # Errors
    /// [`DecodeError`] where a field is missing, or not as it should be, or one too many.
    fn read_fields(reader: &mut Reader<'_>, end: End) -> Result<Self, DecodeError>;
}

/// A type that has one natural tag, such as a whole message.
///
/// With the feature `serde` it serialises as the [`Item`](crate::Item) that it is under that tag: the
/// standard's JSON, in a format that has objects.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no tag of its own",
    label = "nothing says under which tag it is",
    note = "where it derives `Ttlv`, add `#[ttlv(tag = 0x540001)]`: a vendor's tags are 0x540000 to 0x54FFFF"
)]
pub trait Root {
    /// The tag.
    const TAG: Tag;

    /// Whether a value states its version, as a message does. What does not is serialised in the form of the
    /// newest version that has one for it.
    const STATES_VERSION: bool = false;

    /// The version that a value states, if it does, else the newest.
    fn protocol_version(&self) -> ProtocolVersion {
        ProtocolVersion::NEWEST
    }
}

impl<T: Root> Root for &T {
    const TAG: Tag = T::TAG;
    const STATES_VERSION: bool = T::STATES_VERSION;

    fn protocol_version(&self) -> ProtocolVersion {
        (**self).protocol_version()
    }
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
    /// The schema of a structure that has these fields and no others.
    pub const fn new(name: &'static str, fields: &'static [Field]) -> Self {
        Self { name, fields, catch_all: false }
    }

    /// The schema of a structure that keeps what is not listed.
    #[must_use]
    pub const fn and_all_else(mut self) -> Self {
        self.catch_all = true;
        self
    }

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
    /// Whether it can have any tag of a vendor besides.
    pub open: bool,
    /// The tag that versions before the given one use in its place.
    pub formerly: Option<(Tag, ProtocolVersion)>,
    /// The first version that has it.
    pub since: Option<ProtocolVersion>,
    /// The last version that has it.
    pub until: Option<ProtocolVersion>,
    /// The bits of the versions that have it.
    versions: u32,
    /// The bits of the versions that use the field's own tag.
    renamed: u32,
    /// How often it occurs.
    pub presence: Presence,
    /// The versions that require one, where its presence does not say so.
    pub required: Option<Versions>,
    /// The bits of the versions that require one.
    required_at: u32,
    /// The versions that allow no second one, where its presence does not say so.
    pub once: Option<Versions>,
    /// The bits of the versions that allow no second one.
    once_at: u32,
    /// Whether, leniently, one that does not read fails the whole rather than being kept aside.
    pub essential: bool,
    /// The item types that it can have.
    pub types: ItemTypes,
}

/// A range of versions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Versions {
    /// The first one; any earlier one, if omitted.
    pub since: Option<ProtocolVersion>,
    /// The last one; any later one, if omitted.
    pub until: Option<ProtocolVersion>,
}

impl Versions {
    /// Every version.
    pub const ALL: Self = Self::new(None, None);

    /// The versions from one to another.
    pub const fn new(since: Option<ProtocolVersion>, until: Option<ProtocolVersion>) -> Self {
        Self { since, until }
    }

    /// The bits of the versions, each of which has [its own](ProtocolVersion::bit).
    pub(crate) const fn bits(self) -> u32 {
        let since = match self.since {
            Some(version) => version.bits_since(),
            None => u32::MAX,
        };
        match self.until {
            Some(version) => since & version.bits_until(),
            None => since,
        }
    }
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
            open: false,
            formerly: None,
            since: None,
            until: None,
            versions: u32::MAX,
            renamed: u32::MAX,
            presence,
            required: None,
            required_at: if matches!(presence, Presence::Required) { u32::MAX } else { 0 },
            once: None,
            once_at: if matches!(presence, Presence::Repeated) { 0 } else { u32::MAX },
            essential: false,
            types: ItemTypes::ANY,
        }
    }

    /// The field with the item types of a Rust type.
    ///
    /// # Panics
    /// The type brings a tag of its own, which a field of a given tag cannot have. In a constant, as in the code
    /// of the derive, that is an error at compile time.
    #[must_use]
    #[track_caller]
    pub const fn of<T: Wire>(self) -> Self {
        self.in_form(Form::of::<T>())
    }

    /// The field of a type that is this on the wire.
    #[track_caller]
    pub(crate) const fn in_form(mut self, form: Form) -> Self {
        assert!(!form.brings_tag, "the type is a choice by tag, whose field is marked `#[ttlv(choice)]`");
        self.types = form.types;
        self.other_tags = form.tags;
        self.open = form.open;
        self
    }

    /// The field, in this and later versions.
    #[must_use]
    pub const fn since(mut self, version: ProtocolVersion) -> Self {
        self.since = Some(version);
        self.versions &= version.bits_since();
        self
    }

    /// The field, in this and earlier versions.
    #[must_use]
    pub const fn until(mut self, version: ProtocolVersion) -> Self {
        self.until = Some(version);
        self.versions &= version.bits_until();
        self
    }

    /// The field, under another tag in versions before `version`.
    #[must_use]
    pub const fn formerly(mut self, tag: Tag, version: ProtocolVersion) -> Self {
        self.formerly = Some((tag, version));
        self.renamed = version.bits_since();
        self
    }

    /// The field, at least one of which is required in these versions.
    #[must_use]
    pub const fn required_in(mut self, versions: Versions) -> Self {
        self.required = Some(versions);
        self.required_at = versions.bits();
        self
    }

    /// The field, of which these versions allow no second one.
    #[must_use]
    pub const fn once_in(mut self, versions: Versions) -> Self {
        self.once = Some(versions);
        self.once_at = versions.bits();
        self
    }

    /// The field, without which a structure means nothing: leniently, one that does not read fails the whole.
    #[must_use]
    pub const fn essential(mut self) -> Self {
        self.essential = true;
        self
    }

    /// The field, which can have any of these tags.
    #[must_use]
    pub const fn tagged(mut self, tags: &'static [Tag]) -> Self {
        self.other_tags = tags;
        self
    }

    /// The field, which can have any tag that a choice by tag can have.
    #[must_use]
    pub const fn choice<T: Tagged + Wire>(self) -> Self {
        self.in_form(Form::of_choice::<T>())
    }

    /// Its tag in a version.
    pub const fn tag_in(&self, version: ProtocolVersion) -> Tag {
        self.tag_at(version.bit())
    }

    /// Whether a version has it.
    pub const fn is_in(&self, version: ProtocolVersion) -> bool {
        self.is_at(version.bit())
    }

    /// Whether a version has it, and requires one.
    pub const fn is_required_in(&self, version: ProtocolVersion) -> bool {
        self.is_required_at(version.bit())
    }

    /// Whether a version allows no second one.
    pub const fn is_single_in(&self, version: ProtocolVersion) -> bool {
        self.is_single_at(version.bit())
    }

    /// Its tag in the version with this bit.
    #[inline(always)]
    pub(crate) const fn tag_at(&self, version: u32) -> Tag {
        match self.formerly {
            Some((tag, _)) if self.renamed & version == 0 => tag,
            _ => self.tag,
        }
    }

    /// Whether the version with this bit has it.
    #[inline(always)]
    pub(crate) const fn is_at(&self, version: u32) -> bool {
        self.versions & version != 0
    }

    /// Whether the version with this bit has the field, and requires one. Of several bits, each must.
    #[inline(always)]
    pub(crate) const fn is_required_at(&self, versions: u32) -> bool {
        // The constant first: of most fields, it leaves nothing to do at run time.
        self.required_at != 0 && versions & !(self.required_at & self.versions) == 0
    }

    /// Whether every version has the field, under one tag, any number of times.
    #[inline(always)]
    pub(crate) const fn is_unbounded(&self) -> bool {
        self.versions == u32::MAX && self.formerly.is_none() && self.once_at == 0
    }

    /// Whether no version requires one.
    #[inline(always)]
    pub(crate) const fn required_at_none(&self) -> bool {
        self.required_at == 0
    }

    /// Whether the version with this bit allows no second one. Of several bits, each must.
    #[inline(always)]
    pub(crate) const fn is_single_at(&self, versions: u32) -> bool {
        self.once_at != 0 && versions & !self.once_at == 0
    }

    /// Whether the version with this bit has the field under this tag. Of several bits, one will do.
    #[inline(always)]
    pub(crate) const fn has_tag_at(&self, tag: Tag, versions: u32) -> bool {
        if self.versions == u32::MAX && self.formerly.is_none() {
            return true;
        }
        let own = match self.formerly {
            Some((formerly, _)) if formerly.value() == tag.value() => !self.renamed,
            Some(_) => self.renamed,
            None => u32::MAX,
        };
        self.versions & own & versions != 0
    }

    /// The first and the last version that have the field under this tag.
    pub(crate) fn bounds_of(&self, tag: Tag) -> (Option<ProtocolVersion>, Option<ProtocolVersion>) {
        match self.formerly {
            Some((formerly, renamed)) if formerly == tag => {
                let before = ProtocolVersion::ALL.iter().rev().find(|version| **version < renamed);
                (self.since, before.copied())
            }
            Some((_, renamed)) => (Some(renamed), self.until),
            None => (self.since, self.until),
        }
    }

    /// Whether the field can have this tag in any version.
    #[inline]
    pub const fn is_tagged(&self, tag: Tag) -> bool {
        self.lists(tag) || (self.open && tag.is_vendor())
    }

    /// Whether this is one of the field's own tags, rather than any of a vendor's.
    #[inline(always)]
    pub const fn lists(&self, tag: Tag) -> bool {
        if self.tag.value() == tag.value() {
            return true;
        }
        if let Some((formerly, _)) = self.formerly
            && formerly.value() == tag.value()
        {
            return true;
        }
        let mut index = 0;
        while index < self.other_tags.len() {
            if self.other_tags[index].value() == tag.value() {
                return true;
            }
            index += 1;
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_in_the_ranges_that_reach_it() {
        let (v1_1, v1_3) = (Some(ProtocolVersion::V1_1), Some(ProtocolVersion::V1_3));
        for (versions, expected) in [
            (Versions::ALL, "1.0 1.1 1.2 1.3 1.4 2.0 2.1"),
            (Versions::new(v1_3, None), "1.3 1.4 2.0 2.1"),
            (Versions::new(None, v1_1), "1.0 1.1"),
            (Versions::new(v1_1, v1_3), "1.1 1.2 1.3"),
            (Versions::new(v1_1, v1_1), "1.1"),
        ] {
            let within = ProtocolVersion::ALL.iter().filter(|version| versions.bits() & version.bit() != 0);
            let within: Vec<String> = within.map(ProtocolVersion::to_string).collect();
            assert_eq!(within.join(" "), expected);
        }
    }

    #[test]
    fn presence_and_repetition_are_those_of_the_version() {
        let (v1_1, v1_2) = (Some(ProtocolVersion::V1_1), Some(ProtocolVersion::V1_2));
        for (field, expected) in [
            (Field::required(Tag::DATA), "required single, required single"),
            (Field::optional(Tag::DATA), "single, single"),
            (Field::repeated(Tag::DATA), ","),
            (Field::optional(Tag::DATA).required_in(Versions::new(None, v1_1)), "required single, single"),
            (Field::repeated(Tag::DATA).required_in(Versions::new(v1_2, None)), ", required"),
            (Field::repeated(Tag::DATA).once_in(Versions::new(None, v1_1)), "single,"),
            (
                Field::repeated(Tag::DATA).required_in(Versions::ALL).since(ProtocolVersion::V1_2),
                ", required",
            ),
        ] {
            let at = |version: ProtocolVersion| {
                let required = field.is_required_in(version).then_some("required");
                let single = field.is_single_in(version).then_some("single");
                [required, single].into_iter().flatten().collect::<Vec<_>>().join(" ")
            };
            let found = format!("{}, {}", at(ProtocolVersion::V1_1), at(ProtocolVersion::V1_2));
            assert_eq!(found.trim_end(), expected, "{field:?}");
        }
    }
}
