//! Reading XML as writers commonly have it, in one pass, straight into binary TTLV.
//!
//! What is not so, be it wrong or only unusual, ends this pass: the text is then read from its start by
//! [`read`](super::read), which alone knows every form and says what is wrong. All that is taken here is taken
//! there with the same outcome.

use zeroize::Zeroizing;

use super::{GENERAL, NAMESPACE, parse_value};
use crate::item_type::ItemType;
use crate::tag::Tag;
use crate::text::TextCodec;
use crate::text::names::ValueNames;
use crate::text::node::Content;
use crate::text::options::TextMode;
use crate::ttlv::{Encode, Writer};
use crate::version::ProtocolVersion;
use crate::wipe;

/// The item that the text says, if it is nothing but one in the common form, within the limits.
pub(in crate::text) fn transcode(codec: &TextCodec, text: &str) -> Option<Vec<u8>> {
    // An item is what it is in any version; only the latest takes all item types.
    let mut writer = Writer::with_buffer(Vec::new(), ProtocolVersion::V2_1, codec.limits);
    let mut scanner = Scanner { codec, text, at: 0, items_left: codec.limits.items };
    let read = scanner.document(&mut writer);
    let mut bytes = writer.into_bytes();
    if read.is_none() {
        wipe::bytes(&mut bytes);
    }
    read.map(|()| bytes)
}

/// Takes the text piece by piece. Each of its functions returns nothing where the text is of no common form.
struct Scanner<'a> {
    codec: &'a TextCodec,
    text: &'a str,
    /// The offset up to which the text has been taken.
    at: usize,
    items_left: usize,
}

/// What a start tag says.
struct Start<'a> {
    element: &'a str,
    tag: &'a str,
    /// What the attribute `tag` says beside an element's name that says the tag itself.
    again: Option<&'a str>,
    item_type: Option<&'a str>,
    value: Option<&'a str>,
    /// Whether it is an end tag, too.
    empty: bool,
}

/// What the fields before say of an Attribute Value.
#[derive(Default)]
struct Siblings<'a> {
    attribute: Option<&'a str>,
    /// Whether the attribute is in a vendor's name space.
    vendors: bool,
    /// Whether an Attribute Value was read by that.
    used: bool,
}

/// Declarations that do no more than to say that this is XML.
const DECLARATIONS: [&str; 3] = [
    r#"<?xml version="1.0" encoding="UTF-8"?>"#,
    r#"<?xml version="1.0" encoding="utf-8"?>"#,
    r#"<?xml version="1.0"?>"#,
];

impl<'a> Scanner<'a> {
    fn document(&mut self, writer: &mut Writer) -> Option<()> {
        if let Some(declaration) = DECLARATIONS.into_iter().find(|known| self.text.starts_with(known)) {
            self.at = declaration.len();
        }
        self.space();
        self.element(&mut Siblings::default(), writer)?;
        self.space();
        (self.at == self.text.len()).then_some(())
    }

    fn element(&mut self, siblings: &mut Siblings<'a>, writer: &mut Writer) -> Option<()> {
        self.items_left = self.items_left.checked_sub(1)?;
        let codec = self.codec;
        let start = self.start()?;
        let tag = codec.vendor.wire_tag(start.tag)?;
        let item_type = match start.item_type {
            Some(name) => ItemType::from_name(name)?,
            None => ItemType::Structure,
        };
        if start.again.is_some_and(|again| codec.vendor.wire_tag(again) != Some(tag)) {
            return None;
        }
        if codec.mode == TextMode::Strict && tag.info().is_some_and(|info| !info.types.contains(item_type)) {
            return None;
        }
        siblings.see(tag)?;
        if item_type != ItemType::Structure {
            let value = start.value?;
            self.value(tag, item_type, value, siblings, writer)?;
            if !start.empty {
                self.space();
                self.end(start.element)?;
            }
            if tag == Tag::ATTRIBUTE_NAME && siblings.attribute.is_none() {
                siblings.attribute = Some(value);
            }
            return Some(());
        }
        if start.value.is_some() {
            return None;
        }
        let mut read = Some(());
        let content = |writer: &mut Writer| {
            if !start.empty {
                read = self.fields(start.element, writer);
            }
            Ok(())
        };
        writer.structure(tag, content).ok()?;
        read
    }

    fn fields(&mut self, element: &str, writer: &mut Writer) -> Option<()> {
        let mut siblings = Siblings::default();
        loop {
            self.space();
            if self.rest().starts_with(b"</") {
                return self.end(element);
            }
            self.element(&mut siblings, writer)?;
        }
    }

