//! The typed collection of attributes.

use crate::attribute::forms::Form;
use crate::attribute::named::{self, NamedAttribute, TEMPLATE_ATTRIBUTE, TEMPLATE_FIELDS};
use crate::attribute::{Attribute, Name};
use crate::error::{DecodeError, DecodeErrorKind, EncodeError, EncodeErrorKind};
use crate::ttlv::{Decode, Encode, Field, Mode, Reader, Root, Tagged, Wire, Writer};
use crate::{ItemTypes, ProtocolVersion, Tag};

/// Attributes in their order.
///
/// Before KMIP 2.0 they are written as a Template-Attribute structure (1.4 section 2.1.8) of Attributes by
/// name (1.4 section 2.1.1), from 2.0 on as an Attributes structure (2.1 section 5.1) of attributes by tag.
///
/// ```
/// use kmip_types::attribute::{Attribute, Attributes, Name};
/// use kmip_types::enumerations::CryptographicAlgorithm;
///
/// let attributes = Attributes::new()
///     .with_cryptographic_algorithm(CryptographicAlgorithm::Aes)
///     .with_cryptographic_length(256)
///     .with_name(Name::text("a key"));
/// assert_eq!(attributes.cryptographic_length(), Some(256));
/// assert_eq!(attributes.names().count(), 1);
/// assert!(attributes.iter().any(|attribute| *attribute == Attribute::CryptographicLength(256)));
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
pub struct Attributes {
    /// Names of Template objects, whose attributes are to be taken too. Until KMIP 1.4, deprecated since 1.3.
    pub template_names: Vec<Name>,
    entries: Vec<AttributeEntry>,
}

/// An attribute with its index.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
pub struct AttributeEntry {
    /// Which of the object's attributes of this name it is, from 0; the first, if omitted. Until KMIP 1.4.
    pub index: Option<i32>,
    /// The attribute.
    pub attribute: Attribute,
}

impl From<Attribute> for AttributeEntry {
    fn from(attribute: Attribute) -> Self {
        Self { index: None, attribute }
    }
}

impl Attributes {
    /// No attributes.
    pub fn new() -> Self {
        Self::default()
    }

    /// The attributes with one more at the end.
    #[must_use]
    pub fn with(mut self, attribute: Attribute) -> Self {
        self.push(attribute);
        self
    }

    /// Adds an attribute, or an attribute with its index, at the end.
    pub fn push(&mut self, entry: impl Into<AttributeEntry>) {
        self.entries.push(entry.into());
    }

    /// Puts an attribute in the place of the first with its tag or, if there is none, at the end.
    pub fn set(&mut self, attribute: Attribute) {
        let tag = attribute.tag();
        match self.entries.iter().position(|there| there.attribute.tag() == tag) {
            Some(place) => self.entries[place].attribute = attribute,
            None => self.push(attribute),
        }
    }

    /// Whether there is none, nor the name of a template.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty() && self.template_names.is_empty()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// The attributes in their order.
    pub fn iter(&self) -> impl Iterator<Item = &Attribute> {
        self.entries.iter().map(|entry| &entry.attribute)
    }

    /// The attributes in their order, to be changed.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = &mut Attribute> {
        self.entries.iter_mut().map(|entry| &mut entry.attribute)
    }

    /// The attributes in their order, with their indexes.
    pub fn entries(&self) -> &[AttributeEntry] {
        &self.entries
    }

    /// The first attribute with this tag.
    pub fn get(&self, tag: Tag) -> Option<&Attribute> {
        self.all(tag).next()
    }

    /// All attributes with this tag.
    pub fn all(&self, tag: Tag) -> impl Iterator<Item = &Attribute> {
        self.iter().filter(move |attribute| attribute.tag() == tag)
    }

    /// Keeps the attributes for which `keep` holds.
    pub fn retain(&mut self, mut keep: impl FnMut(&Attribute) -> bool) {
        self.entries.retain(|entry| keep(&entry.attribute));
    }

    fn encode_by_tag(&self, tag: Tag, writer: &mut Writer) -> Result<(), EncodeError> {
        let version = writer.version();
        if !self.template_names.is_empty() {
            let kind = EncodeErrorKind::NoEquivalent { what: "the name of a Template object", version };
            return Err(EncodeError::new(kind).within(tag, None));
        }
        writer.structure(tag, |writer| self.entries.iter().try_for_each(|entry| write_by_tag(entry, writer)))
    }

    fn encode_by_name(&self, tag: Tag, writer: &mut Writer) -> Result<(), EncodeError> {
        writer.structure(tag, |writer| {
            writer.repeated(&TEMPLATE_FIELDS[0], &self.template_names)?;
            self.entries.iter().try_for_each(|entry| NamedAttribute(entry).encode(Tag::ATTRIBUTE, writer))
        })
    }
}

