//! Reading XML: from text to nodes that know where in the text they are.

use core::ops::Range;
use std::borrow::Cow;

use quick_xml::NsReader;
use quick_xml::XmlVersion;
use quick_xml::events::attributes::{AttrError, Attribute};
use quick_xml::events::{BytesStart, Event};
use quick_xml::name::ResolveResult;

use super::{GENERAL, NAMESPACE, fault, is_xml};
use crate::limits::Limits;
use crate::text::error::{TextError, TextErrorKind};
use crate::text::names::shortened;
use crate::text::node::{Budget, Content, Node, Spanned};
use crate::text::trail::Trail;
use crate::text::vendor::VendorTags;
use crate::wipe::ValueText;

/// An outermost element that is an item, and where it is in the text.
pub(in crate::text) struct Message<'a> {
    pub(in crate::text) node: Node<'a>,
    pub(in crate::text) range: Range<usize>,
}

/// The one item that the text says.
pub(in crate::text) fn read<'a>(
    text: &'a str,
    limits: Limits,
    vendor: &VendorTags,
) -> Result<Node<'a>, TextError> {
    let mut parser = Parser::new(text, limits, vendor, |_| false);
    parser.single = true;
    parser.run()?.pop().map(|message| message.node).ok_or_else(|| {
        let kind = TextErrorKind::Unexpected { expected: "an element", found: "the end of the text" };
        TextError::at(kind, text.len())
    })
}

/// All outermost items that the text says, and those inside an outermost element that `is_wrapper` takes for
/// one.
pub(in crate::text) fn read_all<'a>(
    text: &'a str,
    limits: Limits,
    vendor: &VendorTags,
    is_wrapper: impl Fn(&str) -> bool,
) -> Result<Vec<Message<'a>>, TextError> {
    let is_wrapper = |name: &str| name != GENERAL && hex_element(name).is_none() && is_wrapper(name);
    Parser::new(text, limits, vendor, is_wrapper).run()
}

/// Builds nodes from the events of quick-xml, without recursion.
struct Parser<'a, 'v, F> {
    text: &'a str,
    budget: Budget,
    /// The items that a fault is in.
    trail: Trail<'v>,
    is_wrapper: F,
    /// Whether a second outermost item is an error.
    single: bool,
    /// Whether a wrapper is open.
    wrapped: bool,
    /// The elements that are open, outermost first.
    open: Vec<Element<'a>>,
    messages: Vec<Message<'a>>,
}

/// An element that is an item.
struct Element<'a> {
    start: usize,
    tag: Spanned<Cow<'a, str>>,
    item_type: Option<Spanned<Cow<'a, str>>>,
    value: Option<Spanned<ValueText<'a>>>,
    items: Vec<Node<'a>>,
}

impl<'a, 'v, F: Fn(&str) -> bool> Parser<'a, 'v, F> {
    fn new(text: &'a str, limits: Limits, vendor: &'v VendorTags, is_wrapper: F) -> Self {
        Self {
            text,
            budget: Budget::new(limits),
            trail: Trail::new(vendor),
            is_wrapper,
            single: false,
            wrapped: false,
            open: Vec::new(),
            messages: Vec::new(),
        }
    }

