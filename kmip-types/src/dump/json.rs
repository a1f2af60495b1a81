//! Items in JSON: one or many, in arrays, in other objects, among other text.

use core::ops::Range;

use crate::dump::lines::Lines;
use crate::dump::part::SkippedKind;
use crate::dump::texts::{ReadText, Texts};
use crate::text::{DecodedText, TextCodec, TextError};
use zeroize::Zeroizing;

/// The names of an item's members.
const MEMBERS: [&str; 4] = ["tag", "type", "value", "name"];

/// Whether a text is JSON from its start.
pub(super) fn starts(text: &str) -> bool {
    let trimmed = text.trim_start();
    let inner = trimmed.strip_prefix('[').unwrap_or(trimmed).trim_start();
    inner.strip_prefix('{').is_some_and(|rest| rest.trim_start().starts_with('"'))
}

/// Whether there is JSON of items in a text.
pub(super) fn is_in(text: &str) -> bool {
    text.contains("\"tag\"")
}

/// Reads the items of a text.
pub(super) fn read(codec: &TextCodec, text: &str, texts: &mut Texts) {
    let mut lines = Lines::new(text.as_bytes());
    let (mut at, mut done) = (0, 0);
    while let Some(open) = text.get(at..).and_then(|rest| rest.find('{')).map(|found| at + found) {
        at = open + 1;
        if !is_item(text.get(at..).unwrap_or_default()) {
            continue;
        }
        let range = open..end(text, open);
        other(text, done..open, texts);
        let (line, column) = lines.at(open);
        let ttlv = item(codec, text.get(range.clone()).unwrap_or_default(), line, column);
        (at, done) = (range.end, range.end);
        if !texts.give(range, ttlv) {
            return;
        }
    }
    if done > 0 {
        other(text, done..text.len(), texts);
    } else if let Err(error) = codec.from_json(text) {
        texts.give(0..text.len(), Err(error));
    }
}

/// Reads one item, which starts at this line and column.
fn item(codec: &TextCodec, text: &str, line: usize, column: usize) -> Result<ReadText, TextError> {
    let DecodedText { item, deviations } =
        codec.read_json(text).map_err(|error| error.behind(line, column))?;
    let deviations = deviations.into_iter().map(|deviation| deviation.behind(line, column));
    Ok((codec.encode(&Zeroizing::new(item))?, deviations.collect()))
}

/// Whether the first member of an object is one of an item.
fn is_item(rest: &str) -> bool {
    let Some(rest) = rest.trim_start().strip_prefix('"') else { return false };
    MEMBERS.iter().any(|name| rest.strip_prefix(name).is_some_and(|rest| rest.starts_with('"')))
}

/// The end of an object, or of the text, if that comes before.
fn end(text: &str, start: usize) -> usize {
    let (mut depth, mut in_string, mut is_escaped) = (0_usize, false, false);
    for (at, byte) in text.bytes().enumerate().skip(start) {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' if in_string => is_escaped = true,
            b'"' => in_string = !in_string,
            _ if in_string => {}
            b'{' => depth += 1,
            b'}' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return at + 1;
                }
            }
            _ => {}
        }
    }
    text.len()
}

/// Notes what is between items, if it is more than what separates them.
fn other(text: &str, range: Range<usize>, texts: &mut Texts) {
    let is_mark = |character: char| character.is_whitespace() || matches!(character, '[' | ']' | ',' | ';');
    let between = text.get(range.clone()).unwrap_or_default();
    let start = range.start + between.len() - between.trim_start_matches(is_mark).len();
    let length = between.trim_matches(is_mark).len();
    if length > 0 {
        texts.skip(start..start + length, SkippedKind::NotRead);
    }
}
