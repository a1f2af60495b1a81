//! From an item as a text says it to an item: names, types and siblings, as JSON and XML both have them.

use core::cell::RefCell;
use std::collections::HashMap;

use zeroize::Zeroizing;

use crate::item::{Item, Value, is_secret};
use crate::item_type::{ItemType, ItemTypes};
use crate::nearest::nearest;
use crate::path::{PathSegment, TagPath};
use crate::tag::Tag;
use crate::text::TextCodec;
use crate::text::deviation::{TextDeviation, TextDeviationKind};
use crate::text::error::{Position, TextError, TextErrorKind};
use crate::text::fold;
use crate::text::names::{ValueNames, shortened};
use crate::text::node::{Content, Node};
use crate::text::options::TextMode;
use crate::text::parse;

/// How an encoding says a value that is not a structure.
pub(super) type ParseValue = fn(ItemType, &Content<'_>, ValueNames<'_>) -> Result<Value, TextErrorKind>;

/// Turns nodes into items.
pub(super) struct Resolver<'c> {
    codec: &'c TextCodec,
    parse: ParseValue,
    /// What was tolerated so far, if that is to be listed.
    tolerated: Option<RefCell<Vec<Tolerated>>>,
}

/// How many deviations are listed at most: each has a path, which may be much longer than what it is of.
const MOST_LISTED: usize = 1 << 16;

/// A deviation, while the structures that it is in are being read.
struct Tolerated {
    offset: usize,
    kind: TextDeviationKind,
    /// From the item outwards. The outermost so far has its position among all fields as its index, until all are read.
    reversed: Vec<PathSegment>,
}

impl<'c> Resolver<'c> {
    pub(super) fn new(codec: &'c TextCodec, parse: ParseValue) -> Self {
        Self { codec, parse, tolerated: None }
    }

    /// The same, listing what it tolerates.
    pub(super) fn listing(self) -> Self {
        Self { tolerated: Some(RefCell::default()), ..self }
    }

    /// The item that an outermost node says.
    pub(super) fn root(&self, node: &Node<'_>) -> Result<Item, TextError> {
        let tag = self.tag(node, None)?;
        let value = self.value(tag, node, None, 0).map_err(|error| error.within(tag, None))?;
        self.enclose(0, tag, None);
        Ok(Item::new(tag, value))
    }

    /// What was tolerated, in the order of the text.
    pub(super) fn deviations(self, text: &str) -> Vec<TextDeviation> {
        self.deviations_after(text, Position::START)
    }

    /// The same where a place is known that none of it is before.
    pub(super) fn deviations_after(self, text: &str, known: Position) -> Vec<TextDeviation> {
        let mut tolerated = self.tolerated.map(RefCell::into_inner).unwrap_or_default();
        tolerated.sort_by_key(|one| one.offset);
        // Each place is found from the one before, or many in a long text would take very long.
        let mut position = known;
        let placed = tolerated.into_iter().map(|one| {
            position = position.advanced(text, one.offset);
            let path = TagPath::new(one.reversed.into_iter().rev().collect());
            TextDeviation { path, line: position.line, column: position.column, kind: one.kind }
        });
        placed.collect()
    }

    fn tag(&self, node: &Node<'_>, parent: Option<Tag>) -> Result<Tag, TextError> {
        let (vendor, name) = (&self.codec.vendor, &node.tag);
        if let Some(tag) = vendor.wire_tag(&name.inner) {
            return Ok(tag);
        }
        let tag = self.folded(&name.inner).map_err(|kind| TextError::at(kind, name.offset))?;
        let tag = tag.ok_or_else(|| TextError::at(vendor.unknown_tag(&name.inner, parent), name.offset))?;
        let taken = vendor.wire_name(tag).unwrap_or_default().to_owned();
        self.tolerate(name.offset, TextDeviationKind::Name { found: shortened(&name.inner), taken });
        Ok(tag)
    }

    /// The tag that a name stands for that no tag has, in lenient reading.
    #[cold]
    fn folded(&self, name: &str) -> Result<Option<Tag>, TextErrorKind> {
        match self.codec.mode {
            TextMode::Lenient => self.codec.vendor.folded_tag(name),
            TextMode::Strict | TextMode::Exact => Ok(None),
        }
    }

    /// Whether the node's tag is this one.
    fn is(&self, node: &Node<'_>, tag: Tag) -> bool {
        let name = &node.tag.inner;
        match self.codec.vendor.wire_tag(name) {
            Some(known) => known == tag,
            None => self.folded(name) == Ok(Some(tag)),
        }
    }

