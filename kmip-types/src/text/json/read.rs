//! Reading JSON: from text to nodes that know where in the text they are.
//!
//! serde_json drives these visitors, in one pass over the text. It does not tell a visitor where it is, so a
//! cursor follows it: names, numbers and strings are taken as slices of the text (`RawValue`), whose length
//! is how far the cursor moves, and between them is but one punctuation mark and white space.

use core::cell::{Cell, RefCell};
use core::fmt;
use std::borrow::Cow;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::escape::unescape;
use crate::limits::Limits;
use crate::text::error::{TextError, TextErrorKind};
use crate::text::names::shortened;
use crate::text::node::{Budget, Content, Node, Spanned};
use crate::text::trail::Trail;
use crate::text::vendor::VendorTags;

/// The one item that the text says.
pub(in crate::text) fn read<'a>(
    text: &'a str,
    limits: Limits,
    vendor: &VendorTags,
) -> Result<Node<'a>, TextError> {
    let source = Source {
        text,
        cursor: Cell::new(0),
        budget: Budget::new(limits),
        fault: RefCell::new(None),
        trail: Trail::new(vendor),
    };
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let seed = ItemSeed { source: &source, depth: 0 };
    let result = seed.deserialize(&mut deserializer);
    let result = result.and_then(|node| deserializer.end().map(|()| node));
    result
        .map_err(|error| source.trail.of(source.fault.take().unwrap_or_else(|| source.syntax_error(&error))))
}

/// The text, and what the visitors share.
struct Source<'a, 'v> {
    text: &'a str,
    /// The offset up to which the text has been taken.
    cursor: Cell<usize>,
    budget: Budget,
    /// What a visitor found wrong: serde_json's own errors cannot carry it.
    fault: RefCell<Option<TextError>>,
    /// The items that it is in.
    trail: Trail<'v>,
}

impl<'a> Source<'a, '_> {
    /// The offset of what comes next.
    fn here(&self) -> usize {
        let rest = self.text.as_bytes().get(self.cursor.get()..).unwrap_or_default();
        let space = rest.iter().take_while(|byte| matches!(byte, b' ' | b'\t' | b'\r' | b'\n')).count();
        self.pass(space);
        self.cursor.get()
    }

    fn pass(&self, bytes: usize) {
        self.cursor.set(self.cursor.get() + bytes);
    }

    /// Moves behind a punctuation mark, which serde_json has checked.
    fn pass_mark(&self) {
        self.here();
        self.pass(1);
    }

    /// The first byte of what comes next.
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.here()).copied()
    }

    fn fail<E: Error>(&self, error: TextError) -> E {
        *self.fault.borrow_mut() = Some(error);
        E::custom("")
    }

    fn fail_at<E: Error>(&self, kind: TextErrorKind, offset: usize) -> E {
        self.fail(TextError::at(kind, offset))
    }

    /// Passes over a value that should not be here. What is malformed in it is the better thing to say.
    fn refuse<D: Deserializer<'a>>(&self, deserializer: D, expected: &'static str) -> D::Error {
        let (offset, found) = (self.here(), kind_of(self.peek()));
        match IgnoredAny::deserialize(deserializer) {
            Ok(IgnoredAny) => self.fail_at(TextErrorKind::Unexpected { expected, found }, offset),
            Err(error) => error,
        }
    }

    /// serde_json counts a line's bytes, and repeats the place in its message.
    fn syntax_error(&self, error: &serde_json::Error) -> TextError {
        let mut message = error.to_string();
        if let Some(at) = message.rfind(" at line ") {
            message.truncate(at);
        }
        let line_start = match error.line().checked_sub(2) {
            Some(breaks) => self.text.match_indices('\n').nth(breaks).map_or(0, |(at, _)| at + 1),
            None => 0,
        };
        let offset = (line_start + error.column().saturating_sub(1)).min(self.text.len());
        let offset = (0..=offset).rev().find(|at| self.text.is_char_boundary(*at)).unwrap_or(0);
        TextError::at(TextErrorKind::Syntax { message }, offset)
    }

    /// The text that a JSON string stands for, if the slice at `offset` is one.
    fn string(raw: &'a str, offset: usize) -> Option<Result<Cow<'a, str>, TextError>> {
        let inner = raw.strip_prefix('"')?.strip_suffix('"')?;
        if !inner.contains('\\') {
            return Some(Ok(Cow::Borrowed(inner)));
        }
        // serde_json passes over a string without looking at its escapes. Where it does, it leaves a copy behind.
        let text = unescape(inner).map(|mut text| Cow::Owned(core::mem::take(&mut *text)));
        let message = || "invalid escape in a string".to_owned();
        Some(text.ok_or_else(|| TextError::at(TextErrorKind::Syntax { message: message() }, offset)))
    }

    /// A value that is neither object nor array.
    fn scalar(raw: &'a str, offset: usize) -> Result<Content<'a>, TextError> {
        Ok(match raw {
            "null" => Content::Null,
            "true" => Content::Boolean(true),
            "false" => Content::Boolean(false),
            _ => match Self::string(raw, offset) {
                Some(text) => Content::Text(text?.into()),
                None => Content::Number(raw.into()),
            },
        })
    }
}

/// What a value is that starts with this byte, for an error.
fn kind_of(byte: Option<u8>) -> &'static str {
    match byte {
        Some(b'{') => "an object",
        Some(b'[') => "an array",
        Some(b'"') => "a string",
        Some(b't' | b'f') => "true or false",
        Some(b'n') => "null",
        _ => "a number",
    }
}

