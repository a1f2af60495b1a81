//! Every byte in hex, with what it is beside it.

use core::fmt::{self, Write as _};
use core::ops::Range;

use super::lines::Builder;
use super::visit::Visit;
use super::{Outline, OutlineItem, OutlineText};
use crate::dump::part::count;
use crate::item_type::ItemType;
use crate::wipe::Output;

/// Bytes in a line.
const BYTES: usize = 8;
/// Lines of a value, of which the rest is left out.
const LINES: usize = 4;
/// Characters of a line that are not what bytes are: an offset, the bytes, and the spaces between.
const BEFORE: usize = 8 + 2 + 3 * BYTES - 1 + 2;
/// Characters of a line, but where a name is long.
const WIDTH: usize = 80;
/// How deep lines are indented at most.
const DEEPEST: usize = 12;

pub(super) fn write(outline: &Outline<'_>) -> OutlineText {
    let mut lines = OutlineText::builder();
    // A string takes whatever is written to it.
    let _ = outline.visit(|visit| item(outline, &visit, &mut lines));
    lines.finish()
}

fn item(outline: &Outline<'_>, visit: &Visit<'_>, lines: &mut Builder) -> fmt::Result {
    let item = visit.item;
    let indent = 2 * item.depth.min(DEEPEST);
    let Some(header) = item.header else {
        value(outline, visit, indent, lines)?;
        return problems(item, indent, lines);
    };
    start(lines, item.offset, outline.header_of(item))?;
    write!(lines, "{:indent$}", "")?;
    outline.head(item, lines)?;
    write!(lines, ", {}", count(header.length))?;
    problems(item, indent, lines)?;
    if !item.is_open() {
        value(outline, visit, indent, lines)?;
        padding(outline, visit, indent, lines)?;
    }
    Ok(())
}

fn problems(item: &OutlineItem, indent: usize, lines: &mut Builder) -> fmt::Result {
    for problem in &item.problems {
        write!(lines.line(item.offset), "{:before$}! {problem}", "", before = BEFORE + indent + 2)?;
    }
    Ok(())
}

/// The lines of a value: bytes on the left, what they are on the right, as many of each as there are.
fn value(outline: &Outline<'_>, visit: &Visit<'_>, indent: usize, lines: &mut Builder) -> fmt::Result {
    let range = visit.item.value.clone();
    if range.is_empty() {
        return Ok(());
    }
    if visit.is_hidden {
        hidden(&range, lines)?;
        write!(lines, "{:indent$}", "")?;
        return outline.show(visit, lines);
    }
    let mut meaning = Output::default();
    match is_of_bytes(visit) {
        // The bytes are beside it.
        true => write!(meaning, "{}", count(range.len()))?,
        false => outline.show(visit, &mut meaning)?,
    }
    let meaning = zeroize::Zeroizing::new(meaning.into_text());
    let mut meanings = folded(&meaning, WIDTH - BEFORE - indent);
    let chunks = outline.bytes_of(range.clone()).chunks(BYTES);
    let shown = chunks.len().min(if chunks.len() > LINES + 1 { LINES } else { LINES + 1 });
    for (index, chunk) in chunks.enumerate().take(shown) {
        let offset = range.start + index * BYTES;
        let text = meanings.next();
        start(lines, offset, if text.is_some() { chunk } else { &[] })?;
        match text {
            Some(text) => write!(lines, "{:indent$}{text}", "")?,
            None => hex(chunk, lines)?,
        }
    }
    let mut offset = range.start + shown * BYTES;
    if offset < range.end {
        write!(lines.line(offset), "{offset:08x}  … {} more", count(range.end - offset))?;
    } else {
        offset = range.end - 1;
    }
    // Only of text there may be much: names of bits are shown to the last.
    let most =
        if is_of_type(visit, ItemType::TextString) { (LINES + 1).saturating_sub(shown) } else { usize::MAX };
    for text in meanings.by_ref().take(most) {
        write!(lines.line(offset), "{:before$}{text}", "", before = BEFORE + indent)?;
    }
    if meanings.next().is_some() {
        write!(lines.line(offset), "{:before$}… ({})", "", count(range.len()), before = BEFORE + indent)?;
    }
    Ok(())
}

/// Whether what a value is says no more than its bytes do.
fn is_of_bytes(visit: &Visit<'_>) -> bool {
    let is_bytes = is_of_type(visit, ItemType::ByteString) || is_of_type(visit, ItemType::BigInteger);
    is_bytes || !visit.item.is_readable()
}

fn is_of_type(visit: &Visit<'_>, item_type: ItemType) -> bool {
    visit.item.header.and_then(|header| header.item_type()) == Some(item_type)
}

fn padding(outline: &Outline<'_>, visit: &Visit<'_>, indent: usize, lines: &mut Builder) -> fmt::Result {
    let range = visit.item.padding();
    if range.is_empty() {
        return Ok(());
    }
    let bytes = outline.bytes_of(range.clone());
    let is_zero = bytes.iter().all(|byte| *byte == 0);
    // What is no zero may be a part of the value.
    let is_shown = outline.codec.reveal_secrets || is_zero && visit.item.is_readable();
    if is_shown {
        start(lines, range.start, bytes)?;
        return write!(lines, "{:indent$}padding", "");
    }
    hidden(&range, lines)?;
    write!(lines, "{:indent$}(not read, {})", "", count(range.len()))
}

/// Starts a line with an offset and bytes.
fn start(lines: &mut Builder, offset: usize, bytes: &[u8]) -> fmt::Result {
    write!(lines.line(offset), "{offset:08x}  ")?;
    if bytes.is_empty() {
        return Ok(());
    }
    hex(bytes, lines)?;
    write!(lines, "{:1$}", "", 3 * (BYTES - bytes.len().min(BYTES)) + 2)
}

/// Starts a line of bytes that are not shown.
fn hidden(range: &Range<usize>, lines: &mut Builder) -> fmt::Result {
    let offset = range.start;
    let count = format!("({})", count(range.len()));
    write!(lines.line(offset), "{offset:08x}  {count:0$}  ", 3 * BYTES - 1)
}

fn hex(bytes: &[u8], lines: &mut Builder) -> fmt::Result {
    for (index, byte) in bytes.iter().enumerate() {
        write!(lines, "{}{byte:02x}", if index > 0 { " " } else { "" })?;
    }
    Ok(())
}

/// Parts of a text of so many characters each at most. Names of a mask's bits stay whole.
fn folded(text: &str, width: usize) -> impl Iterator<Item = &str> {
    let mut rest = text;
    core::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let end = rest.char_indices().nth(width.max(1)).map_or(rest.len(), |(at, _)| at);
        let end = match rest.get(..end).and_then(|part| part.rfind('|')) {
            Some(bar) if end < rest.len() => bar + 1,
            _ => end,
        };
        let (part, behind) = rest.split_at(end);
        rest = behind;
        Some(part)
    })
}