    /// The value of a node that is inside `depth` structures.
    fn value(
        &self,
        tag: Tag,
        node: &Node<'_>,
        attribute: Option<&str>,
        depth: usize,
    ) -> Result<Value, TextError> {
        let item_type = self.item_type(node)?;
        let limit = self.codec.limits.depth;
        if item_type == ItemType::Structure && depth >= limit {
            return Err(TextError::at(TextErrorKind::DepthLimit { limit }, node.tag.offset));
        }
        let expected = tag.info().map_or(ItemTypes::ANY, |info| info.types);
        let mistyped = !expected.contains(item_type);
        let type_offset = node.item_type.as_ref().map_or(node.value.offset, |given| given.offset);
        let wrong_type = || {
            let kind = match node.item_type {
                Some(_) => TextErrorKind::UnexpectedItemType { tag, expected, found: item_type },
                None => TextErrorKind::MissingType { tag, expected },
            };
            TextError::at(kind, type_offset)
        };
        if mistyped {
            if self.codec.mode == TextMode::Strict {
                return Err(wrong_type());
            }
            self.tolerate(type_offset, TextDeviationKind::ItemType { tag, expected, found: item_type });
        }
        match (item_type, &node.value.inner) {
            (ItemType::Structure, Content::Items(nodes)) => {
                self.fields(tag, nodes, depth + 1).map(Value::Structure)
            }
            (ItemType::Structure, Content::Null | Content::Absent) => Ok(Value::Structure(Vec::new())),
            // Where the type is wrong and the value is not one of it, the value may well be right.
            (ItemType::Structure, _) if mistyped => Err(wrong_type()),
            (ItemType::Structure, other) => {
                let expected = match node.item_type {
                    Some(_) => "items",
                    None => "items, as no type is given,",
                };
                let kind = TextErrorKind::InvalidValue { item_type, expected, found: other.kind(item_type) };
                Err(TextError::at(kind, node.value.offset))
            }
            (_, content) => {
                let names = self.codec.vendor.value_names(tag, attribute);
                let value = (self.parse)(item_type, content, names);
                value.or_else(|kind| self.folded_value(tag, item_type, node, names, kind)).map_err(|kind| {
                    match kind {
                        TextErrorKind::InvalidValue { .. } | TextErrorKind::UnknownName { .. }
                            if mistyped =>
                        {
                            wrong_type()
                        }
                        kind => TextError::at(guarded(tag, item_type, kind), node.value.offset),
                    }
                })
            }
        }
    }

    /// The value of names that are spelled otherwise than the standard spells them, or what is wrong with them. A
    /// name where a secret is due is not listed, and so not read.
    #[cold]
    fn folded_value(
        &self,
        tag: Tag,
        item_type: ItemType,
        node: &Node<'_>,
        names: ValueNames<'_>,
        kind: TextErrorKind,
    ) -> Result<Value, TextErrorKind> {
        let (TextMode::Lenient, false, TextErrorKind::UnknownName { .. }, Content::Text(text)) =
            (self.codec.mode, hides_names(tag), &kind, &node.value.inner)
        else {
            return Err(kind);
        };
        match parse::parse_folded(item_type, text.trim(), names)? {
            Some((value, taken)) => {
                let found = shortened(text.trim());
                self.tolerate(node.value.offset, TextDeviationKind::Name { found, taken });
                Ok(value)
            }
            None => Err(kind),
        }
    }

    fn item_type(&self, node: &Node<'_>) -> Result<ItemType, TextError> {
        let Some(given) = &node.item_type else { return Ok(ItemType::Structure) };
        let name = &given.inner;
        if let Some(item_type) = ItemType::from_name(name) {
            return Ok(item_type);
        }
        let folded = ItemType::ALL.into_iter().find(|item_type| fold::alike(name, item_type.name()));
        if let Some(item_type) = folded.filter(|_| self.codec.mode == TextMode::Lenient) {
            let (found, taken) = (shortened(name), item_type.name().to_owned());
            self.tolerate(given.offset, TextDeviationKind::Name { found, taken });
            return Ok(item_type);
        }
        let suggestion = nearest(name, ItemType::ALL.into_iter().map(ItemType::name));
        let kind = TextErrorKind::UnknownItemType { name: shortened(name), suggestion };
        Err(TextError::at(kind, given.offset))
    }

