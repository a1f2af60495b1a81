//! Values for the `$NAME`s of test cases.
//!
//! A test case writes `$UNIQUE_IDENTIFIER_0` where a server's own value would stand, and `$NOW-3600` for an
//! hour ago. The same name always becomes the same value, of the type that the item states.

use time::format_description::well_known::Rfc3339;
use time::{Duration, OffsetDateTime};

/// The present of every test case: any fixed moment will do.
const NOW: i64 = 1_600_000_000;

/// The text with every `$NAME` or `${NAME}` that is a whole value replaced.
pub(super) fn replace(text: &str) -> String {
    let mut replaced = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(['"', '\'']) {
        let (before, from) = rest.split_at(start + 1);
        replaced.push_str(before);
        rest = from;
        let Some(name) = rest.strip_prefix('$') else { continue };
        let Some(end) = name.find(&before[start..]) else { break };
        let (name, after) = name.split_at(end);
        let name = name.strip_prefix('{').and_then(|name| name.strip_suffix('}')).unwrap_or(name);
        if is_placeholder(name) {
            replaced.push_str(&value(name, item_type(&replaced, after)));
            rest = after;
        }
    }
    replaced.push_str(rest);
    replaced
}

fn is_placeholder(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b'+' | b'-' | b' '))
}

/// The type that the item with the value states: in the same element or object, before or after the value.
fn item_type<'a>(before: &'a str, after: &'a str) -> &'a str {
    let open = before.rfind(['<', '{']).map_or(before, |at| &before[at..]);
    let close = after.find(['>', '}']).map_or(after, |at| &after[..at]);
    stated(open).or_else(|| stated(close)).unwrap_or("TextString")
}

/// The value of the attribute or member `type` among others.
fn stated(item: &str) -> Option<&str> {
    item.match_indices("type").find_map(|(at, key)| {
        let rest = item[at + key.len()..].trim_start_matches(['"', '\'']).trim_start();
        let rest = rest.strip_prefix(['=', ':'])?.trim_start();
        let quote = rest.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
        rest[1..].split(quote).next()
    })
}

fn value(name: &str, item_type: &str) -> String {
    match item_type {
        "DateTime" | "DateTimeExtended" => date(name),
        "TextString" => format!("value-of-{}", name.to_ascii_lowercase()),
        "Boolean" => "true".to_owned(),
        "Integer" | "LongInteger" | "Interval" => number(name).to_string(),
        "Enumeration" => format!("0x{:08x}", 0x8000_0000 | number(name)),
        _ => bytes(name),
    }
}

fn date(name: &str) -> String {
    let offset = name.get(3..).filter(|_| name[..3].eq_ignore_ascii_case("NOW"));
    let offset = offset.and_then(|offset| offset.replace(' ', "").parse().ok()).unwrap_or(0_i32);
    let date = OffsetDateTime::UNIX_EPOCH + Duration::seconds(NOW + i64::from(offset));
    date.format(&Rfc3339).unwrap_or_default()
}

/// Sixteen bytes, which is also a whole number of Big Integer words.
fn bytes(name: &str) -> String {
    let mut digits = String::new();
    for round in 0..4_u32 {
        digits.push_str(&format!("{:08x}", number(name).rotate_left(round * 7) & 0x7FFF_FFFF));
    }
    digits
}

/// A small number that differs from name to name.
fn number(name: &str) -> u32 {
    name.bytes().fold(7, |hash: u32, byte| hash.wrapping_mul(31).wrapping_add(u32::from(byte))) & 0x00FF_FFFF
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_have_the_stated_type() {
        for (text, expected) in [
            (
                r#"<T type="DateTime" value="$NOW-3600"/>"#,
                r#"<T type="DateTime" value="2020-09-13T11:26:40Z"/>"#,
            ),
            (r#"<T value="$NOW" type="DateTime"/>"#, r#"<T value="2020-09-13T12:26:40Z" type="DateTime"/>"#),
            (
                r#"{"tag": "U", "type": "TextString", "value": "$UNIQUE_IDENTIFIER_0"}"#,
                r#"{"tag": "U", "type": "TextString", "value": "value-of-unique_identifier_0"}"#,
            ),
            (
                r#"<T type="DateTime" value="$NOW + 60"/>"#,
                r#"<T type="DateTime" value="2020-09-13T12:27:40Z"/>"#,
            ),
            (
                "<T value = '${now}' type = 'DateTime'/>",
                "<T value = '2020-09-13T12:26:40Z' type = 'DateTime'/>",
            ),
            ("<T type='Boolean' value='$Flag'/>", "<T type='Boolean' value='true'/>"),
            (
                r#"{"value": "$id.0", "type" : "TextString"}"#,
                r#"{"value": "value-of-id.0", "type" : "TextString"}"#,
            ),
            (r#"<T type="TextString" value="$5 note"/>"#, r#"<T type="TextString" value="$5 note"/>"#),
            (r#"<T value="a $NAME 'b'"/>"#, r#"<T value="a $NAME 'b'"/>"#),
            (r#"<T value="$NAME"#, r#"<T value="$NAME"#),
        ] {
            assert_eq!(replace(text), expected);
        }
    }

    #[test]
    fn the_same_name_is_the_same_value_and_another_name_another() {
        let text = r#"<D type="ByteString" value="$DATA_0"/><D type="ByteString" value="$DATA_1"/>"#;
        let replaced = replace(text);
        let values: Vec<&str> = replaced.split("value=").skip(1).collect();
        assert_ne!(values[0], values[1]);
        assert_eq!(replace(text), replaced);
    }
}
