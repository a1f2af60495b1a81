//! Which objects Locate finds (KMIP 1.4 section 4.9, 2.1 section 6.1.28).
//!
//! A text that is looked for may be a pattern, which KMIP 1.x leaves to the server (1.4 section 4.9): see `pattern`.

use std::collections::HashSet;

use kmip_types::attribute::{Attribute, Attributes};
use kmip_types::enumerations::ResultReason;
use kmip_types::ttlv::{Mode, Reader, Tagged};
use kmip_types::{DateTime, Item, Limits, ProtocolVersion, Tag, Value, ttlv};

use super::attributes::{Kind, instances};
use super::pattern::{self, is_pattern};
use crate::answer::Failure;

/// What an object must be like.
pub(crate) struct Filter<'a> {
    /// The attributes that an object must have, dates aside.
    values: Vec<Wanted<'a>>,
    dates: Vec<DateRange>,
}

/// An attribute that an object must have.
struct Wanted<'a> {
    attribute: &'a Attribute,
    /// As a tree, if it is a structure, of which an object's may have more fields, or a pattern.
    tree: Option<Item>,
}

/// How many fields a structure may have that is looked for: each is looked for in each object's.
const MAXIMUM_FIELDS: usize = 256;

/// The values that a date attribute may have.
struct DateRange {
    kind: Kind,
    from: DateTime,
    to: DateTime,
}

/// How many attributes of a request may have a pattern in them: each costs more than a value.
const MOST_PATTERNS: usize = 16;

/// The largest date stands for an attribute that is not there.
const UNDEFINED: DateTime = DateTime::from_seconds(i64::MAX);

impl<'a> Filter<'a> {
    /// The filter that a request asks for.
    pub(crate) fn new(wanted: &'a Attributes, version: ProtocolVersion) -> Result<Self, Failure> {
        let mut filter = Self { values: Vec::new(), dates: Vec::new() };
        if !wanted.template_names.is_empty() {
            return Err(Failure::new(ResultReason::InvalidField, "there is no Template with this name"));
        }
        // What is wanted twice is looked for once.
        let mut seen = HashSet::new();
        for attribute in wanted.iter() {
            if let Ok(bytes) = ttlv::encode(attribute.tag(), attribute, ProtocolVersion::V2_1)
                && !seen.insert(bytes)
            {
                continue;
            }
            let kind = Kind::of(attribute);
            kind.check_known(version)?;
            match date_of(attribute) {
                Some(date) => filter.add_date(kind, date)?,
                None => filter.values.push(Wanted::of(attribute)?),
            }
        }
        let patterns = filter.values.iter().filter(|wanted| wanted.tree.as_ref().is_some_and(has_pattern));
        if patterns.count() > MOST_PATTERNS {
            let message = format!("more than {MOST_PATTERNS} attributes have a pattern in them");
            return Err(Failure::new(ResultReason::InvalidField, message));
        }
        Ok(filter)
    }

    /// Two dates of one attribute are the limits of a range.
    fn add_date(&mut self, kind: Kind, date: DateTime) -> Result<(), Failure> {
        let Some(range) = self.dates.iter_mut().find(|range| range.kind == kind) else {
            self.dates.push(DateRange { kind, from: date, to: date });
            return Ok(());
        };
        if range.from != range.to {
            let message = format!("{kind} is given more than twice");
            return Err(Failure::new(ResultReason::InvalidField, message));
        }
        (range.from, range.to) = (range.from.min(date), range.to.max(date));
        Ok(())
    }

    /// Whether an object with these attributes is one.
    pub(crate) fn matches(&self, attributes: &Attributes) -> bool {
        self.dates.iter().all(|range| range.matches(attributes))
            && self.values.iter().all(|wanted| has(attributes, wanted))
    }
}

impl<'a> Wanted<'a> {
    fn of(attribute: &'a Attribute) -> Result<Self, Failure> {
        let tree =
            item(attribute).filter(|item| matches!(item.value, Value::Structure(_)) || has_pattern(item));
        if tree.as_ref().is_some_and(|item| fields(&item.value) > MAXIMUM_FIELDS) {
            let message =
                format!("an attribute that is looked for has no more than {MAXIMUM_FIELDS} fields here");
            return Err(Failure::new(ResultReason::InvalidField, message));
        }
        Ok(Self { attribute, tree })
    }
}