    fn value(
        &self,
        tag: Tag,
        item_type: ItemType,
        value: &str,
        siblings: &mut Siblings<'a>,
        writer: &mut Writer,
    ) -> Option<()> {
        if item_type == ItemType::TextString {
            return writer.text_string(tag, value).ok();
        }
        let names = match (tag, item_type) {
            (Tag::ATTRIBUTE_VALUE, _) => {
                siblings.used = true;
                match siblings.vendors {
                    true => self.codec.vendor.value_names(tag, None),
                    // Where there is none yet, it may follow.
                    false => self.codec.vendor.value_names(tag, Some(siblings.attribute?)),
                }
            }
            (_, ItemType::Integer | ItemType::Enumeration) => self.codec.vendor.value_names(tag, None),
            _ => ValueNames::None,
        };
        let content = Content::Text(value.into());
        let value = Zeroizing::new(parse_value(item_type, &content, names).ok()?);
        value.encode(tag, writer).ok()
    }

    fn start(&mut self) -> Option<Start<'a>> {
        self.take(b"<")?;
        let element = self.until(|byte| is_space(byte) || matches!(byte, b'/' | b'>'))?;
        let (mut tag, mut name, mut item_type, mut value) = (None, None, None, None);
        let mut namespace = None;
        let empty = loop {
            let space = self.space();
            if self.take(b">").is_some() {
                break false;
            }
            if self.take(b"/>").is_some() {
                break true;
            }
            let slot = match self.until(|byte| byte == b'=').filter(|_| space)? {
                "type" => &mut item_type,
                "value" => &mut value,
                "tag" => &mut tag,
                "name" => &mut name,
                "xmlns" => &mut namespace,
                _ => return None,
            };
            self.at += 1;
            if slot.replace(self.quoted()?).is_some() {
                return None;
            }
        };
        if namespace.is_some_and(|namespace| namespace != NAMESPACE) {
            return None;
        }
        let (tag, again) = if element == GENERAL { (tag?, None) } else { (element, tag) };
        Some(Start { element, tag, again, item_type, value, empty })
    }

    fn end(&mut self, element: &str) -> Option<()> {
        self.take(b"</")?;
        self.take(element.as_bytes())?;
        self.take(b">")
    }

    /// The value of an attribute, which holds nothing that stands for something else.
    fn quoted(&mut self) -> Option<&'a str> {
        let quote = *self.rest().first().filter(|byte| matches!(byte, b'"' | b'\''))?;
        self.at += 1;
        let start = self.at;
        let ends = |byte| byte == quote || !is_plain(byte);
        // Many at once, which the compiler makes one comparison of: a value can be long.
        let (chunks, _) = self.rest().as_chunks::<32>();
        let plain =
            chunks.iter().take_while(|chunk| !chunk.iter().fold(false, |any, byte| any | ends(*byte)));
        self.at += 32 * plain.count();
        self.until(ends)?;
        let value = self.text.get(start..self.at)?;
        self.take(&[quote])?;
        Some(value)
    }

    /// What comes before the first byte that `ends` it.
    #[inline]
    fn until(&mut self, ends: impl Fn(u8) -> bool) -> Option<&'a str> {
        let length = self.rest().iter().position(|byte| ends(*byte))?;
        let part = self.text.get(self.at..self.at + length)?;
        self.at += length;
        Some(part)
    }

    #[inline]
    fn take(&mut self, expected: &[u8]) -> Option<()> {
        let taken = self.rest().starts_with(expected);
        self.at += if taken { expected.len() } else { 0 };
        taken.then_some(())
    }

    /// Passes over white space, if there is any.
    #[inline]
    fn space(&mut self) -> bool {
        let length = self.rest().iter().take_while(|byte| is_space(**byte)).count();
        self.at += length;
        length > 0
    }

    #[inline]
    fn rest(&self) -> &'a [u8] {
        self.text.as_bytes().get(self.at..).unwrap_or_default()
    }
}

impl Siblings<'_> {
    /// Notes a field, unless it says something else of an Attribute Value that was read before it.
    fn see(&mut self, tag: Tag) -> Option<()> {
        if tag == Tag::VENDOR_IDENTIFICATION {
            self.vendors = true;
            return (!self.used).then_some(());
        }
        Some(())
    }
}

fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n')
}

/// Whether a byte stands for itself in the value of an attribute. Others are part of a reference or of a character that
/// may not be there (U+FFFE and U+FFFF, which start with EF), are white space of which a space is made, or are wrong.
fn is_plain(byte: u8) -> bool {
    (byte >= 0x20) & (byte != b'<') & (byte != b'>') & (byte != b'&') & (byte != 0xEF)
}