/// How many bytes an attribute typically takes: an item of eight bytes, or a short structure.
const TYPICAL_BY_TAG: usize = 24;

/// How many bytes an attribute typically takes that is a structure of its name and such a value.
const TYPICAL_BY_NAME: usize = 56;

impl Attributes {
    fn decode_by_tag(tag: Tag, reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        reader.open(tag, |reader| {
            let mut entries = reader.room_for_all(TYPICAL_BY_TAG);
            if reader.mode() == Mode::Lenient {
                read_leniently(reader, &mut entries)?;
            }
            while let Some(tag) = reader.peek_tag() {
                read_by_tag(tag, reader, &mut entries)?;
            }
            Ok(Self { template_names: Vec::new(), entries })
        })
    }

    fn decode_by_name(tag: Tag, reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        reader.structure(tag, TEMPLATE_ATTRIBUTE, |reader| {
            let [names, attributes] = TEMPLATE_FIELDS;
            let template_names = reader.repeated(names, TEMPLATE_ATTRIBUTE)?;
            let mut entries = reader.room_for_all(TYPICAL_BY_NAME);
            reader.each(attributes, TEMPLATE_ATTRIBUTE, |tag, reader| {
                named::decode_to(tag, reader, |entry| entries.push(entry))
            })?;
            Ok(Self { template_names, entries })
        })
    }
}

/// Reads the attribute that is next, under its own tag.
#[inline(always)]
fn read_by_tag(
    tag: Tag,
    reader: &mut Reader<'_>,
    entries: &mut Vec<AttributeEntry>,
) -> Result<(), DecodeError> {
    let offset = reader.position();
    let versions = Form::versions_by_tag(tag);
    Attribute::decode_to(tag, tag, reader, |attribute| {
        entries.push(AttributeEntry { index: None, attribute })
    })?;
    match entries.last() {
        Some(entry) if versions & reader.versions() == 0 => check_by_tag(&entry.attribute, reader, offset),
        _ => Ok(()),
    }
}

/// Reads attributes under their own tags. One that does not fit its tag is kept as the item it is, if it is one.
#[cold]
fn read_leniently(reader: &mut Reader<'_>, entries: &mut Vec<AttributeEntry>) -> Result<(), DecodeError> {
    while let Some(header) = reader.peek_boundary()? {
        let before = entries.len();
        let read = reader.read_or_set_aside(&header, |tag, reader| read_by_tag(tag, reader, entries))?;
        if read.is_none() {
            entries.truncate(before);
            entries.extend(reader.tree(&header).map(|item| Attribute::Other(item).into()));
        }
    }
    Ok(())
}

/// Refuses an attribute, read at an offset under its own tag, that the version does not have so; leniently, lists it.
#[cold]
pub(crate) fn check_by_tag(
    attribute: &Attribute,
    reader: &mut Reader<'_>,
    offset: usize,
) -> Result<(), DecodeError> {
    match Form::of(attribute) {
        Some(form) => form.check_read(reader, offset),
        None => check_unlisted(attribute, reader, offset),
    }
}

#[cold]
fn check_unlisted(attribute: &Attribute, reader: &mut Reader<'_>, offset: usize) -> Result<(), DecodeError> {
    match attribute {
        Attribute::Other(item) => reader.check_tag(item.tag, offset),
        // The tag of an attribute that only has a name is one before KMIP 2.0.
        Attribute::Custom(_) => {
            let Some(version) = reader.version() else { return Ok(()) };
            let (tag, until) = (Tag::CUSTOM_ATTRIBUTE, Some(ProtocolVersion::V1_4));
            reader.lacks(DecodeErrorKind::NotInVersion { tag, version, since: None, until }, offset)
        }
        _ => Ok(()),
    }
}