/// Whether a text in it is a pattern.
fn has_pattern(item: &Item) -> bool {
    item.walk().any(|item| matches!(&item.value, Value::TextString(text) if is_pattern(text)))
}

/// How many fields there are, with those within them.
fn fields(value: &Value) -> usize {
    match value {
        Value::Structure(items) => items.iter().map(|item| fields(&item.value).saturating_add(1)).sum(),
        _ => 0,
    }
}

impl DateRange {
    fn matches(&self, attributes: &Attributes) -> bool {
        let date = instances(attributes, &self.kind).find_map(|entry| date_of(&entry.attribute));
        let date = date.unwrap_or(UNDEFINED);
        self.from <= date && date <= self.to
    }
}

fn date_of(attribute: &Attribute) -> Option<DateTime> {
    match attribute {
        Attribute::InitialDate(date)
        | Attribute::ActivationDate(date)
        | Attribute::ProcessStartDate(date)
        | Attribute::ProtectStopDate(date)
        | Attribute::DeactivationDate(date)
        | Attribute::DestroyDate(date)
        | Attribute::CompromiseOccurrenceDate(date)
        | Attribute::CompromiseDate(date)
        | Attribute::ArchiveDate(date)
        | Attribute::LastChangeDate(date)
        | Attribute::OriginalCreationDate(date)
        | Attribute::RotateDate(date) => Some(*date),
        _ => None,
    }
}

/// Whether one of an object's values of an attribute is the wanted one.
fn has(attributes: &Attributes, wanted: &Wanted<'_>) -> bool {
    let kind = Kind::of(wanted.attribute);
    instances(attributes, &kind).any(|entry| match (&entry.attribute, wanted.attribute) {
        // All the wanted bits must be there; more may be.
        (Attribute::CryptographicUsageMask(mask), Attribute::CryptographicUsageMask(wanted)) => {
            mask.bits() & wanted.bits() == wanted.bits()
        }
        (Attribute::UsageLimits(limits), Attribute::UsageLimits(wanted)) => {
            limits.usage_limits_unit == wanted.usage_limits_unit
                && limits.usage_limits_total >= wanted.usage_limits_total
                && limits.usage_limits_count >= wanted.usage_limits_count
        }
        (attribute, wanted) if attribute == wanted => true,
        (attribute, _) => wanted.tree.as_ref().is_some_and(|wanted| {
            item(attribute).is_some_and(|attribute| covers(&attribute.value, &wanted.value))
        }),
    })
}

/// Whether a structure has all fields of another, which need not have all of its fields.
fn covers(value: &Value, wanted: &Value) -> bool {
    match (value, wanted) {
        (Value::Structure(items), Value::Structure(wanted)) => wanted.iter().all(|wanted| {
            items.iter().any(|item| item.tag == wanted.tag && covers(&item.value, &wanted.value))
        }),
        (Value::TextString(text), Value::TextString(wanted)) => pattern::matches(wanted, text),
        _ => value == wanted,
    }
}

/// The attribute as a tree, by the newest version, which has a form for all that can match.
fn item(attribute: &Attribute) -> Option<Item> {
    let tag = attribute.tag();
    let bytes = ttlv::encode(tag, attribute, ProtocolVersion::V2_1).ok()?;
    let mut reader = Reader::new(&bytes, Mode::Strict, Limits::default()).ok()?;
    <Item as ttlv::Decode>::decode(reader.peek_tag().unwrap_or(Tag::ATTRIBUTE), &mut reader).ok()
}

#[cfg(test)]
mod tests {
    use kmip_types::attribute::{ApplicationSpecificInformation, Name};
    use kmip_types::masks::CryptographicUsageMask;

    use super::*;

    fn information(data: Option<&str>) -> Attribute {
        Attribute::ApplicationSpecificInformation(ApplicationSpecificInformation {
            application_namespace: "ssl".to_owned(),
            application_data: data.map(str::to_owned),
        })
    }

