//! Compares two texts of the same encoding as data, without the codec that wrote one of them.

use kmip_types::Tag;
use kmip_types::tables::Names;
use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};
use serde_json::Value;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// One item of a text, in the order of the text: its depth, tag, type and value.
#[derive(Debug, PartialEq)]
struct Entry {
    depth: usize,
    tag: String,
    item_type: String,
    value: Option<String>,
}

/// The first difference between two XML texts, if there is one.
pub(super) fn xml(left: &str, right: &str) -> Result<(), String> {
    entries(&xml_entries(left)?, &xml_entries(right)?)
}

/// The first difference between two JSON texts, if there is one.
pub(super) fn json(left: &str, right: &str) -> Result<(), String> {
    entries(&json_entries(left)?, &json_entries(right)?)
}

fn entries(left: &[Entry], right: &[Entry]) -> Result<(), String> {
    // Before KMIP 2.0 the Attribute Name says what the Attribute Value after it is.
    let mut attribute = None;
    for (left, right) in left.iter().zip(right) {
        if (left.depth, &left.tag, &left.item_type) != (right.depth, &right.tag, &right.item_type) {
            return Err(format!("{left:?} became {right:?}"));
        }
        let tag = tag(&left.tag);
        if tag == Some(Tag::ATTRIBUTE_NAME) {
            attribute = left.value.as_deref().and_then(Tag::from_name);
        }
        let named = if tag == Some(Tag::ATTRIBUTE_VALUE) { attribute } else { tag };
        let same = match (&left.value, &right.value) {
            (Some(from), Some(to)) => is_same_value(&left.item_type, from, to, named),
            (None, None) => true,
            _ => false,
        };
        if !same {
            return Err(format!("{left:?} became {right:?}"));
        }
    }
    if left.len() != right.len() {
        return Err(format!("{} items became {}", left.len(), right.len()));
    }
    Ok(())
}

/// The tag of a name, or of hex in either form.
fn tag(name: &str) -> Option<Tag> {
    let hex = || name.strip_prefix("0x").or_else(|| name.strip_prefix('x'));
    Tag::from_wire_name(name).or_else(|| u32::from_str_radix(hex()?, 16).ok().and_then(Tag::new))
}

/// The name of a tag in the one form in which entries have it.
fn tag_name(name: String) -> String {
    tag(&name).map_or(name, |tag| tag.to_string())
}

fn is_same_value(item_type: &str, left: &str, right: &str, tag: Option<Tag>) -> bool {
    if left == right {
        return true;
    }
    let same = |value: &dyn Fn(&str) -> Option<i128>| value(left).is_some() && value(left) == value(right);
    match item_type {
        "ByteString" => left.eq_ignore_ascii_case(right),
        "BigInteger" => big_integer(left) == big_integer(right),
        "DateTime" => same(&|text| date(text, 1_000_000_000)),
        "DateTimeExtended" => same(&|text| date(text, 1_000)),
        "Integer" => same(&|text| integer(text, tag)),
        "Enumeration" => same(&|text| number(text).or_else(|| named(text, tag))),
        "LongInteger" | "Interval" => same(&|text| number(text)),
        "Boolean" => boolean(left).is_some() && boolean(left) == boolean(right),
        _ => false,
    }
}

/// The number that a name of the tag's values stands for.
fn named(text: &str, tag: Option<Tag>) -> Option<i128> {
    match tag?.info()?.names {
        Names::Enumeration(info) => Some(info.by_name(text)?.value.into()),
        Names::Mask(info) => Some(info.by_name(text)?.value.into()),
        Names::Tags => Some(Tag::from_name(text)?.value().into()),
        Names::None => None,
    }
}

/// A number, or the bits that names, with or without spaces in them, and hex stand for.
fn integer(text: &str, tag: Option<Tag>) -> Option<i128> {
    if let Some(number) = number(text) {
        return Some(number);
    }
    let bits = |part: &str| number(part).or_else(|| named(part, tag));
    text.split(['|', ',']).map(str::trim).try_fold(0, |all, part| {
        let words = || part.split_whitespace().try_fold(0, |all, word| Some(all | bits(word)?));
        Some(all | bits(part).or_else(words)?)
    })
}

fn number(text: &str) -> Option<i128> {
    match text.strip_prefix("0x") {
        Some(digits) if digits.len() <= 8 => {
            u32::from_str_radix(digits, 16).ok().map(|bits| bits.cast_signed().into())
        }
        Some(digits) => u64::from_str_radix(digits, 16).ok().map(|bits| bits.cast_signed().into()),
        None => text.parse().ok(),
    }
}

fn boolean(text: &str) -> Option<bool> {
    match text {
        "true" | "1" => Some(true),
        "false" | "0" => Some(false),
        _ => number(text).map(|number| number != 0),
    }
}

/// The digits without the padding that a positive or negative number may have.
fn big_integer(text: &str) -> String {
    let digits = text.strip_prefix("0x").unwrap_or(text).to_ascii_lowercase();
    let negative = digits.len().is_multiple_of(2) && digits.starts_with(|c: char| c >= '8');
    let padding = if negative { 'f' } else { '0' };
    format!("{negative}{}", digits.trim_start_matches(padding))
}

/// The date in a unit of so many nanoseconds.
fn date(text: &str, unit: i128) -> Option<i128> {
    if let Some(number) = number(text) {
        return Some(number);
    }
    let time = text.find('T').map(|at| &text[at..])?;
    let zoned = if time.contains(['Z', '+', '-']) { text.to_owned() } else { format!("{text}Z") };
    let date = OffsetDateTime::parse(&zoned, &Rfc3339).ok()?;
    Some(date.unix_timestamp_nanos().div_euclid(unit))
}

