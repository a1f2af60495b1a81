//! Items in XML: one or many, in wrappers, among other text.

use crate::dump::lines::Lines;
use crate::dump::part::SkippedKind;
use crate::dump::texts::{ReadText, Texts};
use crate::primitive::SecretBytes;
use crate::text::{DecodedText, TextCodec, TextError};
use zeroize::Zeroizing;

/// The messages that are looked for where a text as a whole is no XML.
const MESSAGES: [(&str, &str); 2] =
    [("<RequestMessage", "</RequestMessage>"), ("<ResponseMessage", "</ResponseMessage>")];

/// Whether a text is XML from its start.
pub(super) fn starts(text: &str) -> bool {
    text.trim_start().starts_with('<')
}

/// Whether there is XML in a text.
pub(super) fn is_in(text: &str) -> bool {
    text.contains("<?xml") || MESSAGES.iter().any(|(start, _)| text.contains(start))
}

/// Reads the items of a text.
pub(super) fn read(codec: &TextCodec, text: &str, texts: &mut Texts) {
    let all = codec.from_xml_all(text);
    // Where all is wrong, there may be other elements around the messages.
    let is_wrong = all.as_ref().map_or(true, |all| all.iter().all(|message| message.ttlv.is_err()));
    if is_wrong && messages(codec, text, texts) > 0 {
        return;
    }
    match all {
        Ok(messages) => {
            let mut has_room = true;
            for message in messages {
                if has_room {
                    let deviations = message.deviations;
                    has_room = texts.give(message.range, message.ttlv.map(|ttlv| (ttlv, deviations)));
                } else if let Ok(ttlv) = message.ttlv {
                    // It may hold secrets all the same.
                    drop(SecretBytes::from(ttlv));
                }
            }
        }
        Err(error) => {
            texts.give(0..text.len(), Err(error));
        }
    }
}

/// Reads the messages of a text that is no XML as a whole, and says how many there are.
fn messages(codec: &TextCodec, text: &str, texts: &mut Texts) -> usize {
    let mut lines = Lines::new(text.as_bytes());
    let (mut at, mut count) = (0, 0);
    // Where the next one of each kind starts; each is looked for but once.
    let find =
        |start: &str, at: usize| text.get(at..).and_then(|rest| rest.find(start)).map(|found| at + found);
    let mut next = MESSAGES.map(|(start, _)| find(start, 0));
    while let Some((kind, start)) =
        (0..MESSAGES.len()).filter_map(|kind| Some((kind, next[kind]?))).min_by_key(|(_, start)| *start)
    {
        let close = MESSAGES[kind].1;
        let end = find(close, start).map_or(text.len(), |found| found + close.len());
        skip(text, at, start, texts);
        let (line, column) = lines.at(start);
        let ttlv = item(codec, text.get(start..end).unwrap_or_default(), line, column);
        (at, count) = (end, count + 1);
        if !texts.give(start..end, ttlv) {
            return count;
        }
        for (kind, next) in next.iter_mut().enumerate() {
            if next.is_some_and(|next| next < at) {
                *next = find(MESSAGES[kind].0, at);
            }
        }
    }
    if count > 0 {
        skip(text, at, text.len(), texts);
    }
    count
}

/// Reads one item, which starts at this line and column.
fn item(codec: &TextCodec, text: &str, line: usize, column: usize) -> Result<ReadText, TextError> {
    let DecodedText { item, deviations } =
        codec.read_xml(text).map_err(|error| error.behind(line, column))?;
    let deviations = deviations.into_iter().map(|deviation| deviation.behind(line, column));
    Ok((codec.encode(&Zeroizing::new(item))?, deviations.collect()))
}

/// Notes what is between messages.
fn skip(text: &str, start: usize, end: usize, texts: &mut Texts) {
    let between = text.get(start..end).unwrap_or_default();
    let start = start + between.len() - between.trim_start().len();
    let length = between.trim().len();
    if length > 0 {
        texts.skip(start..start + length, SkippedKind::NotRead);
    }
}