    #[test]
    fn finds_what_has_all_that_is_wanted() {
        let date = |seconds| Attribute::InitialDate(DateTime::from_seconds(seconds));
        let object: Attributes = [
            Attribute::Name(Name::text("a")),
            Attribute::Name(Name::text("b")),
            Attribute::CryptographicUsageMask(
                CryptographicUsageMask::ENCRYPT | CryptographicUsageMask::DECRYPT,
            ),
            date(100),
            information(Some("www")),
        ]
        .into_iter()
        .collect();
        for (wanted, expected) in [
            (vec![], true),
            (vec![Attribute::Name(Name::text("b"))], true),
            (vec![Attribute::Name(Name::text("a")), Attribute::Name(Name::text("b"))], true),
            (vec![Attribute::Name(Name::text("a")), Attribute::Name(Name::text("c"))], false),
            (vec![Attribute::CryptographicUsageMask(CryptographicUsageMask::DECRYPT)], true),
            (vec![Attribute::CryptographicUsageMask(CryptographicUsageMask::SIGN)], false),
            (vec![date(100)], true),
            (vec![date(99)], false),
            (vec![date(100), date(200)], true),
            (vec![date(50), date(99)], false),
            (vec![date(101), date(99)], true),
            (vec![Attribute::DestroyDate(UNDEFINED)], true),
            (vec![Attribute::InitialDate(UNDEFINED)], false),
            (vec![information(None)], true),
            (vec![information(Some("ftp"))], false),
            (vec![Attribute::Comment("x".to_owned())], false),
            (vec![Attribute::Name(Name::text("?"))], true),
            (vec![Attribute::Name(Name::text("??"))], false),
            (vec![information(Some("w*"))], true),
            (vec![information(Some("f*"))], false),
        ] {
            let wanted: Attributes = wanted.into_iter().collect();
            let filter = Filter::new(&wanted, ProtocolVersion::V2_1).unwrap();
            assert_eq!(filter.matches(&object), expected, "{wanted:?}");
        }
    }

    #[test]
    fn what_is_wanted_many_times_is_looked_for_once() {
        let names = (0..1_000).map(|number| Attribute::Name(Name::text(["a", "b"][number % 2])));
        let wanted: Attributes = names.collect();
        assert_eq!(Filter::new(&wanted, ProtocolVersion::V2_1).unwrap().values.len(), 2);
    }

    #[test]
    fn rejects_many_patterns() {
        for (count, is_taken) in [(MOST_PATTERNS, true), (MOST_PATTERNS + 1, false)] {
            let names = (0..count).map(|number| Attribute::Name(Name::text(format!("{number}*"))));
            let wanted: Attributes = names.collect();
            assert_eq!(Filter::new(&wanted, ProtocolVersion::V2_1).is_ok(), is_taken);
        }
    }

    #[test]
    fn rejects_structures_of_very_many_fields() {
        use kmip_types::attribute::VendorAttribute;
        let vendor = |fields: usize| {
            let field = Item { tag: Tag::from_raw(0x54_0001), value: Value::Integer(1) };
            Attribute::Vendor(Box::new(VendorAttribute {
                vendor_identification: "x".to_owned(),
                attribute_name: "many".to_owned(),
                attribute_value: Value::Structure(vec![field; fields]),
            }))
        };
        // Its own fields are three.
        for (fields, expected) in
            [(MAXIMUM_FIELDS - 3, None), (MAXIMUM_FIELDS - 2, Some(ResultReason::InvalidField))]
        {
            let wanted: Attributes = [vendor(fields)].into_iter().collect();
            let refused = Filter::new(&wanted, ProtocolVersion::V2_1).err();
            assert_eq!(refused.map(|failure| failure.reason), expected, "{fields}");
        }
    }

    #[test]
    fn rejects_a_third_date_and_an_unknown_attribute() {
        let dates = (1..=3).map(|seconds| Attribute::InitialDate(DateTime::from_seconds(seconds)));
        let policy = [Attribute::OperationPolicyName("p".to_owned())];
        for (wanted, reason) in [
            (dates.collect::<Attributes>(), ResultReason::InvalidField),
            (policy.into_iter().collect(), ResultReason::InvalidAttribute),
        ] {
            let failure = Filter::new(&wanted, ProtocolVersion::V2_1).err().unwrap();
            assert_eq!(failure.reason, reason);
        }
    }
}
