//! Test cases: exchanges of messages in XML, with names for what varies, as OASIS publishes them.
//!
//! ```
//! use kmip_types::case::{Bindings, Case, Matching};
//! use kmip_types::{Item, Tag};
//!
//! let case = Case::from_xml(r#"
//! <KMIP>
//!   <RequestPayload><UniqueIdentifier type="TextString" value="$UNIQUE_IDENTIFIER_0"/></RequestPayload>
//!   <ResponsePayload><UniqueIdentifier type="TextString" value="$UNIQUE_IDENTIFIER_0"/></ResponsePayload>
//! </KMIP>"#)?;
//! let said = Item::structure(Tag::REQUEST_PAYLOAD, vec![Item::text_string(Tag::UNIQUE_IDENTIFIER, "k-1")]);
//! let mut bindings = Bindings::new();
//! case.messages()[0].matches(&said, Matching::Exact, &mut bindings)?;
//! assert_eq!(case.messages()[1].fill(&mut bindings).fields()[0].as_text(), Some("k-1"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod bindings;
mod compare;
mod read;

use std::collections::BTreeMap;
use std::path::Path;

pub use bindings::Bindings;
pub use compare::{Matching, Mismatch};

use crate::item::Item;
use crate::tag::Tag;
use crate::text::{TextCodec, TextError};
use crate::view::{Redaction, Redactions, View, ViewError, Viewed};

/// The messages of a test case, in their order.
#[derive(Clone, Debug)]
pub struct Case {
    messages: Vec<CaseMessage>,
}

/// A message of a test case.
#[derive(Clone, Debug)]
pub struct CaseMessage {
    /// The message. Where a placeholder stands, the value is none that counts.
    item: Item,
    /// The placeholders, by which of the message's items, outer before inner, has it as its value.
    placeholders: BTreeMap<usize, String>,
    /// The lines before it that start with `#`.
    remarks: Vec<String>,
}

