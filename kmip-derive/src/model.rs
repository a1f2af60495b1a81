//! What the input stands for: its tags, versions, types and selectors, resolved.

use proc_macro2::{Ident, Span};
use syn::ext::IdentExt;
use syn::{Pat, Path, Type, Visibility};

use crate::parse::{By, VersionPath};
use crate::presence::ByVersion;
use crate::tables::{TagRow, Version};

/// A type that is resolved.
pub(crate) struct Model {
    pub(crate) ident: Ident,
    pub(crate) vis: Visibility,
    pub(crate) krate: Path,
    /// The type's natural tag.
    pub(crate) root: Option<Tag>,
    /// The type whose value decides the form.
    pub(crate) selector: Option<Type>,
    /// The field, or a field of a field, that says in which version's form the value is.
    pub(crate) version: Option<VersionPath>,
    /// The type has a constructor and setters of its own.
    pub(crate) no_new: bool,
    pub(crate) kind: Kind,
}

/// What a type is on the wire.
pub(crate) enum Kind {
    Structure(Vec<Field>),
    Transparent { ty: Box<Type>, secret: bool },
    Choice(Box<Choice>),
}

/// A tag.
#[derive(Clone)]
pub(crate) struct Tag {
    pub(crate) value: u32,
    /// What the standard says of it; nothing for a vendor's.
    pub(crate) row: Option<&'static TagRow>,
    /// Where the input names it.
    pub(crate) span: Span,
}

/// A field of a structure.
pub(crate) struct Field {
    pub(crate) ident: Ident,
    pub(crate) ty: Type,
    pub(crate) form: Form,
    pub(crate) secret: bool,
}

/// How a field is written and read.
pub(crate) enum Form {
    /// As an item, or several.
    Item(Box<ItemField>),
    /// By a module.
    With(Path),
    /// As the fields of another structure.
    Flatten(Type),
    /// As all items that are left.
    CatchAll { ty: Type },
}

/// A field that is an item, or several.
pub(crate) struct ItemField {
    /// The type of one item.
    pub(crate) ty: Type,
    pub(crate) presence: Presence,
    pub(crate) tag: FieldTag,
    pub(crate) since: Bound,
    pub(crate) until: Bound,
    pub(crate) selector: Option<Selector>,
    /// Where the type leaves it open, the versions that require one and those that allow no second one.
    pub(crate) by_version: ByVersion,
    /// Leniently, one that does not read fails the whole.
    pub(crate) essential: bool,
    /// It states the version of the message.
    pub(crate) version: Option<Span>,
}

/// A range of versions.
#[derive(Clone, Copy)]
pub(crate) struct Versions {
    pub(crate) since: Option<Version>,
    pub(crate) until: Option<Version>,
    /// Where the input names it.
    pub(crate) span: Span,
}

/// How often a field occurs.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Presence {
    Required,
    Optional,
    /// Absent reads as the default.
    Defaulted,
    Repeated,
}

/// The tag that a field has.
pub(crate) enum FieldTag {
    /// This one.
    One(Tag),
    /// This one, and another one before a version.
    Renamed { tag: Tag, formerly: Tag, renamed: Version, span: Span },
    /// The one that its value brings.
    OfValue,
}

/// A first or last version.
pub(crate) enum Bound {
    None,
    /// That of the tag.
    OfTag(Version),
    /// As the input has it.
    Given(Version, Span),
}

/// What decides the form of a field.
pub(crate) enum Selector {
    /// An earlier field.
    Field(Ident),
    /// What the structure itself was read with.
    Own,
}

/// A choice.
pub(crate) struct Choice {
    pub(crate) by: By,
    pub(crate) variants: Vec<Variant>,
    /// The variant that takes what no other does.
    pub(crate) other: Option<Box<Variant>>,
}

/// A variant of a choice.
pub(crate) struct Variant {
    pub(crate) ident: Ident,
    pub(crate) ty: Type,
    /// In a choice by tag.
    pub(crate) tag: Option<Tag>,
    /// In a choice by value.
    pub(crate) pattern: Option<Pat>,
    /// The payload takes the selector too.
    pub(crate) select: bool,
    /// The first version that has the variant, if the input says it.
    pub(crate) since: Option<(Version, Span)>,
    pub(crate) secret: bool,
}

impl Model {
    /// The type's name.
    pub(crate) fn name(&self) -> String {
        self.ident.unraw().to_string()
    }

    /// Whether a value can be read without a selector.
    pub(crate) fn is_decodable(&self) -> bool {
        let by_value = matches!(&self.kind, Kind::Choice(choice) if matches!(choice.by, By::Value(_)));
        self.selector.is_none() && !by_value
    }
}

impl Choice {
    /// Every variant.
    pub(crate) fn all(&self) -> impl Iterator<Item = &Variant> {
        self.variants.iter().chain(self.other.as_deref())
    }
}

impl Versions {
    /// Whether every version is in the range.
    pub(crate) fn are_all(&self) -> bool {
        self.since.is_none_or(|since| since == Version::first()) && self.until.is_none()
    }
}

impl Bound {
    pub(crate) fn version(&self) -> Option<Version> {
        match self {
            Self::None => None,
            Self::OfTag(version) | Self::Given(version, _) => Some(*version),
        }
    }
}

impl Tag {
    /// The name, for messages.
    pub(crate) fn name(&self) -> String {
        match self.row {
            Some(row) => row.current_name().to_owned(),
            None => format!("0x{:06X}", self.value),
        }
    }

    /// The first and the last version that have it, where those are not the first and the newest.
    pub(crate) fn bounds(&self) -> (Option<Version>, Option<Version>) {
        let since = self.row.map(TagRow::since).filter(|version| *version > Version::first());
        (since, self.row.and_then(TagRow::until))
    }
}

/// The versions that have a field's tag, where those are not all versions.
pub(crate) fn tag_bounds(tag: &FieldTag) -> (Option<Version>, Option<Version>) {
    match tag {
        FieldTag::One(tag) => tag.bounds(),
        FieldTag::Renamed { tag, formerly, .. } => (formerly.bounds().0, tag.bounds().1),
        FieldTag::OfValue => (None, None),
    }
}

/// The patterns between `|`.
pub(crate) fn alternatives(pattern: &Pat) -> Vec<&Pat> {
    match pattern {
        Pat::Or(or) => or.cases.iter().collect(),
        pattern => vec![pattern],
    }
}