fn xml_entries(text: &str) -> Result<Vec<Entry>, String> {
    let mut reader = Reader::from_str(text);
    let mut entries = Vec::new();
    let mut depth = 0;
    loop {
        match reader.read_event().map_err(|error| error.to_string())? {
            Event::Start(element) => {
                entries.push(xml_entry(&element, depth)?);
                depth += 1;
            }
            Event::Empty(element) => entries.push(xml_entry(&element, depth)?),
            Event::End(_) => depth -= 1,
            Event::Eof => return Ok(entries),
            _ => {}
        }
    }
}

fn xml_entry(element: &BytesStart<'_>, depth: usize) -> Result<Entry, String> {
    let attribute = |name: &str| -> Result<Option<String>, String> {
        let Some(found) = element.try_get_attribute(name).map_err(|error| error.to_string())? else {
            return Ok(None);
        };
        let value = found.normalized_value(XmlVersion::Implicit1_0).map_err(|error| error.to_string())?;
        Ok(Some(value.into_owned()))
    };
    let name = element.local_name().as_ref().to_owned();
    let tag = if name == "TTLV" { attribute("tag")?.unwrap_or(name) } else { name };
    let item_type = attribute("type")?.unwrap_or_else(|| "Structure".to_owned());
    let value = if item_type == "Structure" { None } else { attribute("value")? };
    Ok(Entry { depth, tag: tag_name(tag), item_type, value })
}

fn json_entries(text: &str) -> Result<Vec<Entry>, String> {
    let value: Value = serde_json::from_str(text).map_err(|error| error.to_string())?;
    let mut entries = Vec::new();
    json_entry(&value, 0, &mut entries);
    Ok(entries)
}

fn json_entry(item: &Value, depth: usize, entries: &mut Vec<Entry>) {
    let text = |member: &str| item[member].as_str().unwrap_or_default().to_owned();
    let item_type = if item["type"].is_null() { "Structure".to_owned() } else { text("type") };
    let value = match &item["value"] {
        Value::Array(_) | Value::Null => None,
        Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    };
    entries.push(Entry { depth, tag: tag_name(text("tag")), item_type, value });
    for child in item["value"].as_array().into_iter().flatten() {
        json_entry(child, depth + 1, entries);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const USAGE: Option<Tag> = Some(Tag::CRYPTOGRAPHIC_USAGE_MASK);

    #[test]
    fn other_spellings_of_a_value_are_the_same_data() {
        for (item_type, left, right, tag) in [
            ("Integer", "0x0000000c", "12", None),
            ("Integer", "Encrypt   Decrypt", "Decrypt Encrypt", USAGE),
            ("Integer", "Encrypt|Decrypt", "0x0000000C", USAGE),
            ("Integer", "Certificate Sign, 0x4", "Encrypt CertificateSign", USAGE),
            ("Integer", "0xffffffff", "-1", None),
            ("Enumeration", "0x1", "1", None),
            ("Enumeration", "0x00000002", "SymmetricKey", Some(Tag::OBJECT_TYPE)),
            ("Enumeration", "Symmetric Key", "SymmetricKey", Some(Tag::OBJECT_TYPE)),
            ("Enumeration", "0x0042008d", "State", Some(Tag::ATTRIBUTE_REFERENCE)),
            ("DateTime", "2012-04-27T08:12:24+00:00", "2012-04-27T08:12:24Z", None),
            ("DateTime", "2012-04-27T08:12:24.5", "2012-04-27T08:12:24Z", None),
            ("DateTime", "0x000000004f9a5468", "2012-04-27T08:10:16Z", None),
            ("DateTimeExtended", "2012-04-27T08:12:24.500+00:00", "2012-04-27T09:12:24.5000001+01:00", None),
            ("ByteString", "AB", "ab", None),
            ("BigInteger", "0000000000000001", "01", None),
            ("Boolean", "true", "1", None),
        ] {
            assert!(is_same_value(item_type, left, right, tag), "{item_type} {left} {right}");
        }
    }

    #[test]
    fn other_values_are_not() {
        for (item_type, left, right, tag) in [
            ("Integer", "Encrypt Decrypt", "Encrypt", USAGE),
            ("Integer", "Encrypt", "4", None),
            ("Integer", "0xffffffff", "4294967295", None),
            ("TextString", "a", "A", None),
            ("DateTime", "2012-04-27T08:12:24+00:00", "2012-04-27T08:12:24+01:00", None),
            ("DateTimeExtended", "2012-04-27T08:12:24.5Z", "2012-04-27T08:12:24.6Z", None),
            ("BigInteger", "00ff", "ff", None),
            ("Enumeration", "Create", "Get", Some(Tag::OPERATION)),
            ("Enumeration", "0x00000001", "Get", Some(Tag::OPERATION)),
            ("Enumeration", "no name", "nor this", Some(Tag::OPERATION)),
        ] {
            assert!(!is_same_value(item_type, left, right, tag), "{item_type} {left} {right}");
        }
    }

    #[test]
    fn a_tag_is_the_same_by_name_and_by_number() {
        let named = r#"<BatchCount type="Integer" value="1"/>"#;
        for text in ["TTLV tag='0x42000D'", "TTLV tag='0x42000d' name='Batch'", "x42000d"] {
            assert_eq!(xml(&format!("<{text} type='Integer' value='1'/>"), named), Ok(()), "{text}");
        }
        assert!(xml("<BatchItem type='Integer' value='1'/>", named).is_err());
    }
}
