//! Messages as the page shows them: every byte with what it is, secrets left out until one is asked for.

use kmip_types::TextCodec;
use kmip_types::dump::{Dump, DumpError, Outline, Part};
use kmip_types::message;
use kmip_types::ttlv::Mode;
use serde_json::{Value, json};

/// How many lines are shown of a message; of the rest, how many there are.
const MOST: usize = 5000;

/// The characters of a line that are the offset, and where the meaning of the bytes begins.
const OFFSET: usize = 8;
const MEANING: usize = 35;

/// The outline of bytes, with what is not as the standard has it.
fn outline<'a>(bytes: &'a [u8], codec: &'a TextCodec) -> Outline<'a> {
    let mut outline = Outline::read(bytes, codec);
    if outline.problems().next().is_none() {
        match message::check(bytes, Mode::Lenient) {
            Ok(deviations) => {
                for deviation in deviations {
                    outline.note(deviation.offset, deviation.kind.to_string());
                }
            }
            Err(error) => outline.note(error.offset(), error.kind().to_string()),
        }
    }
    outline
}

/// The lines of a message: `offset`, `bytes` and `meaning`; `secret`, the offset of the item, where a value is left out; and
/// `problem` where it says what is wrong.
pub(super) fn lines(title: &str, bytes: &[u8]) -> Value {
    let codec = TextCodec::new();
    let outline = outline(bytes, &codec);
    let hidden = outline.hidden_offsets();
    // Where the value of each of them is.
    let items = outline.items().iter().filter(|item| hidden.binary_search(&item.offset).is_ok());
    let values: Vec<(usize, usize)> = items.map(|item| (item.value.start, item.offset)).collect();
    let text = outline.to_annotated();
    let count = text.lines().count();
    let mut lines: Vec<Value> = Vec::with_capacity(count.min(MOST));
    for (line, at) in text.lines().zip(text.offsets()).take(MOST) {
        let secret = values.iter().find(|(value, _)| *value == at).map(|(_, item)| *item);
        lines.push(cells(line, secret));
    }
    if count > MOST {
        lines.push(json!({ "meaning": format!("… {} lines more", count - MOST) }));
    }
    json!({ "title": title, "size": bytes.len(), "lines": lines, "problems": outline.problems().count() })
}

/// A line in its parts.
fn cells(line: &str, secret: Option<usize>) -> Value {
    let (offset, rest) = match line.split_at_checked(OFFSET) {
        Some((offset, rest)) if !offset.trim().is_empty() => (offset, rest),
        // What is wrong, or more of what the line before means.
        _ => {
            let meaning = line.get(MEANING..).unwrap_or(line);
            return json!({ "meaning": meaning, "problem": meaning.trim_start().starts_with("! ") });
        }
    };
    let (bytes, meaning) = match line.split_at_checked(MEANING) {
        Some((before, meaning)) => (before.get(OFFSET..).unwrap_or_default(), meaning),
        None => (rest, ""),
    };
    json!({ "offset": offset, "bytes": bytes.trim(), "meaning": meaning, "secret": secret })
}

/// One value that is left out, that of the item at an offset: as text, whole.
pub(super) fn reveal(bytes: &[u8], offset: usize) -> Option<Value> {
    let codec = TextCodec::new();
    let outline = Outline::read(bytes, &codec);
    let is_hidden = outline.hidden_offsets().binary_search(&offset).is_ok();
    let item = outline.items().iter().find(|item| is_hidden && item.offset == offset)?;
    let codec = TextCodec::new().reveal_secrets(true);
    let text = Outline::read(bytes.get(item.offset..item.end)?, &codec).to_text();
    Some(json!({ "text": text.as_str() }))
}

/// What is in something that was pasted, part by part.
///
/// # Errors
/// There is no message in it.
pub(super) fn dump(pasted: &[u8]) -> Result<Value, DumpError> {
    let codec = lenient();
    let dump = Dump::read(pasted, &codec)?;
    let mut number = 0;
    let parts = dump.parts.iter().map(|part| match part {
        Part::Message(message) => {
            number += 1;
            let notes: Vec<String> = message.deviations.iter().map(ToString::to_string).collect();
            let mut lines = lines(&message.to_string(), message.bytes.reveal());
            lines["notes"] = json!(notes);
            lines["message"] = json!(number - 1);
            lines
        }
        Part::Skipped(skipped) => json!({ "skipped": skipped.to_string() }),
    });
    let parts: Vec<Value> = parts.collect();
    Ok(json!({ "form": format!("{:?}", dump.form), "parts": parts }))
}

/// One value that is left out of what was pasted: that of the item at an offset in a message, counted from 0.
pub(super) fn reveal_pasted(pasted: &[u8], message: usize, offset: usize) -> Option<Value> {
    let codec = lenient();
    let dump = Dump::read(pasted, &codec).ok()?;
    reveal(dump.messages().nth(message)?.bytes.reveal(), offset)
}

fn lenient() -> TextCodec {
    TextCodec::new().mode(kmip_types::text::TextMode::Lenient)
}