/// Reads an item: an object with the members tag, name, type and value, in any order.
struct ItemSeed<'s, 'a> {
    source: &'s Source<'a, 's>,
    /// How many structures the item is in.
    depth: usize,
}

/// The names of the members.
const MEMBERS: [&str; 4] = ["tag", "name", "type", "value"];

impl<'a> DeserializeSeed<'a> for ItemSeed<'_, 'a> {
    type Value = Node<'a>;

    fn deserialize<D: Deserializer<'a>>(self, deserializer: D) -> Result<Node<'a>, D::Error> {
        match self.source.peek() {
            Some(b'[' | b'"' | b't' | b'f' | b'n' | b'-' | b'0'..=b'9') => {
                Err(self.source.refuse(deserializer, "an object"))
            }
            _ => deserializer.deserialize_map(self),
        }
    }
}

impl<'a> Visitor<'a> for ItemSeed<'_, 'a> {
    type Value = Node<'a>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'a>>(self, map: A) -> Result<Node<'a>, A::Error> {
        let mut texts = [None, None, None];
        self.members(map, &mut texts).inspect_err(|_| {
            self.source.trail.inside(texts[0].as_ref().map(|tag| &*tag.inner));
        })
    }
}

/// The members that are texts, in the order of `MEMBERS`.
type Texts<'a> = [Option<Spanned<Cow<'a, str>>>; 3];

impl<'a> ItemSeed<'_, 'a> {
    fn members<A: MapAccess<'a>>(&self, mut map: A, texts: &mut Texts<'a>) -> Result<Node<'a>, A::Error> {
        let source = self.source;
        let start = source.here();
        source.budget.item(self.depth, start).map_err(|error| source.fail(error))?;
        let mut value = None;
        while let Some(key) = map.next_key::<&'a RawValue>()? {
            // The opening brace, or the comma.
            source.pass_mark();
            let key_offset = source.here();
            source.pass(key.get().len());
            source.pass_mark();
            let name = Source::string(key.get(), key_offset).unwrap_or(Ok(Cow::Borrowed("")));
            let name = name.map_err(|error| source.fail(error))?;
            let Some(member) = MEMBERS.into_iter().position(|member| member == name) else {
                let kind = TextErrorKind::UnknownMember { what: "member", name: shortened(&name) };
                return Err(source.fail_at(kind, key_offset));
            };
            if texts.get(member).map_or(value.is_some(), Option::is_some) {
                let kind = TextErrorKind::DuplicateMember { what: "member", name: MEMBERS[member] };
                return Err(source.fail_at(kind, key_offset));
            }
            let offset = source.here();
            match texts.get_mut(member) {
                Some(text) => {
                    let inner = map.next_value_seed(StringSeed { source })?;
                    *text = Some(Spanned { inner, offset });
                }
                None => {
                    let inner = map.next_value_seed(ValueSeed { source, depth: self.depth })?;
                    value = Some(Spanned { inner, offset });
                }
            }
        }
        if source.here() == start {
            // There was no member whose opening brace to pass.
            source.pass_mark();
        }
        source.pass_mark();
        let [tag, _, item_type] = core::mem::take(texts);
        let Some(tag) = tag else {
            let kind = TextErrorKind::MissingMember { what: "member", name: "tag" };
            return Err(source.fail_at(kind, start));
        };
        let value = value.unwrap_or(Spanned { inner: Content::Absent, offset: start });
        Ok(Node { tag, item_type, value })
    }
}

