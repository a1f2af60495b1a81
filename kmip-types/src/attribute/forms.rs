//! What each attribute of the standard is called before KMIP 2.0, and which versions have it, found at once.

use crate::attribute::Attribute;
use crate::error::{EncodeError, EncodeErrorKind};
use crate::generated::attributes::ATTRIBUTES;
use crate::generated::tags::TAGS;
use crate::item_type::ItemType;
use crate::tables::AttributeInfo;
use crate::ttlv::{Header, Tagged};
use crate::{ProtocolVersion, Tag};

/// An attribute of the standard.
pub(crate) struct Form {
    /// Its tag since KMIP 2.0.
    pub(crate) tag: Tag,
    /// Its name before.
    pub(crate) name: &'static str,
    /// The Attribute Name item of that name, then zeros.
    pub(crate) name_item: [u8; NAME_ITEM],
    since: ProtocolVersion,
    until: Option<ProtocolVersion>,
}

/// Room for the longest name, padded, with its header.
pub(crate) const NAME_ITEM: usize = 48;

impl Form {
    /// The form of the attribute with a tag.
    #[inline]
    pub(crate) fn of(tag: Tag) -> Option<&'static Self> {
        let index = BY_TAG.get(tag.value().wrapping_sub(FIRST) as usize)?;
        FORMS.get(usize::from(*index))
    }

    /// Refuses the attribute in a version that lacks it.
    #[inline]
    pub(crate) fn check_version(&self, version: ProtocolVersion) -> Result<(), EncodeError> {
        if self.since <= version && self.until.is_none_or(|until| version <= until) {
            return Ok(());
        }
        let (since, until) = (Some(self.since), self.until);
        Err(EncodeError::new(EncodeErrorKind::NotInVersion { tag: self.tag, version, since, until }))
    }

    /// The form of the attribute with a name, as the standard spells it out.
    #[inline]
    pub(crate) fn named(name: &str) -> Option<&'static Self> {
        let mut slot = hash(name.as_bytes());
        loop {
            let form = FORMS.get(usize::from(BY_NAME[slot]))?;
            if form.name == name {
                return Some(form);
            }
            slot = (slot + 1) % BY_NAME.len();
        }
    }
}

/// The lowest tag of the standard.
const FIRST: u32 = 0x42_0000;

/// The first version of the standard.
const FIRST_VERSION: ProtocolVersion = ProtocolVersion::V1_0;

/// No form.
const NONE: u8 = u8::MAX;

/// Tags of the choice that are no attributes by themselves.
const fn is_structural(tag: Tag) -> bool {
    tag.value() == Tag::ATTRIBUTE.value() || tag.value() == Tag::CUSTOM_ATTRIBUTE.value()
}

const COUNT: usize = {
    let (mut count, mut index) = (0, 0);
    while index < Attribute::TAGS.len() {
        count += !is_structural(Attribute::TAGS[index]) as usize;
        index += 1;
    }
    count
};

static FORMS: [Form; COUNT] = {
    const EMPTY: Form =
        Form { tag: Tag::ATTRIBUTE, name: "", name_item: [0; NAME_ITEM], since: FIRST_VERSION, until: None };
    let mut forms = [EMPTY; COUNT];
    let (mut count, mut index) = (0, 0);
    while index < Attribute::TAGS.len() {
        let tag = Attribute::TAGS[index];
        if !is_structural(tag) {
            let name = spelled(tag);
            let (since, until) = versions(tag);
            forms[count] = Form { tag, name, name_item: name_item(name), since, until };
            count += 1;
        }
        index += 1;
    }
    forms
};

/// The index of a form by the number of its tag, counted from the first.
static BY_TAG: [u8; 0x200] = {
    let mut table = [NONE; 0x200];
    let mut index = 0;
    while index < COUNT {
        table[(FORMS[index].tag.value() - FIRST) as usize] = index as u8;
        index += 1;
    }
    table
};

/// The index of a form by the hash of its name, or behind it where several have the same.
static BY_NAME: [u8; 0x100] = {
    let mut table = [NONE; 0x100];
    let mut index = 0;
    while index < COUNT {
        let mut slot = hash(FORMS[index].name.as_bytes());
        while table[slot] != NONE {
            slot = (slot + 1) % table.len();
        }
        table[slot] = index as u8;
        index += 1;
    }
    table
};

/// A number below the length of the table, from what tells the names apart.
#[inline]
const fn hash(name: &[u8]) -> usize {
    let (Some(first), Some(last)) = (name.first(), name.last()) else { return 0 };
    let middle = name[name.len() / 2];
    let sum = name.len() * 23 + *first as usize * 5 + middle as usize * 3 + *last as usize;
    sum % 0x100
}

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
    (FIRST_VERSION, None)
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

    #[test]
    fn every_attribute_is_found_by_tag_and_by_name() {
        for form in &FORMS {
            assert_eq!(Form::of(form.tag).map(|found| found.name), Some(form.name));
            assert_eq!(Form::named(form.name).map(|found| found.tag), Some(form.tag), "{}", form.name);
            assert_eq!(form.tag.spelled_name(), Some(form.name));
        }
    }

    #[test]
    fn what_is_no_attribute_is_not_found() {
        for name in ["", "Attribute", "Custom Attribute", "Key Block", "CryptographicLength", "state", "x-a"]
        {
            assert!(Form::named(name).is_none(), "{name}");
        }
        for tag in [Tag::ATTRIBUTE, Tag::KEY_BLOCK, Tag::from_raw(0), Tag::from_raw(0x54_0001)] {
            assert!(Form::of(tag).is_none(), "{tag}");
        }
    }
}