/// Writes an attribute under its own tag, as from KMIP 2.0 on.
pub(crate) fn write_by_tag(entry: &AttributeEntry, writer: &mut Writer) -> Result<(), EncodeError> {
    if entry.index.is_some() {
        let index = Field::optional(Tag::ATTRIBUTE_INDEX).until(ProtocolVersion::V1_4);
        return writer.check_version(&index);
    }
    match Form::of(&entry.attribute) {
        Some(form) => {
            form.check_version(writer)?;
            entry.attribute.encode_as(form.tag, writer)
        }
        None => write_unlisted(&entry.attribute, writer),
    }
}

/// Writes an attribute that the standard does not list under its own tag.
#[cold]
fn write_unlisted(attribute: &Attribute, writer: &mut Writer) -> Result<(), EncodeError> {
    if let Attribute::Custom(_) = attribute {
        let what = "an attribute that only has a name of its own";
        let kind = EncodeErrorKind::NoEquivalent { what, version: writer.version() };
        return Err(EncodeError::new(kind));
    }
    let tag = attribute.tag();
    writer.check_tag(tag)?;
    if let Attribute::Other(item) = attribute
        && Attribute::TAGS.contains(&item.tag)
    {
        // As it was read leniently, and as nobody would read it strictly.
        let expected = "what the attribute of this tag can be: it is kept as an item";
        return Err(EncodeError::new(EncodeErrorKind::InvalidValue { expected }).within(tag, None));
    }
    attribute.encode_as(tag, writer)
}

impl Wire for Attributes {
    const ITEM_TYPES: ItemTypes = ItemTypes::STRUCTURE;
}

/// Under a natural tag it is in the form of KMIP 2.0 and later: there is none for what only 1.x has.
impl Root for Attributes {
    const TAG: Tag = Tag::ATTRIBUTES;
    const STATES_VERSION: bool = true;
}

crate::ttlv::derived::serde_impls!(Attributes, serialize_root, deserialize_root);

impl Encode for Attributes {
    fn encode(&self, tag: Tag, writer: &mut Writer) -> Result<(), EncodeError> {
        if writer.version().has_attributes_by_tag() {
            self.encode_by_tag(tag, writer)
        } else {
            self.encode_by_name(tag, writer)
        }
    }
}

impl Decode for Attributes {
    fn decode(tag: Tag, reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        if is_template_attribute(tag) {
            Self::decode_by_name(tag, reader)
        } else {
            Self::decode_by_tag(tag, reader)
        }
    }
}

/// The structures of KMIP 1.x whose attributes are by name.
fn is_template_attribute(tag: Tag) -> bool {
    matches!(
        tag,
        Tag::TEMPLATE_ATTRIBUTE
            | Tag::COMMON_TEMPLATE_ATTRIBUTE
            | Tag::PRIVATE_KEY_TEMPLATE_ATTRIBUTE
            | Tag::PUBLIC_KEY_TEMPLATE_ATTRIBUTE
    )
}

impl FromIterator<Attribute> for Attributes {
    fn from_iter<I: IntoIterator<Item = Attribute>>(attributes: I) -> Self {
        Self {
            template_names: Vec::new(),
            entries: attributes.into_iter().map(AttributeEntry::from).collect(),
        }
    }
}

impl Extend<Attribute> for Attributes {
    fn extend<I: IntoIterator<Item = Attribute>>(&mut self, attributes: I) {
        self.entries.extend(attributes.into_iter().map(AttributeEntry::from));
    }
}

impl IntoIterator for Attributes {
    type Item = Attribute;
    type IntoIter = std::iter::Map<std::vec::IntoIter<AttributeEntry>, fn(AttributeEntry) -> Attribute>;

    fn into_iter(self) -> Self::IntoIter {
        self.entries.into_iter().map(|entry| entry.attribute)
    }
}
