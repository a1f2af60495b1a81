//! Compares two texts of the same encoding as data, without the codec that wrote one of them.

use std::collections::BTreeSet;

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
    for (left, right) in left.iter().zip(right) {
        if (left.depth, &left.tag, &left.item_type) != (right.depth, &right.tag, &right.item_type) {
            return Err(format!("{left:?} became {right:?}"));
        }
        let same = match (&left.value, &right.value) {
            (Some(from), Some(to)) => is_same_value(&left.item_type, from, to),
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

fn is_same_value(item_type: &str, left: &str, right: &str) -> bool {
    if left == right {
        return true;
    }
    match item_type {
        "ByteString" => left.eq_ignore_ascii_case(right),
        "BigInteger" => big_integer(left) == big_integer(right),
        "DateTime" | "DateTimeExtended" => date(left).is_some() && date(left) == date(right),
        "Integer" => {
            let parts = |text: &str| -> BTreeSet<String> {
                text.split([' ', '|', ',']).filter(|part| !part.is_empty()).map(str::to_owned).collect()
            };
            (number(left).is_some() && number(left) == number(right)) || parts(left) == parts(right)
        }
        "LongInteger" | "Interval" | "Enumeration" => number(left).is_some() && number(left) == number(right),
        "Boolean" => boolean(left).is_some() && boolean(left) == boolean(right),
        _ => false,
    }
}

fn number(text: &str) -> Option<i64> {
    match text.strip_prefix("0x") {
        Some(digits) if digits.len() == 8 => u32::from_str_radix(digits, 16).ok().map(i64::from),
        Some(digits) => u64::from_str_radix(digits, 16).ok().map(u64::cast_signed),
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

fn date(text: &str) -> Option<i64> {
    match text.strip_prefix("0x") {
        Some(digits) => u64::from_str_radix(digits, 16).ok().map(u64::cast_signed),
        None => {
            let zoned = if text.contains('Z') || text.len() > 19 && text[19..].contains(['+', '-']) {
                text.to_owned()
            } else {
                format!("{text}Z")
            };
            OffsetDateTime::parse(&zoned, &Rfc3339).ok().map(OffsetDateTime::unix_timestamp)
        }
    }
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
    Ok(Entry { depth, tag, item_type, value })
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
    entries.push(Entry { depth, tag: text("tag"), item_type, value });
    for child in item["value"].as_array().into_iter().flatten() {
        json_entry(child, depth + 1, entries);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_spellings_of_a_value_are_the_same_data() {
        for (item_type, left, right) in [
            ("Integer", "0x0000000c", "12"),
            ("Integer", "Encrypt   Decrypt", "Decrypt Encrypt"),
            ("Integer", "0xffffffff", "4294967295"),
            ("DateTime", "2012-04-27T08:12:24+00:00", "2012-04-27T08:12:24Z"),
            ("ByteString", "AB", "ab"),
            ("BigInteger", "0000000000000001", "01"),
            ("Boolean", "true", "1"),
        ] {
            assert!(is_same_value(item_type, left, right), "{item_type} {left} {right}");
        }
    }

    #[test]
    fn other_values_are_not() {
        for (item_type, left, right) in [
            ("Integer", "Encrypt Decrypt", "Encrypt"),
            ("TextString", "a", "A"),
            ("DateTime", "2012-04-27T08:12:24+00:00", "2012-04-27T08:12:24+01:00"),
            ("BigInteger", "00ff", "ff"),
            ("Enumeration", "Create", "Get"),
        ] {
            assert!(!is_same_value(item_type, left, right), "{item_type} {left} {right}");
        }
    }
}
