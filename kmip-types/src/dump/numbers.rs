//! Lists of numbers of a byte each: arrays of C, Java, Rust, Go and others, in decimal or hex.

use crate::dump::SkippedKind;
use crate::dump::raw::Raw;

/// How many numbers a list has at least: those of a header.
const FEWEST: usize = 8;

/// The bytes that the lists of a text say.
pub(super) fn read(text: &[u8]) -> Option<Raw> {
    let mut raw = Raw::of_text(text.len());
    let mut at = 0;
    while let Some(open) =
        text.get(at..).and_then(|rest| rest.iter().position(|byte| matches!(byte, b'[' | b'{' | b'(')))
    {
        let list = List::read(text, at + open + 1);
        let is_bare = text.get(at + open) == Some(&b'[') && !list.is_broken && !list.is_of_hex();
        // What stopped it may open the next list.
        at = list.end.max(at + open + 1);
        // Without commas, as Go has it, what looks like a list may be anything.
        if list.has_commas() || is_bare {
            list.give(&mut raw);
        }
    }
    if raw.bytes().is_empty() {
        let list = List::read(text, 0);
        if list.end == text.len() && list.has_commas() {
            list.give(&mut raw);
        }
    }
    (!raw.bytes().is_empty()).then_some(raw)
}

/// The numbers of a list.
struct List {
    numbers: Vec<Number>,
    /// How many commas there are between them.
    commas: usize,
    /// Where the first character is that does not belong to it.
    end: usize,
    /// Whether something else is there than its closing bracket or the end of the text.
    is_broken: bool,
}

struct Number {
    origin: usize,
    value: Option<u8>,
    /// What it is, if it is two hex digits.
    as_hex: Option<u8>,
}

impl List {
    fn read(text: &[u8], start: usize) -> Self {
        let mut list = Self { numbers: Vec::new(), commas: 0, end: start, is_broken: false };
        loop {
            list.end = skip(text, list.end, &mut list.commas);
            let rest = text.get(list.end..).unwrap_or_default();
            let length = rest.iter().position(|byte| !is_of_number(*byte)).unwrap_or(rest.len());
            let word = rest.get(..length).unwrap_or_default();
            match Number::parse(word, list.end) {
                Some(number) => list.numbers.push(number),
                None => {
                    list.is_broken = !matches!(rest, [] | [b']' | b'}' | b')', ..]);
                    return list;
                }
            }
            list.end += length;
        }
    }

    fn has_commas(&self) -> bool {
        self.commas + 1 >= self.numbers.len()
    }

    /// Whether each number is two hex digits.
    fn is_of_hex(&self) -> bool {
        self.numbers.iter().all(|number| number.as_hex.is_some())
    }

    fn give(self, raw: &mut Raw) {
        if self.numbers.len() < FEWEST {
            return;
        }
        raw.part();
        let is_hex = self.is_of_hex();
        for number in &self.numbers {
            match if is_hex { number.as_hex } else { number.value } {
                Some(value) => raw.push(value, number.origin),
                None => {
                    raw.gap();
                    raw.fault(number.origin..number.origin + 1, SkippedKind::NotRead);
                }
            }
        }
        if self.is_broken {
            raw.gap();
            raw.fault(self.end..self.end + 1, SkippedKind::NotRead);
        }
    }
}

fn is_of_number(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')
}

impl Number {
    /// A number: `66`, `-1`, `0x42`, `66u8`.
    fn parse(word: &[u8], origin: usize) -> Option<Self> {
        let text = core::str::from_utf8(word).ok()?;
        let as_hex = (text.len() == 2).then(|| u8::from_str_radix(text, 16).ok()).flatten();
        let digits = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X"));
        let value = match digits {
            Some(digits) => u8::from_str_radix(digits.trim_end_matches("u8").trim_end_matches('_'), 16).ok(),
            None => {
                let digits = text.trim_end_matches("u8").trim_end_matches('_');
                let signed = || digits.parse::<i8>().ok().map(i8::cast_unsigned);
                digits.parse::<u8>().ok().or_else(signed)
            }
        };
        // What is a number, but none of a byte, is told of.
        let is_number = value.is_some() || as_hex.is_some() || text.bytes().all(|byte| byte.is_ascii_digit());
        (!text.is_empty() && is_number).then_some(Self { origin, value, as_hex })
    }
}

/// Where the next number is: behind spaces, commas, comments and casts.
fn skip(text: &[u8], mut at: usize, commas: &mut usize) -> usize {
    loop {
        let rest = text.get(at..).unwrap_or_default();
        let find = |end: &[u8]| {
            rest.windows(end.len())
                .position(|window| window == end)
                .map_or(rest.len(), |found| found + end.len())
        };
        at += match rest {
            [b',' | b';', ..] => {
                *commas += 1;
                1
            }
            [byte, ..] if byte.is_ascii_whitespace() => 1,
            [b'/', b'*', ..] => find(b"*/"),
            [b'/', b'/', ..] => find(b"\n"),
            _ if rest.starts_with(b"(byte)") => 6,
            _ => return at,
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_decimal_or_hex_and_signed_or_not() {
        let bytes = [0x42, 0, 0x78, 0xFF, 0, 0, 0, 8];
        for text in [
            "[66, 0, 120, 255, 0, 0, 0, 8]",
            "[66, 0, 120, -1, 0, 0, 0, 8]",
            "[66 0 120 255 0 0 0 8]",
            "char a[8] = { 0x42, 0, 0x78, /* } */ 0xff, 0, // x\n 0, 0, 8 };",
            "66, 0, 120, 255, 0, 0, 0, 8",
            "[66, 0, 120, 255, 0, 0, 0, 8",
        ] {
            let raw = read(text.as_bytes());
            assert_eq!(raw.unwrap().bytes(), bytes, "{text}");
        }
        for text in ["[1, 2]", "f(1 2 3 4 5 6 7 8)", "1 2 3 4 5 6 7 8", "[a, 1]", "", "[", "[/*", "[//"] {
            assert!(read(text.as_bytes()).is_none(), "{text}");
        }
    }
}
