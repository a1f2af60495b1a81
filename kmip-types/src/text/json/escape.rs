//! The escapes of JSON strings.

use zeroize::Zeroizing;

/// The text that is between the quotes of a JSON string, if all its escapes stand for characters.
pub(super) fn unescape(inner: &str) -> Option<Zeroizing<String>> {
    // No escape is shorter than what it stands for.
    let mut text = Zeroizing::new(String::with_capacity(inner.len()));
    let mut rest = inner;
    while let Some((before, escape)) = rest.split_once('\\') {
        text.push_str(before);
        let kind = escape.chars().next()?;
        rest = escape.get(kind.len_utf8()..)?;
        text.push(match kind {
            '"' | '\\' | '/' => kind,
            'b' => '\u{8}',
            'f' => '\u{C}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'u' => {
                let (first, after) = code_unit(rest)?;
                rest = after;
                match first {
                    0xD800..=0xDBFF => {
                        let (second, after) = code_unit(rest.strip_prefix("\\u")?)?;
                        rest = after;
                        let low = second.checked_sub(0xDC00).filter(|low| *low < 0x400)?;
                        char::from_u32(0x1_0000 + ((first - 0xD800) << 10) + low)?
                    }
                    _ => char::from_u32(first)?,
                }
            }
            _ => return None,
        });
    }
    text.push_str(rest);
    Some(text)
}

/// The four hex digits of a UTF-16 code unit, and what follows them.
fn code_unit(text: &str) -> Option<(u32, &str)> {
    let (digits, rest) = text.split_at_checked(4)?;
    let valid = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
    Some((u32::from_str_radix(digits, 16).ok().filter(|_| valid)?, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_read_as_serde_json_reads_them() {
        for inner in [
            "",
            "a",
            r"\\",
            r#"\"\\\/\b\f\n\r\t"#,
            r"\u0041\u00e4\u20AC",
            r"a\ud83d\ude00b",
            r"\ud800",
            r"\ud800x",
            r"\ud800\n",
            r"\ud800\u",
            r"\ud800\ud800",
            r"\ud800\u0041",
            r"\udc00",
            r"\udbff\udfff",
            r"\udbff\ue000",
            r"\u",
            r"\u12",
            r"\u+123",
            r"\u123g",
            r"\u12€",
            r"\x",
            r"\'",
            r"\€",
            r"\uFFFF\u0000",
        ] {
            let expected = serde_json::from_str::<String>(&format!("\"{inner}\"")).ok();
            assert_eq!(unescape(inner).map(|text| text.to_string()), expected, "{inner}");
        }
    }
}
