//! What a codec does with XML.

use core::ops::Range;

use zeroize::Zeroizing;

use super::{parse_value, read, read_all, transcode, write};
use crate::item::Item;
use crate::text::TextCodec;
#[cfg(doc)]
use crate::text::TextMode;
use crate::text::deviation::{DecodedText, TextDeviation};
use crate::text::error::{Position, TextError};
use crate::text::node::{Node, check_size};
use crate::text::resolve::Resolver;

/// One of several items in an XML text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct XmlMessage {
    /// The line of the text in which it starts, counted from 1.
    pub line: usize,
    /// The bytes of the text that it takes, from its start tag to its end tag.
    pub range: Range<usize>,
    /// The item as binary TTLV, or what is wrong with it.
    pub ttlv: Result<Vec<u8>, TextError>,
    /// What was tolerated, as [`TextCodec::read_xml`] lists it, with the lines and columns of the whole text.
    pub deviations: Vec<TextDeviation>,
}

/// An item of several, or what is wrong with it, and which bytes of the text it takes.
pub(crate) type PlacedItem = (Range<usize>, Result<Item, TextError>);

/// An item of several, before it is written.
struct ReadMessage {
    line: usize,
    range: Range<usize>,
    item: Result<Item, TextError>,
    deviations: Vec<TextDeviation>,
}

/// XML.
impl TextCodec {
    /// The XML form of a TTLV item.
    ///
    /// # Errors
    /// The bytes are not exactly one item, a limit is exceeded, or a text holds a character that XML lacks.
    pub fn to_xml(&self, ttlv: &[u8]) -> Result<String, TextError> {
        write(self, &*self.decode(ttlv)?)
    }

    /// The TTLV item that an XML text says.
    ///
    /// # Errors
    /// [`TextError`] with line and column where the text is not exactly one valid item.
    pub fn from_xml(&self, text: &str) -> Result<Vec<u8>, TextError> {
        check_size(text, self.limits)?;
        match transcode(self, text) {
            Some(ttlv) => Ok(ttlv),
            None => self.encode(&Zeroizing::new(self.item_from_xml(text)?)),
        }
    }

    /// The TTLV items that an XML text says one after another, as test cases have them: outermost, or in an
    /// element whose name is not a tag, with remarks between them: lines that start with `#`. A message that is faulty
    /// stands beside those that are not. This is
    /// for files, not for what a peer sends: the limits are on each message, not on how many there are.
    /// A message of more deviations than are listed is faulty too.
    ///
    /// ```
    /// use kmip_types::text::TextCodec;
    ///
    /// let text = "<KMIP>
    ///     <BatchCount type='Integer' value='1'/>
    ///     <BatchCount type='Integer' value='x'/>
    /// </KMIP>";
    /// let messages = TextCodec::new().from_xml_all(text)?;
    /// assert_eq!(messages.len(), 2);
    /// assert!(messages[0].ttlv.is_ok());
    /// assert_eq!(messages[1].line, 3);
    /// assert!(messages[1].ttlv.is_err());
    /// # Ok::<(), kmip_types::text::TextError>(())
    /// ```
    ///
    /// # Errors
    /// [`TextError`] where the text is not well-formed, so that it cannot be told where its messages are.
    pub fn from_xml_all(&self, text: &str) -> Result<Vec<XmlMessage>, TextError> {
        let keep = |ReadMessage { line, range, item, deviations }| {
            let ttlv = item.and_then(|item| self.encode(&Zeroizing::new(item)));
            XmlMessage { line, range, ttlv, deviations }
        };
        self.read_messages(text, |_| {}, keep)
    }

    /// The items that an XML text says one after another, each after `prepare` has changed what the text says of it, and
    /// which bytes of the text each takes.
    pub(crate) fn items_from_xml(
        &self,
        text: &str,
        prepare: &mut dyn FnMut(&mut Node<'_>),
    ) -> Result<Vec<PlacedItem>, TextError> {
        self.read_messages(text, prepare, |message| (message.range, message.item))
    }

    /// What `keep` makes of each message, one after the other: all that was read of them at once would take much memory.
    fn read_messages<T>(
        &self,
        text: &str,
        mut prepare: impl FnMut(&mut Node<'_>),
        mut keep: impl FnMut(ReadMessage) -> T,
    ) -> Result<Vec<T>, TextError> {
        let is_wrapper = |name: &str| self.vendor.is_wrapper(name);
        let messages =
            read_all(text, self.limits, &self.vendor, is_wrapper).map_err(|error| error.in_text(text))?;
        // Each place is found from the one before, or many faults in a long text would take very long.
        let mut start = Position::START;
        let read = messages.into_iter().map(|mut message| {
            prepare(&mut message.node);
            start = start.advanced(text, message.range.start);
            let resolver = Resolver::new(self, parse_value).listing();
            let item = resolver.root(&message.node).map_err(|error| error.in_text_after(text, start));
            let deviations = resolver.deviations_after(text, start);
            keep(ReadMessage { line: start.line, range: message.range, item, deviations })
        });
        Ok(read.collect())
    }

    /// The XML form of an item.
    ///
    /// # Errors
    /// A limit is exceeded, or a text holds a character that XML lacks.
    pub fn item_to_xml(&self, item: &Item) -> Result<String, TextError> {
        self.check_depth(item)?;
        write(self, item)
    }

    /// The item that an XML text says.
    ///
    /// # Errors
    /// [`TextError`] with line and column where the text is not exactly one valid item.
    pub fn item_from_xml(&self, text: &str) -> Result<Item, TextError> {
        check_size(text, self.limits)?;
        let node = read(text, self.limits, &self.vendor).map_err(|error| error.in_text(text))?;
        Resolver::new(self, parse_value).root(&node).map_err(|error| error.in_text(text))
    }

    /// The item that an XML text says, with what was not as the standard has it: items of another type than their
    /// tag's and, in [lenient](TextMode::Lenient) reading, names spelled otherwise.
    ///
    /// ```
    /// use kmip_types::text::{TextCodec, TextMode};
    ///
    /// let codec = TextCodec::new().mode(TextMode::Lenient);
    /// let xml = r#"<CryptographicUsageMask type="Integer" value="encrypt|DECRYPT"/>"#;
    /// let read = codec.read_xml(xml)?;
    /// assert_eq!(read.item.as_integer(), Some(12));
    /// assert_eq!(read.deviations[0].to_string(),
    ///     "line 1, column 47, CryptographicUsageMask: \"encrypt|DECRYPT\" was taken for Encrypt|Decrypt");
    /// # Ok::<(), kmip_types::TextError>(())
    /// ```
    ///
    /// # Errors
    /// [`TextError`] with line and column where the text is not exactly one valid item.
    pub fn read_xml(&self, text: &str) -> Result<DecodedText, TextError> {
        check_size(text, self.limits)?;
        let node = read(text, self.limits, &self.vendor).map_err(|error| error.in_text(text))?;
        let resolver = Resolver::new(self, parse_value).listing();
        let item = resolver.root(&node).map_err(|error| error.in_text(text))?;
        Ok(DecodedText { item, deviations: resolver.deviations(text) })
    }
}
