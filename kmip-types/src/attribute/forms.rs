//! What each attribute of the standard is called before KMIP 2.0, and which versions have it, found at once.

use crate::attribute::Attribute;
use crate::error::{DecodeError, DecodeErrorKind, EncodeError, EncodeErrorKind};
use crate::generated::attributes::ATTRIBUTES;
use crate::generated::tags::TAGS;
use crate::item_type::ItemType;
use crate::name_index::slots;
use crate::tables::AttributeInfo;
use crate::ttlv::header::padded;
use crate::ttlv::{Header, Reader, Tagged, Writer};
use crate::{ProtocolVersion, Tag};

/// An attribute of the standard.
pub(crate) struct Form {
    /// Its tag since KMIP 2.0.
    pub(crate) tag: Tag,
    /// Its name before; empty for what is no attribute by itself.
    pub(crate) name: &'static str,
    /// The Attribute Name item of that name, then zeros.
    pub(crate) name_item: [u8; NAME_ITEM],
    /// The bits of the versions that have it.
    versions: u32,
}

/// Room for the longest name, padded, with its header: sixteen bytes at a time, as they are copied.
pub(crate) const NAME_ITEM: usize = {
    let (mut longest, mut index) = (0, 0);
    while index < Attribute::TAGS.len() {
        let length = spelled(Attribute::TAGS[index]).len();
        longest = if length > longest { length } else { longest };
        index += 1;
    }
    (Header::SIZE + padded(longest)).next_multiple_of(16)
};

/// How many slots the table of names has.
const SLOTS: usize = slots(Attribute::TAGS.len());

impl Form {
    /// The form of an attribute.
    #[inline]
    pub(crate) fn of(attribute: &Attribute) -> Option<&'static Self> {
        FORMS.get(attribute.place()).filter(|form| !form.name.is_empty())
    }

    /// The bits of the versions that have the attribute with a tag; of none, where that is not all there is to know.
    #[inline]
    pub(crate) fn versions_by_tag(tag: Tag) -> u32 {
        let place = tag.value().wrapping_sub(FIRST_TAG) as usize;
        BY_TAG.get(place).copied().unwrap_or_default()
    }

    /// Refuses the attribute in a version that lacks it.
    #[inline]
    pub(crate) fn check_version(&self, writer: &Writer) -> Result<(), EncodeError> {
        if self.versions & writer.version_bit() != 0 { Ok(()) } else { Err(self.not_in(writer.version())) }
    }

    /// Refuses the attribute in a version that lacks it.
    pub(crate) fn check_in(&self, version: ProtocolVersion) -> Result<(), EncodeError> {
        if self.versions & version.bit() != 0 { Ok(()) } else { Err(self.not_in(version)) }
    }

    #[cold]
    fn not_in(&self, version: ProtocolVersion) -> EncodeError {
        let (since, until) = versions(self.tag);
        EncodeError::new(EncodeErrorKind::NotInVersion { tag: self.tag, version, since: Some(since), until })
    }

    /// Refuses the attribute, read at an offset, in a version that lacks it; leniently, lists it.
    #[inline]
    pub(crate) fn check_read(&self, reader: &mut Reader<'_>, offset: usize) -> Result<(), DecodeError> {
        if self.versions & reader.versions() != 0 { Ok(()) } else { self.lacking(reader, offset) }
    }

    #[cold]
    fn lacking(&self, reader: &mut Reader<'_>, offset: usize) -> Result<(), DecodeError> {
        let Some(version) = reader.version() else { return Ok(()) };
        let (since, until) = versions(self.tag);
        let kind = DecodeErrorKind::NotInVersion { tag: self.tag, version, since: Some(since), until };
        reader.lacks(kind, offset)
    }

    /// The form of the attribute with a tag.
    pub(crate) fn tagged(tag: Tag) -> Option<&'static Self> {
        FORMS.iter().find(|form| form.tag == tag && !form.name.is_empty())
    }

    /// The form of the attribute with a name, as the standard spells it out.
    pub(crate) fn named(name: &str) -> Option<&'static Self> {
        let mut slot = hash(name.as_bytes())?;
        loop {
            let form = FORMS.get(usize::from(BY_NAME[slot]))?;
            if form.name == name {
                return Some(form);
            }
            slot = (slot + 1) % BY_NAME.len();
        }
    }

    /// The form of the attribute whose Attribute Name item comes first, and what follows that item.
    #[inline]
    pub(crate) fn read(bytes: &[u8]) -> Option<(&'static Self, &[u8])> {
        let (header, rest) = bytes.split_first_chunk::<{ Header::SIZE }>()?;
        let header = u64::from_be_bytes(*header);
        let length = header as u32 as usize;
        if header >> 32 != Header::number(Tag::ATTRIBUTE_NAME, ItemType::TextString, 0) >> 32 {
            return None;
        }
        let mut slot = hash(rest.get(..length)?)?;
        loop {
            let form = FORMS.get(usize::from(BY_NAME[slot]))?;
            // With the header, the name's length is compared too; with the zeros behind it, the padding.
            let item = form.name_item.get(..Header::SIZE + padded(length))?;
            if let Some(behind) = bytes.strip_prefix(item) {
                return Some((form, behind));
            }
            slot = (slot + 1) % BY_NAME.len();
        }
    }
}