/// Reads a member that is a string.
struct StringSeed<'s, 'a> {
    source: &'s Source<'a, 's>,
}

impl<'a> DeserializeSeed<'a> for StringSeed<'_, 'a> {
    type Value = Cow<'a, str>;

    fn deserialize<D: Deserializer<'a>>(self, deserializer: D) -> Result<Cow<'a, str>, D::Error> {
        if matches!(self.source.peek(), Some(b'{' | b'[' | b't' | b'f' | b'n' | b'-' | b'0'..=b'9')) {
            return Err(self.source.refuse(deserializer, "a string"));
        }
        let raw = <&'a RawValue>::deserialize(deserializer)?.get();
        let offset = self.source.here();
        self.source.pass(raw.len());
        let text = Source::string(raw, offset).unwrap_or(Ok(Cow::Borrowed("")));
        text.map_err(|error| self.source.fail(error))
    }
}

/// Reads the value of an item: an array of items, or anything that is no object.
struct ValueSeed<'s, 'a> {
    source: &'s Source<'a, 's>,
    /// How many structures the item itself is in.
    depth: usize,
}

impl<'a> DeserializeSeed<'a> for ValueSeed<'_, 'a> {
    type Value = Content<'a>;

    fn deserialize<D: Deserializer<'a>>(self, deserializer: D) -> Result<Content<'a>, D::Error> {
        match self.source.peek() {
            Some(b'[') => deserializer.deserialize_seq(self),
            Some(b'{') => Err(self.source.refuse(deserializer, "an array of items or a plain value")),
            _ => {
                let raw = <&'a RawValue>::deserialize(deserializer)?.get();
                let offset = self.source.here();
                self.source.pass(raw.len());
                Source::scalar(raw, offset).map_err(|error| self.source.fail(error))
            }
        }
    }
}

impl<'a> Visitor<'a> for ValueSeed<'_, 'a> {
    type Value = Content<'a>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array")
    }

    fn visit_seq<A: SeqAccess<'a>>(self, mut array: A) -> Result<Content<'a>, A::Error> {
        let mut items = Vec::new();
        loop {
            let seed = ElementSeed { source: self.source, depth: self.depth + 1 };
            match array.next_element_seed(seed).inspect_err(|_| self.source.trail.after(&items))? {
                Some(item) => items.push(item),
                None => break,
            }
        }
        if items.is_empty() {
            self.source.pass_mark();
        }
        self.source.pass_mark();
        Ok(Content::Items(items))
    }
}

/// Reads an item in an array.
struct ElementSeed<'s, 'a> {
    source: &'s Source<'a, 's>,
    depth: usize,
}

impl<'a> DeserializeSeed<'a> for ElementSeed<'_, 'a> {
    type Value = Node<'a>;

    fn deserialize<D: Deserializer<'a>>(self, deserializer: D) -> Result<Node<'a>, D::Error> {
        // The opening bracket, or the comma.
        self.source.pass_mark();
        ItemSeed { source: self.source, depth: self.depth }.deserialize(deserializer)
    }
}
