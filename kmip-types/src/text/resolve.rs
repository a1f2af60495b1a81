//! From an item as a text says it to an item: names, types and siblings, as JSON and XML both have them.

use zeroize::Zeroizing;

use crate::item::{Item, Value, is_secret};
use crate::item_type::ItemType;
use crate::nearest::nearest;
use crate::tag::Tag;
use crate::text::TextCodec;
use crate::text::error::{TextError, TextErrorKind};
use crate::text::names::{ValueNames, shortened};
use crate::text::node::{Content, Node};

/// How an encoding says a value that is not a structure.
pub(super) type ParseValue = fn(ItemType, &Content<'_>, ValueNames<'_>) -> Result<Value, TextErrorKind>;

/// Turns nodes into items.
pub(super) struct Resolver<'c> {
    pub(super) codec: &'c TextCodec,
    pub(super) parse: ParseValue,
}

impl Resolver<'_> {
    /// The item that an outermost node says.
    pub(super) fn root(&self, node: &Node<'_>) -> Result<Item, TextError> {
        let tag = self.tag(node, None)?;
        let value = self.value(tag, node, None, 0).map_err(|error| error.within(tag, None))?;
        Ok(Item::new(tag, value))
    }

    fn tag(&self, node: &Node<'_>, parent: Option<Tag>) -> Result<Tag, TextError> {
        let name = &node.tag.inner;
        self.codec
            .vendor
            .wire_tag(name)
            .ok_or_else(|| TextError::at(self.codec.vendor.unknown_tag(name, parent), node.tag.offset))
    }

    /// The value of a node that is inside `depth` structures.
    fn value(
        &self,
        tag: Tag,
        node: &Node<'_>,
        attribute: Option<&str>,
        depth: usize,
    ) -> Result<Value, TextError> {
        let item_type = item_type(node)?;
        let limit = self.codec.limits.depth;
        if item_type == ItemType::Structure && depth >= limit {
            return Err(TextError::at(TextErrorKind::DepthLimit { limit }, node.tag.offset));
        }
        if self.codec.check_types
            && let Some(info) = tag.info()
            && !info.types.contains(item_type)
        {
            let kind = TextErrorKind::UnexpectedItemType { tag, expected: info.types, found: item_type };
            let offset = node.item_type.as_ref().map_or(node.value.offset, |given| given.offset);
            return Err(TextError::at(kind, offset));
        }
        match (item_type, &node.value.inner) {
            (ItemType::Structure, Content::Items(nodes)) => {
                self.fields(tag, nodes, depth + 1).map(Value::Structure)
            }
            (ItemType::Structure, Content::Null | Content::Absent) => Ok(Value::Structure(Vec::new())),
            (ItemType::Structure, other) => {
                let expected = match node.item_type {
                    Some(_) => "items",
                    None => "items, as no type is given,",
                };
                let kind = TextErrorKind::InvalidValue { item_type, expected, found: other.kind() };
                Err(TextError::at(kind, node.value.offset))
            }
            (_, content) => {
                let names = self.codec.vendor.value_names(tag, attribute);
                (self.parse)(item_type, content, names)
                    .map_err(|kind| TextError::at(guarded(tag, kind), node.value.offset))
            }
        }
    }

    fn fields(&self, parent: Tag, nodes: &[Node<'_>], depth: usize) -> Result<Vec<Item>, TextError> {
        // Wiped, where one of them is not as it should be.
        let mut fields = Zeroizing::new(Vec::with_capacity(nodes.len()));
        // Looked for once at most: among many Attribute Values, looking for it for each would take long.
        let mut attribute_name = None;
        for (position, node) in nodes.iter().enumerate() {
            let tag = self.tag(node, Some(parent))?;
            let attribute = match tag {
                Tag::ATTRIBUTE_VALUE => *attribute_name.get_or_insert_with(|| self.attribute_name(nodes)),
                _ => None,
            };
            let value = self
                .value(tag, node, attribute, depth)
                .map_err(|error| error.within(tag, self.index(tag, &fields, &nodes[position + 1..])))?;
            fields.push(Item::new(tag, value));
        }
        Ok(core::mem::take(&mut *fields))
    }

    /// The Attribute Name among the fields, if it is not in a vendor's name space.
    fn attribute_name<'n>(&self, nodes: &'n [Node<'_>]) -> Option<&'n str> {
        let is = |node: &Node<'_>, tag| self.codec.vendor.wire_tag(&node.tag.inner) == Some(tag);
        if nodes.iter().any(|node| is(node, Tag::VENDOR_IDENTIFICATION)) {
            return None;
        }
        nodes.iter().find_map(|node| match &node.value.inner {
            Content::Text(text) if is(node, Tag::ATTRIBUTE_NAME) => Some(&**text),
            _ => None,
        })
    }

    /// Which of several fields with one tag a faulty one is.
    #[cold]
    fn index(&self, tag: Tag, before: &[Item], after: &[Node<'_>]) -> Option<usize> {
        let index = before.iter().filter(|item| item.tag == tag).count();
        let again = after.iter().any(|node| self.codec.vendor.wire_tag(&node.tag.inner) == Some(tag));
        (index > 0 || again).then_some(index)
    }
}

fn item_type(node: &Node<'_>) -> Result<ItemType, TextError> {
    let Some(given) = &node.item_type else { return Ok(ItemType::Structure) };
    ItemType::from_name(&given.inner).ok_or_else(|| {
        let suggestion = nearest(&given.inner, ItemType::ALL.into_iter().map(ItemType::name));
        let kind = TextErrorKind::UnknownItemType { name: shortened(&given.inner), suggestion };
        TextError::at(kind, given.offset)
    })
}

/// The fault without the name that was given, where that may be a secret.
fn guarded(tag: Tag, kind: TextErrorKind) -> TextErrorKind {
    match kind {
        TextErrorKind::UnknownName { .. } if is_secret(tag) => TextErrorKind::InvalidValue {
            item_type: ItemType::Enumeration,
            expected: "a known name, or a number in hex",
            found: "other text",
        },
        kind => kind,
    }
}