/// No form.
const NONE: u16 = u16::MAX;

/// The forms of [`Attribute::TAGS`], in their order.
static FORMS: [Form; Attribute::TAGS.len()] = ALL_FORMS;

const ALL_FORMS: [Form; Attribute::TAGS.len()] = {
    const EMPTY: Form = Form { tag: Tag::ATTRIBUTE, name: "", name_item: [0; NAME_ITEM], versions: 0 };
    let mut forms = [EMPTY; Attribute::TAGS.len()];
    let mut index = 0;
    while index < forms.len() {
        let tag = Attribute::TAGS[index];
        if tag.value() == Tag::ATTRIBUTE.value() {
            // A vendor's, which the versions that read it by tag have.
            forms[index].versions = u32::MAX;
        }
        if tag.value() != Tag::ATTRIBUTE.value() && tag.value() != Tag::CUSTOM_ATTRIBUTE.value() {
            let name = spelled(tag);
            let (since, until) = versions(tag);
            let until = match until {
                Some(until) => until.bits_until(),
                None => u32::MAX,
            };
            forms[index] =
                Form { tag, name, name_item: name_item(name), versions: since.bits_since() & until };
        }
        index += 1;
    }
    forms
};

/// The lowest tag of an attribute.
const FIRST_TAG: u32 = {
    let (mut first, mut index) = (u32::MAX, 0);
    while index < ALL_FORMS.len() {
        let tag = ALL_FORMS[index].tag.value();
        first = if tag < first { tag } else { first };
        index += 1;
    }
    first
};

/// How many tags there are from the first of an attribute to the last.
const TAG_COUNT: usize = {
    let (mut last, mut index) = (0, 0);
    while index < ALL_FORMS.len() {
        let tag = ALL_FORMS[index].tag.value();
        last = if tag > last { tag } else { last };
        index += 1;
    }
    (last - FIRST_TAG) as usize + 1
};

/// The bits of the versions that have the attribute with each tag, from the first one on; none where there is none.
static BY_TAG: [u32; TAG_COUNT] = {
    let (mut versions, mut index) = ([0; TAG_COUNT], 0);
    while index < ALL_FORMS.len() {
        let form = &ALL_FORMS[index];
        versions[(form.tag.value() - FIRST_TAG) as usize] |= form.versions;
        index += 1;
    }
    versions
};

