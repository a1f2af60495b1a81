//! Finding items among bytes.

use core::ops::Range;

use crate::dump::part::{DumpMessage, Part, SkippedKind, declared_size};
use crate::dump::raw::Raw;
use crate::item_type::ItemType;
use crate::limits::Limits;
use crate::primitive::SecretBytes;
use crate::tag::Tag;
use crate::ttlv::Header;
use crate::ttlv::header::padded;

/// A header as it is, if its type has values of its length.
fn header_at(bytes: &[u8], at: usize) -> Option<Header> {
    let [t0, t1, t2, item_type, length @ ..] = *bytes.get(at..)?.first_chunk::<8>()?;
    if !matches!(t0, 0x42 | 0x54) {
        return None;
    }
    let header = Header {
        tag: Tag::from_raw(u32::from_be_bytes([0, t0, t1, t2])),
        item_type: ItemType::from_number(item_type)?,
        length: usize::try_from(u32::from_be_bytes(length)).ok()?,
        offset: 0,
    };
    header.has_valid_length().then_some(header)
}

/// The size of an item with its header and padding.
fn size(header: &Header) -> usize {
    padded(header.length).saturating_add(Header::SIZE)
}

/// Whether an item of at most `most` bytes may start here, by its header alone.
pub(super) fn is_start(bytes: &[u8], at: usize, most: usize) -> bool {
    header_at(bytes, at).is_some_and(|header| size(&header) <= most)
}

/// Whether an item certainly starts here, among bytes that are none: the tag is known or a vendor's and has this type,
/// and what is in it starts as an item that fits, or it is all there.
fn is_sure_start(bytes: &[u8], at: usize, most: usize) -> bool {
    let Some(header) = header_at(bytes, at) else { return false };
    let is_of_type =
        header.tag.info().map_or(header.tag.is_vendor(), |info| info.types.contains(header.item_type));
    if !is_of_type || size(&header) > most {
        return false;
    }
    let value = at + Header::SIZE;
    if header.item_type == ItemType::Structure {
        return header_at(bytes, value).is_some_and(|inner| size(&inner) <= header.length);
    }
    let padding = bytes.get(value + header.length..value.saturating_add(padded(header.length)));
    padding.is_some_and(|padding| padding.iter().all(|byte| *byte == 0))
}

/// Whether a request or a response starts here.
fn is_message_start(bytes: &[u8], at: usize) -> bool {
    let tags = (header_at(bytes, at), header_at(bytes, at + Header::SIZE));
    matches!(tags, (Some(message), Some(header))
        if (message.tag, header.tag) == (Tag::REQUEST_MESSAGE, Tag::REQUEST_HEADER)
            || (message.tag, header.tag) == (Tag::RESPONSE_MESSAGE, Tag::RESPONSE_HEADER))
}

/// Whether there is any item in the bytes.
pub(super) fn has_start(raw: &Raw) -> bool {
    let most = Limits::DEFAULT.size;
    is_start(raw.bytes(), 0, most) || (0..raw.bytes().len()).any(|at| is_sure_start(raw.bytes(), at, most))
}

/// The items in the bytes, and what is between them, without its lines and columns.
pub(super) fn find(raw: &Raw, limits: &Limits, parts: &mut Vec<Part>) {
    let mut finder = Finder { raw, most: limits.size, next_break: 0 };
    let mut at = 0;
    while at < raw.bytes().len() {
        if parts.len() >= limits.items {
            let kind = SkippedKind::TooMany { limit: limits.items };
            parts.push(Part::skipped(raw.range(at..raw.bytes().len()), kind));
            return;
        }
        let end = if finder.is_next(at) { finder.message(at, parts) } else { finder.skip(at, parts) };
        at = end.max(at + 1);
    }
}

/// The bytes as one item, although nothing in them looks as one, if they start as some do.
pub(super) fn as_one(raw: &Raw) -> Option<Part> {
    let is_tag = matches!(raw.bytes(), [0x42 | 0x54, _, _, _, ..]);
    is_tag.then(|| {
        let whole = 0..raw.bytes().len();
        let size = declared_size(raw.bytes()).unwrap_or(Header::SIZE);
        let missing = size.saturating_sub(whole.len());
        message(raw, whole, missing)
    })
}

fn message(raw: &Raw, bytes: Range<usize>, missing: usize) -> Part {
    Part::Message(DumpMessage {
        line: 0,
        column: 0,
        range: raw.range(bytes.clone()),
        offset: Some(bytes.start),
        bytes: SecretBytes::from(raw.bytes().get(bytes).unwrap_or_default()),
        missing,
        deviations: Vec::new(),
    })
}

struct Finder<'r> {
    raw: &'r Raw,
    most: usize,
    /// The first break that is not passed.
    next_break: usize,
}

impl Finder<'_> {
    /// Whether an item starts here, at the start or behind another one.
    fn is_next(&self, at: usize) -> bool {
        match self.raw.bytes().get(at..) {
            // Cut within its header.
            Some(rest) if rest.len() < Header::SIZE => matches!(rest, [0x42, 0x00, ..] | [0x54, ..]),
            _ => is_start(self.raw.bytes(), at, self.most),
        }
    }

    /// Takes the item that starts here, and says where it ends: where it declares to, or where something is missing, or
    /// another message starts with another packet.
    fn message(&mut self, at: usize, parts: &mut Vec<Part>) -> usize {
        let bytes = self.raw.bytes();
        let size = bytes.get(at..).and_then(declared_size).unwrap_or(Header::SIZE);
        let declared = at.saturating_add(size);
        let mut end = declared.min(bytes.len());
        while let Some(one) = self.raw.breaks().get(self.next_break) {
            if one.at >= end {
                break;
            }
            self.next_break += 1;
            if one.at > at && (one.is_gap || is_message_start(bytes, one.at)) {
                end = one.at;
            }
        }
        parts.push(message(self.raw, at..end, declared - end));
        end
    }

    /// Takes what is no item, and says where the next one starts.
    fn skip(&mut self, at: usize, parts: &mut Vec<Part>) -> usize {
        let bytes = self.raw.bytes();
        let rest = at + 1..bytes.len();
        let end = rest.into_iter().find(|at| is_sure_start(bytes, *at, self.most)).unwrap_or(bytes.len());
        let range = self.raw.range(at..end);
        let bytes = bytes.get(at..end).unwrap_or_default();
        let kind = match bytes.len() {
            bytes_len if bytes.iter().all(|byte| *byte == 0) => SkippedKind::Padding { bytes: bytes_len },
            bytes_len if super::packets::is_tls(bytes) => SkippedKind::Tls { bytes: bytes_len },
            bytes_len => SkippedKind::NotTtlv { bytes: bytes_len },
        };
        parts.push(Part::skipped(range, kind));
        end
    }
}
