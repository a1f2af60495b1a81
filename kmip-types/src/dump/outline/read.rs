//! Reading on, whatever is wrong.

use super::{OutlineHeader, OutlineItem, OutlineProblem};
use crate::error::DecodeErrorKind;
use crate::item_type::ItemType;
use crate::limits::Limits;
use crate::tag::Tag;
use crate::ttlv::header::padded;
use crate::ttlv::{Header, invalid_length};

/// The items in the bytes, each before those that are in it.
pub(super) fn items(bytes: &[u8], limits: &Limits) -> Vec<OutlineItem> {
    let mut walk = Walk { bytes, limits, at: 0, open: Vec::new(), items: Vec::new() };
    while walk.at < bytes.len() {
        walk.close();
        walk.next();
    }
    walk.at = usize::MAX;
    walk.close();
    walk.items
}

struct Walk<'a> {
    bytes: &'a [u8],
    limits: &'a Limits,
    /// Where the next item starts.
    at: usize,
    open: Vec<Open>,
    items: Vec<OutlineItem>,
}

/// A structure whose items are being read.
#[derive(Clone, Copy)]
struct Open {
    index: usize,
    /// Where it ends, as far as there are bytes.
    end: usize,
    /// Where it ends by what it declares.
    declared_end: usize,
}