/// The index of a form by the hash of its name, or behind it where several have the same.
static BY_NAME: [u16; SLOTS] = {
    let mut table = [NONE; SLOTS];
    let mut index = 0;
    while index < FORMS.len() {
        if let Some(mut slot) = hash(FORMS[index].name.as_bytes()) {
            while table[slot] != NONE {
                slot = (slot + 1) % table.len();
            }
            table[slot] = index as u16;
        }
        index += 1;
    }
    table
};

/// A number below the length of the table, from what tells the names apart; none of no name.
#[inline]
const fn hash(name: &[u8]) -> Option<usize> {
    let (Some(first), Some(last)) = (name.first(), name.last()) else { return None };
    let middle = name[name.len() / 2];
    let sum = name.len() * 23 + *first as usize * 5 + middle as usize * 3 + *last as usize;
    Some(sum % SLOTS)
}

#[allow(clippy::panic)] // Only ever run at compile time.
const fn spelled(tag: Tag) -> &'static str {
    let mut index = 0;
    while index < TAGS.len() {
        if TAGS[index].tag.value() == tag.value() {
            return TAGS[index].spelled;
        }
        index += 1;
    }
    panic!("an attribute has a tag of the standard")
}

/// The first and the last version that has an attribute: any, where no table tells.
const fn versions(tag: Tag) -> (ProtocolVersion, Option<ProtocolVersion>) {
    let mut index = 0;
    while index < ATTRIBUTES.len() {
        let AttributeInfo { tag: own, since, until, .. } = &ATTRIBUTES[index];
        if let Some(own) = own
            && own.value() == tag.value()
        {
            return (*since, *until);
        }
        index += 1;
    }
    (ProtocolVersion::V1_0, None)
}

const fn name_item(name: &str) -> [u8; NAME_ITEM] {
    let header = Header::number(Tag::ATTRIBUTE_NAME, ItemType::TextString, name.len() as u32).to_be_bytes();
    let mut item = [0; NAME_ITEM];
    let mut index = 0;
    while index < Header::SIZE + name.len() {
        let is_header = index < Header::SIZE;
        item[index] = if is_header { header[index] } else { name.as_bytes()[index - Header::SIZE] };
        index += 1;
    }
    item
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ttlv;

    #[test]
    fn every_attribute_is_found_by_its_name() {
        for form in FORMS.iter().filter(|form| !form.name.is_empty()) {
            assert_eq!(form.tag.spelled_name(), Some(form.name));
            assert_eq!(Form::named(form.name).map(|found| found.tag), Some(form.tag), "{}", form.name);

            let mut bytes =
                ttlv::encode(Tag::ATTRIBUTE_NAME, &form.name.to_owned(), ProtocolVersion::V1_4).unwrap();
            bytes.extend([1, 2]);
            let (found, behind) = Form::read(&bytes).unwrap();
            assert_eq!((found.tag, behind), (form.tag, &[1, 2][..]));
        }
    }

    #[test]
    fn what_is_no_attribute_is_not_found() {
        for name in ["", "Attribute", "Custom Attribute", "Key Block", "CryptographicLength", "state", "x-a"]
        {
            assert!(Form::named(name).is_none(), "{name}");
            let bytes = ttlv::encode(Tag::ATTRIBUTE_NAME, &name.to_owned(), ProtocolVersion::V1_4).unwrap();
            assert!(Form::read(&bytes).is_none(), "{name}");
        }
    }

    #[test]
    fn a_name_that_is_cut_short_or_not_padded_with_zeros_is_left_to_the_reader() {
        let bytes = ttlv::encode(Tag::ATTRIBUTE_NAME, &"State".to_owned(), ProtocolVersion::V1_4).unwrap();
        assert!((0..bytes.len()).all(|end| Form::read(&bytes[..end]).is_none()));
        let mut padded = bytes.clone();
        *padded.last_mut().unwrap() = 1;
        assert!(Form::read(&padded).is_none());
        let mut other_type = bytes;
        other_type[3] = ItemType::ByteString.number();
        assert!(Form::read(&other_type).is_none());
    }
}