    fn run(mut self) -> Result<Vec<Message<'a>>, TextError> {
        match self.events() {
            Ok(()) => Ok(self.messages),
            Err(error) => {
                for depth in (0..self.open.len()).rev() {
                    self.inside(&self.open[depth].tag.inner, depth);
                }
                Err(self.trail.of(error))
            }
        }
    }

    /// Notes that a fault is in an item of this name, which is inside so many of the open elements.
    #[cold]
    fn inside(&self, name: &str, depth: usize) {
        self.trail.inside(Some(name));
        let around = depth.checked_sub(1).and_then(|depth| self.open.get(depth));
        self.trail.after(around.map_or(&[], |around| &around.items));
    }

    fn events(&mut self) -> Result<(), TextError> {
        let mut reader = NsReader::from_str(self.text);
        loop {
            let start = reader.buffer_position() as usize;
            let (namespace, event) = match reader.read_resolved_event() {
                Ok(read) => read,
                Err(error) => {
                    let kind = TextErrorKind::Syntax { message: fault::message(&error) };
                    return Err(TextError::at(kind, reader.error_position() as usize));
                }
            };
            let foreign = match namespace {
                ResolveResult::Unbound => false,
                ResolveResult::Bound(namespace) => namespace.0 != NAMESPACE,
                ResolveResult::Unknown(_) => true,
            };
            let forbidden = match event {
                Event::Start(_) | Event::Empty(_) if foreign => {
                    return Err(TextError::at(TextErrorKind::UnknownNamespace, start));
                }
                Event::Start(element) => {
                    self.start(&element, start)?;
                    continue;
                }
                Event::Empty(element) => {
                    self.start(&element, start)?;
                    self.end(reader.buffer_position() as usize)?;
                    continue;
                }
                Event::End(_) => {
                    self.end(reader.buffer_position() as usize)?;
                    continue;
                }
                Event::Text(text) if text.bytes().all(|byte| byte.is_ascii_whitespace()) => continue,
                Event::Text(text) if start == 0 && text.trim_start_matches('\u{FEFF}').trim().is_empty() => {
                    continue;
                }
                // Between the messages of a test case there are remarks.
                Event::Text(text) if self.open.is_empty() && !self.single && is_remark(&text) => continue,
                Event::Decl(_) | Event::PI(_) | Event::Comment(_) => continue,
                Event::Eof => break,
                Event::Text(_) | Event::CData(_) | Event::GeneralRef(_) => "text between elements",
                Event::DocType(_) => "a document type declaration",
            };
            return Err(TextError::at(TextErrorKind::Forbidden { what: forbidden }, start));
        }
        if self.open.is_empty() && !self.wrapped {
            return Ok(());
        }
        let kind = TextErrorKind::Unexpected { expected: "an end tag", found: "the end of the text" };
        Err(TextError::at(kind, self.text.len()))
    }

    fn start(&mut self, element: &BytesStart<'_>, start: usize) -> Result<(), TextError> {
        let local = element.local_name();
        if self.open.is_empty() && !self.wrapped && (self.is_wrapper)(local.as_ref()) {
            self.wrapped = true;
            return Ok(());
        }
        if self.open.is_empty() {
            if self.single && !self.messages.is_empty() {
                let kind =
                    TextErrorKind::Unexpected { expected: "the end of the text", found: "another element" };
                return Err(TextError::at(kind, start));
            }
            self.budget.reset();
        }
        self.budget.item(self.open.len(), start)?;
        let name = self.spanned(element.name().0, start + 1).inner;
        let name = match name {
            Cow::Borrowed(name) => Cow::Borrowed(name.rsplit(':').next().unwrap_or(name)),
            Cow::Owned(name) => Cow::Owned(name.rsplit(':').next().unwrap_or(&name).to_owned()),
        };
        let name_offset = start + 1 + (element.name().0.len() - name.len());
        // The general element does not say its tag before its attributes are read.
        let given = self.attributes(element, start).inspect_err(|_| {
            if name != GENERAL {
                self.inside(hex_element(&name).as_deref().unwrap_or(&name), self.open.len());
            }
        })?;
        let tag = match given.tag {
            Some(tag) if name == GENERAL => tag.into_name(),
            None if name == GENERAL => {
                let kind = TextErrorKind::MissingMember { what: "attribute", name: "tag" };
                return Err(TextError::at(kind, start));
            }
            again => {
                let inner = hex_element(&name).map_or(name, Cow::Owned);
                if let Some(again) = again {
                    self.agrees(&inner, &again).inspect_err(|_| self.inside(&inner, self.open.len()))?;
                }
                Spanned { inner, offset: name_offset }
            }
        };
        let item_type = given.item_type.map(Spanned::into_name);
        self.open.push(Element { start, tag, item_type, value: given.value, items: Vec::new() });
        Ok(())
    }

    fn end(&mut self, end: usize) -> Result<(), TextError> {
        let Some(element) = self.open.pop() else {
            self.wrapped = false;
            return Ok(());
        };
        let value = match element.value {
            Some(value) if element.items.is_empty() => {
                Spanned { inner: Content::Text(value.inner), offset: value.offset }
            }
            Some(value) => {
                self.inside(&element.tag.inner, self.open.len());
                let kind = TextErrorKind::Unexpected { expected: "a value or elements", found: "both" };
                return Err(TextError::at(kind, value.offset));
            }
            None => Spanned { inner: Content::Items(element.items), offset: element.start },
        };
        let node = Node { tag: element.tag, item_type: element.item_type, value };
        match self.open.last_mut() {
            Some(parent) => parent.items.push(node),
            None => self.messages.push(Message { node, range: element.start..end }),
        }
        Ok(())
    }

    /// Whether the attribute `tag` says the tag that the element's name says. A name that is none is for others to refuse.
    #[cold]
    fn agrees(&self, name: &str, again: &Spanned<ValueText<'a>>) -> Result<(), TextError> {
        let vendor = self.trail.vendor;
        let at = |kind| Err(TextError::at(kind, again.offset));
        let Some(attribute) = vendor.wire_tag(&again.inner) else {
            return at(vendor.unknown_tag(&again.inner, None));
        };
        let element = vendor.wire_tag(name).or_else(|| vendor.folded_tag(name).ok()?);
        match element.filter(|element| *element != attribute) {
            Some(element) => at(TextErrorKind::TagMismatch { element, attribute }),
            None => Ok(()),
        }
    }

    /// The attributes that say what the item is. Those of other namespaces say nothing here.
    fn attributes(&self, element: &BytesStart<'_>, start: usize) -> Result<Given<'a>, TextError> {
        let mut given = Given::default();
        let mut attributes = element.attributes();
        // That check compares every attribute with every other one: below, none is taken twice.
        for attribute in attributes.with_checks(false) {
            let attribute = attribute.map_err(|error| attribute_error(&error, start))?;
            let name = attribute.key.0;
            if name == "xmlns" || name.contains(':') {
                continue;
            }
            let offset = self.offset_of(name).unwrap_or(start);
            let (slot, known) = match name {
                "tag" => (&mut given.tag, "tag"),
                "name" => (&mut given.name, "name"),
                "type" => (&mut given.item_type, "type"),
                "value" => (&mut given.value, "value"),
                _ => {
                    let kind = TextErrorKind::UnknownMember { what: "attribute", name: shortened(name) };
                    return Err(TextError::at(kind, offset));
                }
            };
            if slot.is_some() {
                let kind = TextErrorKind::DuplicateMember { what: "attribute", name: known };
                return Err(TextError::at(kind, offset));
            }
            *slot = Some(self.attribute_value(&attribute, offset)?);
        }
        Ok(given)
    }

    fn attribute_value(
        &self,
        attribute: &Attribute<'_>,
        offset: usize,
    ) -> Result<Spanned<ValueText<'a>>, TextError> {
        let raw = self.spanned(&attribute.value, offset);
        let syntax = |message: String| TextError::at(TextErrorKind::Syntax { message }, raw.offset);
        if attribute.value.contains('<') {
            return Err(syntax("'<' in an attribute's value".to_owned()));
        }
        let value = attribute.normalized_value(XmlVersion::Implicit1_0);
        let value = ValueText::from(value.map_err(|error| syntax(fault::message(&error)))?);
        // All characters that XML lacks start with one of these bytes.
        let may_be_wrong = value.bytes().fold(false, |any, byte| any | (byte < 0x20) | (byte == 0xEF));
        if may_be_wrong && let Some(character) = value.chars().find(|character| !is_xml(*character)) {
            return Err(syntax(format!("U+{:04X} is not an XML character", u32::from(character))));
        }
        let inner =
            if *value == *raw.inner { raw.inner } else { Cow::Owned(value.into_inner().into_owned()) };
        Ok(Spanned { inner: inner.into(), offset: raw.offset })
    }

    /// The part of the text that an event borrows, so that it can be kept without a copy.
    fn spanned(&self, part: &str, otherwise: usize) -> Spanned<Cow<'a, str>> {
        let offset = self.offset_of(part);
        let slice = offset.and_then(|at| self.text.get(at..at + part.len())).filter(|slice| *slice == part);
        match (slice, offset) {
            (Some(slice), Some(offset)) => Spanned { inner: Cow::Borrowed(slice), offset },
            _ => Spanned { inner: Cow::Owned(part.to_owned()), offset: otherwise },
        }
    }

    fn offset_of(&self, part: &str) -> Option<usize> {
        let offset = part.as_ptr().addr().checked_sub(self.text.as_ptr().addr())?;
        (offset + part.len() <= self.text.len()).then_some(offset)
    }
}