/// Why a test case cannot be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CaseError {
    /// The text is not well-formed, or a message in it is none.
    #[error(transparent)]
    Text(#[from] TextError),
    /// There is no message in it.
    #[error("there is no message in the test case")]
    Empty,
    /// A request and its response are due, and something else is there.
    #[error("message {number} of the test case and the next are not a request and its response")]
    Unpaired {
        /// Which message it is, counted from 1.
        number: usize,
    },
    /// The file cannot be read.
    #[error("cannot read the test case")]
    Io(#[from] std::io::Error),
}

impl Case {
    /// The test case that an XML text says: messages one after another, in an element around them or in none. A value that
    /// starts with `$` is a placeholder.
    ///
    /// # Errors
    /// The text is not well-formed, a message is faulty, or there is none.
    pub fn from_xml(text: &str) -> Result<Self, CaseError> {
        Self::read_with(&TextCodec::new(), text)
    }

    /// As [`from_xml`](Self::from_xml), by the names that a codec knows.
    ///
    /// # Errors
    /// As [`from_xml`](Self::from_xml).
    pub fn read_with(codec: &TextCodec, text: &str) -> Result<Self, CaseError> {
        let messages = read::read(codec, text)?;
        if messages.is_empty() { Err(CaseError::Empty) } else { Ok(Self { messages }) }
    }

    /// The test case in an XML file.
    ///
    /// # Errors
    /// The file cannot be read, or as [`from_xml`](Self::from_xml).
    pub fn from_file(path: impl AsRef<Path>) -> Result<Self, CaseError> {
        Self::from_xml(&std::fs::read_to_string(path)?)
    }

    /// The requests, each with its response.
    ///
    /// # Errors
    /// A request is not followed by its response, or there are other messages.
    pub fn exchanges(&self) -> Result<Vec<(&CaseMessage, &CaseMessage)>, CaseError> {
        let tags = [Tag::REQUEST_MESSAGE, Tag::RESPONSE_MESSAGE];
        let pair = |(position, pair): (usize, &'_ [CaseMessage])| match pair {
            [request, response] if [request.item.tag, response.item.tag] == tags => Ok(()),
            _ => Err(CaseError::Unpaired { number: 2 * position + 1 }),
        };
        self.messages.chunks(2).enumerate().try_for_each(pair)?;
        Ok(self.messages.chunks_exact(2).map(|pair| (&pair[0], &pair[1])).collect())
    }

    /// The messages.
    pub fn messages(&self) -> &[CaseMessage] {
        &self.messages
    }
}

impl CaseMessage {
    /// The message, in which the value of what has a placeholder is none that counts.
    pub fn item(&self) -> &Item {
        &self.item
    }

    /// The remarks before it: lines that start with `#`, without that. OASIS says there whose message it is.
    pub fn remarks(&self) -> &[String] {
        &self.remarks
    }

    /// The placeholders in it, in their order.
    pub fn placeholders(&self) -> impl Iterator<Item = &str> {
        self.placeholders.values().map(String::as_str)
    }

    /// The items whose values are placeholders, in their order, each with its placeholder.
    pub fn named(&self) -> impl Iterator<Item = (&Item, &str)> {
        let items = self.item.walk().enumerate();
        items.filter_map(|(place, item)| Some((item, self.placeholders.get(&place)?.as_str())))
    }

    /// The message with a value for each placeholder: the one that it is bound to, or one of the right type, to which it is
    /// bound from then on. `$NOW+60` is a minute from now.
    pub fn fill(&self, bindings: &mut Bindings) -> Item {
        let mut item = self.item.clone();
        let mut place = 0;
        bindings::fill(&mut item, &self.placeholders, &mut place, bindings);
        item
    }

    /// Whether a message is this one; binds its placeholders to what stands in their places.
    ///
    /// # Errors
    /// [`Mismatch`], which shows both. The placeholders are bound as far as it was the same.
    pub fn matches(&self, said: &Item, matching: Matching, bindings: &mut Bindings) -> Result<(), Mismatch> {
        match self.is(said, matching, bindings) {
            true => Ok(()),
            false => Err(self.mismatch(said, bindings)),
        }
    }

    /// As [`matches`](Self::matches), without saying what is different.
    pub fn is(&self, said: &Item, matching: Matching, bindings: &mut Bindings) -> bool {
        compare::is(self, said, matching, bindings)
    }

    /// What is different in a message.
    pub fn mismatch(&self, said: &Item, bindings: &Bindings) -> Mismatch {
        compare::mismatch(self, said, bindings)
    }
}

/// The message with its placeholders where they stand.
impl Viewed for CaseMessage {
    fn to_view(&self) -> View {
        let mut paths = BTreeMap::new();
        let mut place = 0;
        find(&self.item, "", &mut place, &mut |place, path| {
            if let Some(name) = self.placeholders.get(&place) {
                paths.insert(path.to_owned(), name.as_str());
            }
        });
        let redactions = paths.into_iter().fold(Redactions::none(), |redactions, (path, name)| {
            redactions.path(path, Redaction::named(format!("${name}")).optional())
        });
        View::of(&self.item).redact(redactions)
    }
}

/// Tells of each item behind this one its place among all, outer before inner, and its path from this one.
fn find(item: &Item, path: &str, place: &mut usize, found: &mut dyn FnMut(usize, &str)) {
    let mut counts: BTreeMap<Tag, usize> = BTreeMap::new();
    for field in item.fields() {
        *place += 1;
        let count = counts.entry(field.tag).or_default();
        let slash = if path.is_empty() { "" } else { "/" };
        let path = format!("{path}{slash}{}[{count}]", field.tag);
        *count += 1;
        found(*place, &path);
        find(field, &path, place, found);
    }
}

/// The XML of a test case with the messages of a view, in which placeholders stand for what varies and for secrets.
///
/// # Errors
/// As [`View::render`]; and where a text starts with `$`, so that it would be read as a placeholder.
pub fn to_xml(view: &View) -> Result<String, ViewError> {
    let messages = view.clone().into_case().render()?;
    Ok(format!("<KMIP>\n\n{messages}\n\n</KMIP>\n"))
}