    fn fields(&self, parent: Tag, nodes: &[Node<'_>], depth: usize) -> Result<Vec<Item>, TextError> {
        // Wiped, where one of them is not as it should be.
        let mut fields = Zeroizing::new(Vec::with_capacity(nodes.len()));
        // Looked for once at most: among many Attribute Values, looking for it for each would take long.
        let mut attribute_name = None;
        let first = self.count();
        for (position, node) in nodes.iter().enumerate() {
            let before = self.count();
            let tag = self.tag(node, Some(parent))?;
            let attribute = match tag {
                Tag::ATTRIBUTE_VALUE => *attribute_name.get_or_insert_with(|| self.attribute_name(nodes)),
                _ => None,
            };
            let value = self
                .value(tag, node, attribute, depth)
                .map_err(|error| error.within(tag, self.index(tag, &fields, &nodes[position + 1..])))?;
            self.enclose(before, tag, Some(position));
            if self.count() > MOST_LISTED {
                let kind = TextErrorKind::DeviationLimit { limit: MOST_LISTED };
                return Err(TextError::at(kind, node.tag.offset));
            }
            fields.push(Item::new(tag, value));
        }
        self.number(first, &fields);
        Ok(core::mem::take(&mut *fields))
    }

    /// The Attribute Name among the fields, if it is not in a vendor's name space.
    fn attribute_name<'n>(&self, nodes: &'n [Node<'_>]) -> Option<&'n str> {
        if nodes.iter().any(|node| self.is(node, Tag::VENDOR_IDENTIFICATION)) {
            return None;
        }
        nodes.iter().find_map(|node| match &node.value.inner {
            Content::Text(text) if self.is(node, Tag::ATTRIBUTE_NAME) => Some(&**text),
            _ => None,
        })
    }

    /// Which of several fields with one tag a faulty one is.
    #[cold]
    fn index(&self, tag: Tag, before: &[Item], after: &[Node<'_>]) -> Option<usize> {
        let index = before.iter().filter(|item| item.tag == tag).count();
        let again = after.iter().any(|node| self.is(node, tag));
        (index > 0 || again).then_some(index)
    }

    // ---- what was tolerated ------------------------------------------------------------------------

    fn tolerate(&self, offset: usize, kind: TextDeviationKind) {
        if let Some(tolerated) = &self.tolerated {
            tolerated.borrow_mut().push(Tolerated { offset, kind, reversed: Vec::new() });
        }
    }

    fn count(&self) -> usize {
        self.tolerated.as_ref().map_or(0, |tolerated| tolerated.borrow().len())
    }

    /// All that was tolerated after so many is in the item with this tag, the field at this position.
    fn enclose(&self, before: usize, tag: Tag, position: Option<usize>) {
        let Some(tolerated) = &self.tolerated else { return };
        for one in &mut tolerated.borrow_mut()[before..] {
            one.reversed.push(PathSegment { tag, index: position });
        }
    }

    /// Turns the positions of fields into indices among those with the same tag: none where there is but one.
    fn number(&self, first: usize, fields: &[Item]) {
        let Some(tolerated) = &self.tolerated else { return };
        let mut tolerated = tolerated.borrow_mut();
        if tolerated.len() == first {
            return;
        }
        let mut counts = HashMap::new();
        let mut indices = Vec::with_capacity(fields.len());
        for field in fields {
            let count: &mut usize = counts.entry(field.tag).or_default();
            indices.push(*count);
            *count += 1;
        }
        for segment in tolerated[first..].iter_mut().filter_map(|one| one.reversed.last_mut()) {
            let several = counts.get(&segment.tag).is_some_and(|count| *count > 1);
            segment.index =
                segment.index.and_then(|position| indices.get(position).copied()).filter(|_| several);
        }
    }
}

/// Whether a name under this tag may be a secret. Where the tag is not the standard's, only what a vendor registered for
/// it has names.
fn hides_names(tag: Tag) -> bool {
    tag.info().is_some() && is_secret(tag)
}

/// The fault without the name that was given, where that may be a secret.
fn guarded(tag: Tag, item_type: ItemType, kind: TextErrorKind) -> TextErrorKind {
    match kind {
        TextErrorKind::UnknownName { .. } if hides_names(tag) => TextErrorKind::InvalidValue {
            item_type,
            expected: "a known name, or a number in hex",
            found: "other text",
        },
        kind => kind,
    }
}