impl<'a> Spanned<ValueText<'a>> {
    /// What names a tag or a type.
    fn into_name(self) -> Spanned<Cow<'a, str>> {
        Spanned { inner: self.inner.into_inner(), offset: self.offset }
    }
}

/// The attributes of an element.
#[derive(Default)]
struct Given<'a> {
    tag: Option<Spanned<ValueText<'a>>>,
    /// What the tag is called, for people.
    name: Option<Spanned<ValueText<'a>>>,
    item_type: Option<Spanned<ValueText<'a>>>,
    value: Option<Spanned<ValueText<'a>>>,
}

/// `x540001`: an element named by its tag in hex.
fn hex_element(name: &str) -> Option<String> {
    let digits = name.strip_prefix('x').filter(|digits| digits.len() == 6)?;
    digits.bytes().all(|digit| digit.is_ascii_hexdigit()).then(|| format!("0x{digits}"))
}

/// quick-xml counts from the element's name.
fn attribute_error(error: &AttrError, start: usize) -> TextError {
    let position = match error {
        AttrError::ExpectedEq(at)
        | AttrError::ExpectedValue(at)
        | AttrError::UnquotedValue(at)
        | AttrError::ExpectedQuote(at, _)
        | AttrError::Duplicated(at, _) => *at,
    };
    TextError::at(TextErrorKind::Syntax { message: fault::attribute(error) }, start + 1 + position)
}

/// Whether a text is remarks: every line that is not empty starts with `#`.
fn is_remark(text: &str) -> bool {
    text.lines().map(str::trim_start).all(|line| line.is_empty() || line.starts_with('#'))
}
