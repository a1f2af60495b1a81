//! Dumps of messages: what people paste, copy or save, and the messages in it.
//!
//! [`Dump::read`] finds out what an input is, and gets the messages out of it: the bytes themselves; hex in any
//! shape; hex dumps with offsets and characters, as of `xxd`, `hexdump`, `od`, `tcpdump`, Wireshark, Go and netty, also of
//! packets with their headers; lists of numbers and string literals of C, Java, Go, Python and Rust; base64; KMIP's JSON and
//! XML. What is no message is listed with its place.
//!
//! [`Outline`] reads TTLV as far as it goes, for people to see where it goes wrong.
//!
//! ```
//! use kmip_types::TextCodec;
//! use kmip_types::dump::{Dump, DumpForm, Outline, Part};
//!
//! let codec = TextCodec::new();
//! let input = b"\
//! 00000000: 4200 7801 0000 0038 4200 7701 0000 0028  B.x....8B.w....(
//! 00000010: 4200 6901 0000 0020 4200 6a02 0000 0004  B.i.... B.j.....
//! 00000020: 0000 0002 0000 0000                      ........
//! ";
//! let dump = Dump::read(input, &codec)?;
//! assert_eq!(dump.form, DumpForm::HexDump);
//! let Part::Message(message) = &dump.parts[0] else { panic!() };
//! assert_eq!(message.to_string(), "line 1, column 11: RequestMessage, 40 bytes of 64: \
//!     its header declares a value of 56 bytes, 24 bytes missing at the end");
//! let outline = Outline::read(message.bytes.reveal(), &codec);
//! assert_eq!(outline.to_text().to_string(), "\
//! RequestMessage (Structure)
//!   ! offset 0: a value of 56 bytes is declared, 32 are there: 24 bytes missing
//!   RequestHeader (Structure)
//!     ProtocolVersion (Structure)
//!       ProtocolVersionMajor (Integer): 2");
//! # Ok::<(), kmip_types::dump::DumpError>(())
//! ```

mod base64;
mod error;
mod escaped;
mod form;
mod hex;
mod items;
mod json;
mod lines;
mod numbers;
mod outline;
mod packets;
mod part;
mod raw;
mod row;
mod rows;
mod texts;
mod words;
mod xml;

pub use error::DumpError;
pub use form::DumpForm;
pub use outline::{Outline, OutlineHeader, OutlineItem, OutlineProblem, OutlineText};
pub use part::{DumpMessage, Part, Skipped, SkippedKind};

use crate::text::TextCodec;
use lines::Lines;
use raw::Raw;
use texts::Texts;

/// What an input is, and what is in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dump {
    /// What the input is.
    pub form: DumpForm,
    /// What is in it, in its order. One part at least is a message.
    pub parts: Vec<Part>,
}

impl Dump {
    /// Reads an input: the content of a file, or what was pasted.
    ///
    /// `codec` says how JSON and XML are read, and the limits: an item that declares to be longer than
    /// [`Limits::size`](crate::Limits::size) is none, lines that a hex dump leaves out make no more bytes than that, and there
    /// are no more parts than [`Limits::items`](crate::Limits::items).
    ///
    /// Memory stays within a small multiple of the input.
    ///
    /// # Errors
    /// There is no item in the input: the error says what is there instead, and where.
    pub fn read(input: &[u8], codec: &TextCodec) -> Result<Self, DumpError> {
        if u32::try_from(input.len()).is_err() {
            return Err(DumpError::TooLong { length: input.len() });
        }
        if input.trim_ascii().is_empty() {
            return Err(DumpError::Empty);
        }
        if matches!(input, [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..]) {
            return Err(DumpError::Utf16);
        }
        if is_binary(input) {
            return Self::of_raw(DumpForm::Binary, Raw::of_binary(input), input, codec);
        }
        let text = core::str::from_utf8(input)
            .or_else(|error| core::str::from_utf8(input.get(..error.valid_up_to()).unwrap_or_default()));
        let text = text.unwrap_or_default();
        let start = text.trim_start_matches('\u{FEFF}');
        if xml::starts(start) {
            return Self::of_text(DumpForm::Xml, text, input, codec);
        }
        if json::starts(start) {
            return Self::of_text(DumpForm::Json, text, input, codec);
        }
        if let Some((form, raw)) =
            first(input, codec, |raw| items::is_start(raw.bytes(), 0, codec.limits.size))
        {
            return Self::of_raw(form, raw, input, codec);
        }
        // Characters in a dump may look like anything: only where it is none, they are what they look like.
        if xml::is_in(text) {
            return Self::of_text(DumpForm::Xml, text, input, codec);
        }
        if json::is_in(text) {
            return Self::of_text(DumpForm::Json, text, input, codec);
        }
        if let Some((form, raw)) = first(input, codec, items::has_start) {
            return Self::of_raw(form, raw, input, codec);
        }
        if let Some((form, raw)) = candidates(input, codec).find(|(form, raw)| is_certain(*form, raw)) {
            return Self::of_raw(form, raw, input, codec);
        }
        let faults = core::mem::take(&mut hex::read(input).faults);
        let mut parts: Vec<Part> =
            faults.into_iter().map(|(range, kind)| Part::skipped(range, kind)).collect();
        place(&mut parts, input, false);
        Err(DumpError::Unrecognized { skipped: parts.into_iter().filter_map(Part::into_skipped).collect() })
    }

