//! Attributes of stored objects: which is which, and their form in each version.

use kmip_types::attribute::{
    Attribute, AttributeEntry, AttributeName, AttributeReference, Attributes, TagReference,
};
use kmip_types::tables::AttributeInfo;
use kmip_types::ttlv::Tagged;
use kmip_types::{ProtocolVersion, Tag, ttlv};

/// Which attribute, whatever its value.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Kind {
    /// One by its tag: the standard's or, since KMIP 2.0, a vendor's.
    Standard(Tag),
    /// A vendor's, by the vendor and the vendor's name for it.
    Vendor(String, String),
    /// One that KMIP 1.x names without a vendor.
    Named(String),
}

impl Kind {
    pub(crate) fn of(attribute: &Attribute) -> Self {
        match attribute {
            Attribute::Vendor(vendor) => {
                Self::Vendor(vendor.vendor_identification.clone(), vendor.attribute_name.clone())
            }
            Attribute::Custom(custom) => Self::Named(custom.attribute_name.clone()),
            _ => Self::Standard(attribute.tag()),
        }
    }

    pub(crate) fn referred_by(reference: &AttributeReference) -> Self {
        match reference {
            AttributeReference::Tag(TagReference(tag)) => Self::Standard(*tag),
            AttributeReference::Vendor(name) if name.vendor_identification.is_empty() => {
                Self::Named(name.attribute_name.clone())
            }
            AttributeReference::Vendor(name) => {
                Self::Vendor(name.vendor_identification.clone(), name.attribute_name.clone())
            }
        }
    }

    pub(crate) fn reference(&self) -> AttributeReference {
        let (vendor, name) = match self {
            Self::Standard(tag) => return AttributeReference::from(*tag),
            Self::Vendor(vendor, name) => (vendor.clone(), name.clone()),
            Self::Named(name) => (String::new(), name.clone()),
        };
        AttributeReference::Vendor(AttributeName { vendor_identification: vendor, attribute_name: name })
    }

    /// What the standard says of it.
    pub(crate) fn info(&self) -> Option<&'static AttributeInfo> {
        match self {
            Self::Standard(tag) => AttributeInfo::of(*tag),
            Self::Vendor(..) | Self::Named(_) => None,
        }
    }

    /// Whether an object may have several. Vendors' attributes may be several.
    pub(crate) fn is_multiple(&self) -> bool {
        self.info().is_none_or(|info| info.multiple)
    }
}

impl std::fmt::Display for Kind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Standard(tag) => write!(f, "{tag}"),
            Self::Vendor(vendor, name) => write!(f, "{vendor}-{name}"),
            Self::Named(name) => f.write_str(name),
        }
    }
}

/// Gives an object one value of an attribute, in place of any that it has.
pub(crate) fn set(attributes: &mut Attributes, attribute: Attribute) {
    let kind = Kind::of(&attribute);
    let mut new = Some(attribute);
    let mut changed = Attributes::new();
    for entry in attributes.entries() {
        if Kind::of(&entry.attribute) != kind {
            changed.push(entry.clone());
        } else if let Some(attribute) = new.take() {
            changed.push(AttributeEntry { index: Some(0), attribute });
        }
    }
    if let Some(attribute) = new {
        changed.push(AttributeEntry { index: Some(0), attribute });
    }
    *attributes = changed;
}

/// Adds one more value of an attribute, and returns its index.
pub(crate) fn add(attributes: &mut Attributes, attribute: Attribute) -> i32 {
    let kind = Kind::of(&attribute);
    // An index stays with its value, so that of a deleted one before the last is not used again.
    let last = instances(attributes, &kind).filter_map(|entry| entry.index).max();
    let index = last.map_or(0, |last| last.saturating_add(1));
    attributes.push(AttributeEntry { index: Some(index), attribute });
    index
}

/// Puts another value in the place of one, by its position among all attributes.
pub(crate) fn replace_at(attributes: &mut Attributes, position: usize, attribute: Attribute) {
    rebuild(attributes, |at, entry| {
        let attribute = if at == position { attribute.clone() } else { entry.attribute.clone() };
        Some(AttributeEntry { index: entry.index, attribute })
    });
}

/// Takes values away, by their positions among all attributes.
pub(crate) fn remove_at(attributes: &mut Attributes, positions: &[usize]) {
    rebuild(attributes, |at, entry| (!positions.contains(&at)).then(|| entry.clone()));
}

fn rebuild(attributes: &mut Attributes, map: impl Fn(usize, &AttributeEntry) -> Option<AttributeEntry>) {
    let mut changed = Attributes::new();
    let entries = attributes.entries().iter().enumerate();
    entries.filter_map(|(at, entry)| map(at, entry)).for_each(|entry| changed.push(entry));
    *attributes = changed;
}

/// The values of an attribute.
pub(crate) fn instances<'a>(
    attributes: &'a Attributes,
    kind: &'a Kind,
) -> impl Iterator<Item = &'a AttributeEntry> {
    attributes.entries().iter().filter(move |entry| Kind::of(&entry.attribute) == *kind)
}

