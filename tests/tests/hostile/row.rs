//! A malformed input with its verdict, and what checks it.

use kmip_types::message::{Message, RequestMessage, ResponseMessage};
use kmip_types::text::{TextCodec, TextMode};
use kmip_types::{DecodeError, Item, Limits, TextError};

/// Bytes, and what is wrong with them.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) name: String,
    pub(crate) input: Vec<u8>,
    pub(crate) read: Read,
    /// The message of the error's kind, with what was expected and what was found.
    pub(crate) kind: String,
    pub(crate) offset: usize,
    pub(crate) path: String,
}

/// What the bytes are read as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Read {
    Item,
    /// Within a depth, a size and a number of items.
    ItemWithin(usize, usize, usize),
    Request,
    Response,
}

impl Read {
    pub(crate) fn run(self, input: &[u8]) -> Result<(), DecodeError> {
        match self {
            Self::Item => Item::from_ttlv(input).map(drop),
            Self::ItemWithin(depth, size, items) => {
                Item::from_ttlv_within(input, Limits { depth, size, items }).map(drop)
            }
            Self::Request => RequestMessage::from_ttlv(input).map(drop),
            Self::Response => ResponseMessage::from_ttlv(input).map(drop),
        }
    }

    pub(crate) fn run_leniently(self, input: &[u8]) -> Option<Result<(), DecodeError>> {
        match self {
            Self::Item | Self::ItemWithin(..) => None,
            Self::Request => Some(RequestMessage::from_ttlv_lenient(input).map(drop)),
            Self::Response => Some(ResponseMessage::from_ttlv_lenient(input).map(drop)),
        }
    }
}

/// Reads every row, and says of all that do not get their verdict which they get.
#[track_caller]
pub(crate) fn check(rows: &[Row]) {
    let mut wrong = Vec::new();
    for row in rows {
        let found = match row.read.run(&row.input) {
            Ok(()) => "it was read".to_owned(),
            Err(error) => verdict(&error.kind().to_string(), error.offset(), &error.path().to_string()),
        };
        let expected = verdict(&row.kind, row.offset, &row.path);
        if found != expected {
            wrong.push(format!("{}:\n  expected {expected}\n  found    {found}", row.name));
        }
        // Leniently, it is read or refused, but nothing else comes of it.
        let _ = row.read.run_leniently(&row.input);
        // Bytes that are no item are none for the text encodings either.
        if row.read == Read::Item {
            let codec = TextCodec::new();
            for result in [codec.to_json(&row.input), codec.to_xml(&row.input), codec.to_text(&row.input)] {
                assert!(result.is_err(), "{}: an item for a text encoding", row.name);
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {} rows:\n{}", wrong.len(), rows.len(), wrong.join("\n"));
}

fn verdict(kind: &str, offset: usize, path: &str) -> String {
    format!("[{path}] at {offset}: {kind}")
}

/// A text, and what is wrong with it.
#[derive(Clone, Debug)]
pub(crate) struct TextRow {
    pub(crate) input: String,
    pub(crate) read: fn(&TextCodec, &str) -> Result<Item, TextError>,
    /// As the error's `Display` has it: line, column, path, and the message of its kind.
    pub(crate) error: String,
}

/// Reads every row, and says of all that do not get their verdict which they get.
#[track_caller]
pub(crate) fn check_text(rows: &[TextRow]) {
    let mut wrong = Vec::new();
    for row in rows {
        let found = match (row.read)(&TextCodec::new().mode(TextMode::Strict), &row.input) {
            Ok(item) => format!("it was read: {item}"),
            Err(error) => error.to_string(),
        };
        assert!(!contradicts_itself(&found), "{found}");
        if found != row.error {
            let start: String = row.input.chars().take(200).collect();
            wrong.push(format!("{start}\n  expected {}\n  found    {found}", row.error));
        }
    }
    assert!(wrong.is_empty(), "{} of {} rows:\n{}", wrong.len(), rows.len(), wrong.join("\n"));
}

/// Whether a message says that what it found is what it expected.
fn contradicts_itself(message: &str) -> bool {
    let Some((due, found)) = message.rsplit_once(", found ") else { return false };
    let due = due.rsplit_once("expected ").or_else(|| due.rsplit_once(" takes ")).map_or(due, |(_, due)| due);
    due.split(" or ").any(|one| one == found)
        || due.strip_prefix(found).is_some_and(|rest| rest.starts_with(" for "))
}