impl Walk<'_> {
    /// Leaves the structures that end here.
    fn close(&mut self) {
        while let Some(open) = self.open.last().copied().filter(|open| open.end <= self.at) {
            self.open.pop();
            let next = self.items.len();
            if let Some(item) = self.items.get_mut(open.index) {
                item.next = next;
            }
        }
    }

    /// Where the structure around what comes next ends: as far as there are bytes, and by what it declares.
    fn ends(&self) -> (usize, usize) {
        self.open.last().map_or((self.bytes.len(), usize::MAX), |open| (open.end, open.declared_end))
    }

    fn next(&mut self) {
        let (end, declared_end) = self.ends();
        if self.at >= end {
            return;
        }
        if self.items.len() >= self.limits.items {
            let kind = DecodeErrorKind::ItemLimit { limit: self.limits.items };
            return self.rest(self.bytes.len(), OutlineProblem::Item(kind));
        }
        let rest = self.bytes.get(self.at..end).unwrap_or_default();
        let Some(header) = header(rest) else {
            return self.rest(end, OutlineProblem::CutHeader { available: rest.len() });
        };
        if !is_plausible(&header, rest.len()) {
            return self.rest(end, OutlineProblem::NotAnItem);
        }
        let mut item = OutlineItem {
            offset: self.at,
            depth: self.open.len(),
            header: Some(header),
            value: 0..0,
            end: 0,
            problems: Vec::new(),
            next: self.items.len() + 1,
        };
        let start = self.at + Header::SIZE;
        item.value = start..start.saturating_add(header.length).min(end);
        item.end = start.saturating_add(padded(header.length)).min(end);
        match header.item_type() {
            None => item
                .problems
                .push(OutlineProblem::Item(DecodeErrorKind::InvalidItemType { found: header.type_byte })),
            Some(item_type) if !has_valid_length(&header, item_type) => {
                item.problems.push(OutlineProblem::Item(invalid_length(item_type, header.length)));
                if let Some(length) = item_type.fixed_length().filter(|_| !self.is_next(item.end, end)) {
                    // The length is wrong, but there is only one that it can be.
                    let usual = start + padded(length);
                    if self.is_next(usual, end) {
                        (item.value, item.end) = (start..start + length, usual);
                    }
                }
            }
            Some(_) => {}
        }
        let needed = start.saturating_add(padded(header.length));
        if needed > end && item.end == end {
            self.too_long(&mut item, needed, declared_end);
        }
        if header.item_type() == Some(ItemType::Structure) {
            return self.structure(item);
        }
        if item.is_readable()
            && let Some(header) = item.header
        {
            self.check_value(&header, &mut item);
        }
        self.at = item.end.max(self.at + Header::SIZE);
        self.items.push(item);
    }

    /// Notes that an item is longer than what there is. Where the input ends, that goes without saying of all the
    /// structures around what is cut but the outermost.
    fn too_long(&self, item: &mut OutlineItem, needed: usize, declared_end: usize) {
        let Some(header) = item.header else { return };
        let (declared, available) = (header.length, item.value.len());
        if needed > declared_end {
            item.problems.push(OutlineProblem::BeyondStructure { declared, available });
        } else if self.open.is_empty() || header.item_type() != Some(ItemType::Structure) {
            let missing = needed - item.end;
            item.problems.push(OutlineProblem::Cut { declared, available, missing });
        }
    }

    fn structure(&mut self, mut item: OutlineItem) {
        if self.open.len() >= self.limits.depth {
            let kind = DecodeErrorKind::DepthLimit { limit: self.limits.depth };
            item.problems.push(OutlineProblem::Item(kind));
            self.at = item.end.max(self.at + Header::SIZE);
            self.items.push(item);
            return;
        }
        // What pads a structure, where its length is wrong, is told of as what else is in it.
        item.value.end = item.end;
        self.at = item.value.start;
        let length = item.header.map_or(0, |header| padded(header.length));
        let declared_end = item.value.start.saturating_add(length);
        self.open.push(Open { index: self.items.len(), end: item.end, declared_end });
        self.items.push(item);
    }

    /// Takes what is left up to here as bytes that are no item.
    fn rest(&mut self, end: usize, problem: OutlineProblem) {
        self.items.push(OutlineItem {
            offset: self.at,
            depth: self.open.len(),
            header: None,
            value: self.at..end,
            end,
            problems: vec![problem],
            next: self.items.len() + 1,
        });
        self.at = end;
    }

    /// Whether an item starts here, or the structure ends.
    fn is_next(&self, at: usize, end: usize) -> bool {
        let rest = self.bytes.get(at..end);
        at == end
            || rest
                .and_then(header)
                .is_some_and(|next| is_plausible(&next, end - at) && next.item_type().is_some())
    }

    fn check_value(&self, header: &OutlineHeader, item: &mut OutlineItem) {
        let bytes = |range| self.bytes.get(range).unwrap_or_default();
        let value = bytes(item.value.clone());
        let kind = match header.item_type() {
            Some(ItemType::Boolean) if !matches!(value, [0, 0, 0, 0, 0, 0, 0, 0 | 1]) => {
                Some(DecodeErrorKind::InvalidBoolean)
            }
            Some(ItemType::TextString) => match core::str::from_utf8(value) {
                Ok(_) => None,
                Err(error) => Some(DecodeErrorKind::InvalidUtf8 { valid: error.valid_up_to() }),
            },
            _ => None,
        };
        let padding = bytes(item.padding()).iter().any(|byte| *byte != 0);
        let padding = padding.then_some(DecodeErrorKind::NonZeroPadding);
        item.problems.extend(kind.into_iter().chain(padding).map(OutlineProblem::Item));
    }
}

fn header(bytes: &[u8]) -> Option<OutlineHeader> {
    let [t0, t1, t2, type_byte, length @ ..] = *bytes.first_chunk::<8>()?;
    let tag = Tag::from_raw(u32::from_be_bytes([0, t0, t1, t2]));
    Some(OutlineHeader { tag, type_byte, length: usize::try_from(u32::from_be_bytes(length)).ok()? })
}

fn has_valid_length(header: &OutlineHeader, item_type: ItemType) -> bool {
    Header { tag: header.tag, item_type, length: header.length, offset: 0 }.has_valid_length()
}

/// Whether this may be a header, of an item in so many bytes. The tag of any is taken if all else is right; with one
/// that the standard or vendors have, one of type and length may be wrong. What is none is not shown: it may be a part of
/// a secret, where a length before it is wrong.
fn is_plausible(header: &OutlineHeader, available: usize) -> bool {
    let is_within = padded(header.length).saturating_add(Header::SIZE) <= available;
    let item_type = header.item_type();
    if matches!(header.tag.value() >> 16, 0x42 | 0x54) {
        return item_type.is_some() || is_within;
    }
    is_within && item_type.is_some_and(|item_type| has_valid_length(header, item_type))
}
