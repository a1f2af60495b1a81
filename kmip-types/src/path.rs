//! Where in a message: a path of tags.

use core::fmt;
use std::collections::HashMap;

use crate::item_type::ItemType;
use crate::tag::Tag;

/// The tags from the outermost item to one inside it, as `RequestMessage/BatchItem[1]/Operation`.
#[derive(Clone, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde_with::SerializeDisplay))]
pub struct TagPath(Vec<PathSegment>);

/// One step of a [`TagPath`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PathSegment {
    /// The item's tag.
    pub tag: Tag,
    /// Which of several items with this tag in the same structure, counted from 0; `None` for an only one.
    pub index: Option<usize>,
}

impl TagPath {
    /// The path of these steps, outermost first.
    pub fn new(segments: Vec<PathSegment>) -> Self {
        Self(segments)
    }

    /// The steps, outermost first.
    pub fn segments(&self) -> &[PathSegment] {
        &self.0
    }

    /// Whether the path has no step: the place is before any item.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The path to the innermost item that starts at or encloses `offset`, as far as the bytes can be read.
    ///
    /// Working this out from the bytes, and only when something is wrong, keeps decoding free of it.
    pub(crate) fn locate(buffer: &[u8], offset: usize) -> Self {
        Self::locate_all(buffer, &[offset]).pop().unwrap_or_default()
    }

    /// The paths to several offsets, which are in ascending order, in one walk over the bytes.
    pub(crate) fn locate_all(buffer: &[u8], offsets: &[usize]) -> Vec<Self> {
        if offsets.is_empty() {
            return Vec::new();
        }
        let mut walk = Walk { buffer, segments: Vec::new(), paths: Vec::with_capacity(offsets.len()) };
        walk.level(0, buffer.len(), offsets);
        walk.paths
    }
}

/// A walk from the outermost item to those at some offsets. No structure is walked twice.
struct Walk<'a> {
    buffer: &'a [u8],
    segments: Vec<PathSegment>,
    paths: Vec<TagPath>,
}

impl Walk<'_> {
    /// Finds the offsets among the items from `start` to `end`.
    fn level(&mut self, start: usize, end: usize, mut offsets: &[usize]) {
        let mut totals: HashMap<Tag, usize> = HashMap::new();
        for (_, item) in siblings(self.buffer, start, end) {
            *totals.entry(item.tag).or_default() += 1;
        }
        let mut seen: HashMap<Tag, usize> = HashMap::new();
        for (position, item) in siblings(self.buffer, start, end) {
            if offsets.is_empty() {
                return;
            }
            let count = seen.entry(item.tag).or_default();
            let index = (totals.get(&item.tag) > Some(&1)).then_some(*count);
            *count += 1;
            let (here, later) = offsets.split_at(offsets.partition_point(|offset| *offset < item.end));
            offsets = later;
            // The header belongs to the item itself, the rest to what is in it.
            let content = if item.is_structure { position + 8 } else { item.end };
            let (own, inner) = here.split_at(here.partition_point(|offset| *offset < content));
            self.segments.push(PathSegment { tag: item.tag, index });
            self.found(own);
            if !inner.is_empty() {
                self.level(content, item.end, inner);
            }
            self.segments.pop();
        }
        self.found(offsets);
    }

    /// The path so far is that of these offsets.
    fn found(&mut self, offsets: &[usize]) {
        self.paths.extend(offsets.iter().map(|_| TagPath(self.segments.clone())));
    }
}

/// The items that follow one another from `start` to `end`, with their positions.
fn siblings(buffer: &[u8], start: usize, end: usize) -> impl Iterator<Item = (usize, RawItem)> {
    let mut position = start;
    core::iter::from_fn(move || {
        let item = RawItem::at(buffer, position, end)?;
        let at = core::mem::replace(&mut position, item.end);
        Some((at, item))
    })
}

/// An item's header, read without any check but that it is there; its end is cut at what is there.
struct RawItem {
    tag: Tag,
    is_structure: bool,
    end: usize,
}

impl RawItem {
    fn at(buffer: &[u8], position: usize, end: usize) -> Option<Self> {
        let header: &[u8; 8] = buffer.get(position..end)?.first_chunk()?;
        let tag = Tag::from_raw(u32::from_be_bytes([0, header[0], header[1], header[2]]));
        let length = u32::from_be_bytes([header[4], header[5], header[6], header[7]]) as usize;
        let padded = length.checked_next_multiple_of(8).unwrap_or(usize::MAX);
        let is_structure = header[3] == ItemType::Structure.number();
        Some(Self { tag, is_structure, end: (position + 8).saturating_add(padded).min(end) })
    }
}

impl fmt::Display for TagPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, segment) in self.0.iter().enumerate() {
            if position > 0 {
                f.write_str("/")?;
            }
            write!(f, "{}", segment.tag)?;
            if let Some(index) = segment.index {
                write!(f, "[{index}]")?;
            }
        }
        Ok(())
    }
}

impl fmt::Debug for TagPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}