    /// As [`read`](Self::read), of an input that is in this form.
    ///
    /// # Errors
    /// There is no item in the input, if it is in this form.
    pub fn read_as(form: DumpForm, input: &[u8], codec: &TextCodec) -> Result<Self, DumpError> {
        if u32::try_from(input.len()).is_err() {
            return Err(DumpError::TooLong { length: input.len() });
        }
        if input.trim_ascii().is_empty() {
            return Err(DumpError::Empty);
        }
        match form {
            DumpForm::Binary => Self::of_raw(form, Raw::of_binary(input), input, codec),
            DumpForm::Json | DumpForm::Xml => {
                let valid = input.utf8_chunks().next().map_or("", |chunk| chunk.valid());
                Self::of_text(form, valid, input, codec)
            }
            _ => match raw_of(form, input, codec) {
                Some(raw) => Self::of_raw(form, raw, input, codec),
                None => Err(DumpError::NoItem { form, skipped: Vec::new() }),
            },
        }
    }

    /// What is in the bytes that an input says.
    fn of_raw(form: DumpForm, mut raw: Raw, input: &[u8], codec: &TextCodec) -> Result<Self, DumpError> {
        let mut parts = Vec::new();
        items::find(&raw, &codec.limits, &mut parts);
        if !parts.iter().any(Part::is_message) {
            // It may be the start of an item that is broken, of which an outline says more.
            if let Some(whole) = items::as_one(&raw) {
                parts = vec![whole];
            }
        }
        let faults = core::mem::take(&mut raw.faults);
        parts.extend(faults.into_iter().map(|(range, kind)| Part::skipped(range, kind)));
        Self::of_parts(form, parts, input)
    }

    /// What is in a text of JSON or XML.
    fn of_text(form: DumpForm, text: &str, input: &[u8], codec: &TextCodec) -> Result<Self, DumpError> {
        let mut texts = Texts { parts: Vec::new(), most: codec.limits.items, faults: 0 };
        match form {
            DumpForm::Xml => xml::read(codec, text, &mut texts),
            _ => json::read(codec, text, &mut texts),
        }
        if text.len() < input.len() {
            texts.skip(text.len()..input.len(), SkippedKind::NotRead);
        }
        Self::of_parts(form, texts.parts, input)
    }

    fn of_parts(form: DumpForm, mut parts: Vec<Part>, input: &[u8]) -> Result<Self, DumpError> {
        place(&mut parts, input, form == DumpForm::Binary);
        if parts.iter().any(Part::is_message) {
            return Ok(Self { form, parts });
        }
        Err(DumpError::NoItem { form, skipped: parts.into_iter().filter_map(Part::into_skipped).collect() })
    }

    /// The messages and other items, in the order of the input.
    pub fn messages(&self) -> impl Iterator<Item = &DumpMessage> {
        self.parts.iter().filter_map(|part| match part {
            Part::Message(message) => Some(message),
            Part::Skipped(_) => None,
        })
    }

    /// What is no item, in the order of the input.
    pub fn skipped(&self) -> impl Iterator<Item = &Skipped> {
        self.parts.iter().filter_map(|part| match part {
            Part::Message(_) => None,
            Part::Skipped(skipped) => Some(skipped),
        })
    }
}

/// Whether an input is no text: that has no control characters but those that lay it out.
fn is_binary(input: &[u8]) -> bool {
    input.iter().any(|byte| matches!(byte, 0..=0x08 | 0x0B | 0x0E..=0x1A | 0x1C..=0x1F | 0x7F))
}

/// The bytes that a text says, read in each form in which it says any, without the headers of packets.
fn candidates<'i>(input: &'i [u8], codec: &'i TextCodec) -> impl Iterator<Item = (DumpForm, Raw)> + 'i {
    const FORMS: [DumpForm; 5] =
        [DumpForm::HexDump, DumpForm::Escaped, DumpForm::Numbers, DumpForm::Hex, DumpForm::Base64];
    FORMS.into_iter().filter_map(|form| raw_of(form, input, codec).map(|raw| (form, raw)))
}

/// The bytes that a text says in a form, if it says any, without the headers of packets.
fn raw_of(form: DumpForm, input: &[u8], codec: &TextCodec) -> Option<Raw> {
    let raw = match form {
        DumpForm::HexDump => rows::read(input, codec.limits.size),
        DumpForm::Escaped => escaped::read(input),
        DumpForm::Numbers => numbers::read(input),
        DumpForm::Hex => Some(hex::read(input)),
        _ => Some(base64::read(input)),
    };
    raw.map(packets::without_headers)
}

/// The first form in which the bytes are as they should be.
fn first(input: &[u8], codec: &TextCodec, is_right: impl Fn(&Raw) -> bool) -> Option<(DumpForm, Raw)> {
    candidates(input, codec).find(|(_, raw)| is_right(raw))
}

/// Whether an input is in this form, although there is no item in it.
fn is_certain(form: DumpForm, raw: &Raw) -> bool {
    match form {
        // Any word may be read as these: all of the input has to be.
        DumpForm::Hex | DumpForm::Base64 => {
            raw.faults.is_empty() && raw.bytes().len() >= if form == DumpForm::Hex { 1 } else { 16 }
        }
        _ => true,
    }
}

/// Puts parts in the order of the input, and works out their lines and columns.
fn place(parts: &mut [Part], input: &[u8], is_binary: bool) {
    parts.sort_by_key(|part| part.range().start);
    let mut lines = Lines::new(input);
    for part in parts {
        let start = part.range().start;
        let (line, column) = if is_binary { (1, start + 1) } else { lines.at(start) };
        part.set_place(line, column);
    }
}