/// The positions of the values of an attribute among all attributes.
pub(crate) fn positions(attributes: &Attributes, kind: &Kind) -> Vec<usize> {
    let entries = attributes.entries().iter().enumerate();
    entries.filter(|(_, entry)| Kind::of(&entry.attribute) == *kind).map(|(at, _)| at).collect()
}

/// An attribute in the form of a version, unless the version has none for it.
pub(crate) fn in_version(entry: &AttributeEntry, version: ProtocolVersion) -> Option<AttributeEntry> {
    if let Some(info) = Kind::of(&entry.attribute).info()
        && !info.is_in(version)
    {
        return None;
    }
    let mut attribute = entry.attribute.clone();
    trim(&mut attribute, version);
    let index = entry.index.filter(|index| *index != 0 && !version.has_attributes_by_tag());
    let entry = AttributeEntry { index, attribute };
    let mut alone = Attributes::new();
    alone.push(entry.clone());
    ttlv::encode(Tag::ATTRIBUTES, &alone, version).is_ok().then_some(entry)
}

/// Leaves out the fields of a structure that a version lacks.
fn trim(attribute: &mut Attribute, version: ProtocolVersion) {
    match attribute {
        Attribute::Digest(digest) if !version.is_at_least(ProtocolVersion::V1_1) => {
            digest.key_format_type = None;
        }
        Attribute::CryptographicParameters(parameters) => {
            if !version.is_at_least(ProtocolVersion::V1_2) {
                parameters.digital_signature_algorithm = None;
                parameters.cryptographic_algorithm = None;
                parameters.random_iv = None;
                parameters.iv_length = None;
                parameters.tag_length = None;
                parameters.fixed_field_length = None;
                parameters.invocation_field_length = None;
                parameters.counter_length = None;
                parameters.initial_counter_value = None;
            }
            if !version.is_at_least(ProtocolVersion::V1_4) {
                parameters.salt_length = None;
                parameters.mask_generator = None;
                parameters.mask_generator_hashing_algorithm = None;
                parameters.p_source = None;
                parameters.trailer_field = None;
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use kmip_types::attribute::{Digest, Name, VendorAttribute};
    use kmip_types::enumerations::{HashingAlgorithm, KeyFormatType};
    use kmip_types::{DateTime, Value};

    use super::*;

    fn name(text: &str) -> Attribute {
        Attribute::Name(Name::text(text))
    }

    #[test]
    fn an_index_stays_with_its_value() {
        let mut attributes = Attributes::new();
        assert_eq!([name("a"), name("b"), name("c")].map(|name| add(&mut attributes, name)), [0, 1, 2]);
        remove_at(&mut attributes, &[0]);
        assert_eq!(add(&mut attributes, name("d")), 3);
        let kept: Vec<Option<i32>> = attributes.entries().iter().map(|entry| entry.index).collect();
        assert_eq!(kept, [Some(1), Some(2), Some(3)]);
    }

    #[test]
    fn setting_replaces_every_value_in_the_first_ones_place() {
        let mut attributes = Attributes::new();
        for attribute in [name("a"), Attribute::Comment("x".to_owned()), name("b")] {
            add(&mut attributes, attribute);
        }
        set(&mut attributes, name("c"));
        let values: Vec<&Attribute> = attributes.iter().collect();
        assert_eq!(values, [&name("c"), &Attribute::Comment("x".to_owned())]);
    }

    #[test]
    fn a_version_gets_only_what_it_has_a_form_for() {
        let digest = Digest {
            hashing_algorithm: HashingAlgorithm::Sha256,
            digest_value: Some(vec![1]),
            key_format_type: Some(KeyFormatType::Raw),
        };
        let vendor = VendorAttribute {
            vendor_identification: "acme".to_owned(),
            attribute_name: "a".to_owned(),
            attribute_value: Value::Integer(1),
        };
        for (attribute, version, expected) in [
            (Attribute::Digest(digest.clone()), ProtocolVersion::V1_0, true),
            (Attribute::KeyFormatType(KeyFormatType::Raw), ProtocolVersion::V1_4, false),
            (Attribute::KeyFormatType(KeyFormatType::Raw), ProtocolVersion::V2_0, true),
            (Attribute::OriginalCreationDate(DateTime::from_seconds(1)), ProtocolVersion::V1_1, false),
            (Attribute::OperationPolicyName("p".to_owned()), ProtocolVersion::V2_1, false),
            (Attribute::Vendor(Box::new(vendor.clone())), ProtocolVersion::V1_4, false),
            (Attribute::Vendor(Box::new(vendor)), ProtocolVersion::V2_1, true),
        ] {
            let entry = AttributeEntry { index: Some(1), attribute };
            let shown = in_version(&entry, version);
            assert_eq!(shown.is_some(), expected, "{:?} {version}", entry.attribute);
            let index = (!version.has_attributes_by_tag()).then_some(1);
            assert_eq!(shown.map_or(index, |shown| shown.index), index);
        }
    }
}
