//! What varies, and what stands for it.

use core::fmt;
use core::time::Duration;
use std::sync::Arc;

use super::ViewError;
use super::path::Step;
use super::pattern::Pattern;
use crate::item::{Item, TagName, Value};
use crate::primitive::DateTime;
use crate::tag::Tag;
use crate::text::TextCodec;

/// What stands for a value that varies, and what that value is to be.
///
/// ```
/// use core::time::Duration;
/// use kmip_types::view::{Redaction, Redactions, View};
/// use kmip_types::{Item, Tag};
///
/// let identifier = Item::text_string(Tag::UNIQUE_IDENTIFIER, "5f1f9b9c-2b6f-4b3c-9a55-0c8f7b1d9f10");
/// let redactions = Redactions::standard().tag("Unique Identifier", Redaction::named("$KEY").uuid());
/// let view = View::of(&identifier).redact(redactions.clone());
/// assert_eq!(view.render()?, "UniqueIdentifier (TextString): $KEY");
///
/// let number = Item::text_string(Tag::UNIQUE_IDENTIFIER, "1");
/// let error = View::of(&number).redact(redactions).render().unwrap_err();
/// assert_eq!(error.to_string(), "UniqueIdentifier is to be a UUID, and is not");
/// # Ok::<(), kmip_types::view::ViewError>(())
/// ```
#[derive(Clone)]
pub struct Redaction {
    pub(super) name: Name,
    pub(super) checks: Vec<Check>,
    pub(super) optional: bool,
}

/// What stands for a value.
#[derive(Clone, Debug)]
pub(super) enum Name {
    /// This.
    Literal(String),
    /// `$BASE_0`, `$BASE_1`, the same for the same value.
    Numbered(String),
    /// The value itself.
    Kept,
}

/// What a value is to be.
#[derive(Clone)]
pub(super) struct Check {
    pub(super) expected: String,
    pub(super) holds: Arc<dyn Fn(&Item) -> bool + Send + Sync>,
}

impl Redaction {
    /// One text for every such value: `$KEY`.
    pub fn named(name: impl Into<String>) -> Self {
        Self::new(Name::Literal(name.into()))
    }

    /// A numbered text, the same for the same value: of `KEY`, that is `$KEY_0`, `$KEY_1`.
    pub fn numbered(base: impl Into<String>) -> Self {
        Self::new(Name::Numbered(base.into()))
    }

    /// The value as it is, unless it is a secret: for what the [standard set](Redactions::standard) would replace but does
    /// not vary here.
    pub fn kept() -> Self {
        Self::new(Name::Kept)
    }

    fn new(name: Name) -> Self {
        Self { name, checks: Vec::new(), optional: false }
    }

    /// Also asserts that the value is a UUID: a Text String of 8-4-4-4-12 hex digits.
    #[must_use]
    pub fn uuid(self) -> Self {
        self.check("a UUID", |item| item.as_text().is_some_and(is_uuid))
    }

    /// Also asserts that the value is a date at most this far from now.
    #[must_use]
    pub fn near_now(self, most: Duration) -> Self {
        self.check(format!("within {most:?} of now"), move |item| {
            let seconds = match &item.value {
                Value::DateTime(date) => date.seconds(),
                Value::DateTimeExtended(date) => date.microseconds().div_euclid(1_000_000),
                _ => return false,
            };
            Duration::from_secs(DateTime::now().seconds().abs_diff(seconds)) <= most
        })
    }

    /// Also asserts something of the item, which `expected` says in words: "a UUID", "48 bytes long".
    #[must_use]
    pub fn check(
        mut self,
        expected: impl Into<String>,
        holds: impl Fn(&Item) -> bool + Send + Sync + 'static,
    ) -> Self {
        self.checks.push(Check { expected: expected.into(), holds: Arc::new(holds) });
        self
    }

    /// Need not match anything. What is not optional and matches nothing is an error: it has become wrong.
    #[must_use]
    pub fn optional(mut self) -> Self {
        self.optional = true;
        self
    }
}

impl fmt::Debug for Redaction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let checks: Vec<&str> = self.checks.iter().map(|check| check.expected.as_str()).collect();
        f.debug_struct("Redaction")
            .field("name", &self.name)
            .field("checks", &checks)
            .field("optional", &self.optional)
            .finish()
    }
}

/// As [`Redaction::named`].
impl From<&str> for Redaction {
    fn from(name: &str) -> Self {
        Self::named(name)
    }
}

/// As [`Redaction::named`].
impl From<String> for Redaction {
    fn from(name: String) -> Self {
        Self::named(name)
    }
}

/// Which values vary, and what stands for each: the standard's set, unless it is left out, and rules of one's own, which
/// come first.
///
/// The standard's set names what the standard's test cases name, by the same names, with a number where there may be
/// several:
///
/// | what | stands as |
/// | --- | --- |
/// | Text Strings of the tags whose names end in Unique Identifier or Object Identifier, and of the attributes so named | `$UNIQUE_IDENTIFIER_0` |
/// | an identifier of eight bytes or more within another Text String, such as a Result Message; of the first 4096 | the same |
/// | Short Unique Identifier | `$SHORT_UNIQUE_IDENTIFIER_0` |
/// | dates near the present ([`View::now`](super::View::now)), of which those that do not move with it are to be [kept](Redaction::kept) | `$NOW`, `$NOW+3600`, `$NOW-60` |
/// | Server, Asynchronous and other Correlation Value, but not the client's | `$SERVER_CORRELATION_VALUE_0` and so on |
/// | Digest Value | `$DIGEST_VALUE_0` |
/// | Server Information, and the Vendor Identification of a Query's response | `$SERVER_INFORMATION_0`, `$VENDOR_IDENTIFICATION_0` |
/// | IV/Counter/Nonce, Signature Data and Authenticated Encryption Tag of a response, and wherever they come again | `$IV_COUNTER_NONCE_0` and so on |
/// | secrets, whatever the redactions are, unless they are [revealed](super::View::reveal) | `$KEY_MATERIAL_0`, `$PASSWORD_0` and so on |
#[derive(Clone, Debug)]
pub struct Redactions {
    pub(super) standard: bool,
    pub(super) rules: Vec<Rule>,
}

/// A rule of one's own.
#[derive(Clone, Debug)]
pub(super) struct Rule {
    of: Of,
    pub(super) redaction: Redaction,
}

#[derive(Clone, Debug)]
enum Of {
    Tag(Result<Tag, crate::item::UnknownTagName>),
    Path(String),
    Value(Value),
}

impl Default for Redactions {
    fn default() -> Self {
        Self::standard()
    }
}

impl Redactions {
    /// What the standard's test cases leave open.
    pub fn standard() -> Self {
        Self { standard: true, rules: Vec::new() }
    }

    /// Nothing but secrets.
    pub fn none() -> Self {
        Self { standard: false, rules: Vec::new() }
    }

    /// Every value with this tag; before KMIP 2.0, also that of the attribute with this name.
    #[must_use]
    pub fn tag(self, tag: impl TagName, redaction: impl Into<Redaction>) -> Self {
        self.rule(Of::Tag(tag.to_tag()), redaction.into())
    }

    /// The value at a path, from the fields of the message inwards: `BatchItem[1]/ResponsePayload/UniqueIdentifier`.
    ///
    /// Names are wire names or spelled out. Without an index, a step is any with that name; `*` is any step, `**` any number
    /// of them; `Attribute[Activation Date]` is the attribute with that name.
    #[must_use]
    pub fn path(self, path: impl Into<String>, redaction: impl Into<Redaction>) -> Self {
        self.rule(Of::Path(path.into()), redaction.into())
    }

    /// Every value that equals this one, whatever its tag.
    #[must_use]
    pub fn value(self, value: impl Into<Value>, redaction: impl Into<Redaction>) -> Self {
        self.rule(Of::Value(value.into()), redaction.into())
    }

    fn rule(mut self, of: Of, redaction: Redaction) -> Self {
        self.rules.push(Rule { of, redaction });
        self
    }
}

/// A rule whose names have been resolved.
pub(super) struct Resolved<'r> {
    test: Test<'r>,
    pub(super) redaction: &'r Redaction,
}

enum Test<'r> {
    Tag(Tag),
    Path(Pattern),
    Value(&'r Value),
}

impl Rule {
    /// The rule with its names resolved.
    pub(super) fn resolve(&self, codec: &TextCodec) -> Result<Resolved<'_>, ViewError> {
        let test = match &self.of {
            Of::Tag(tag) => Test::Tag(tag.clone()?),
            Of::Path(path) => {
                let fault = |fault| ViewError::Path { path: path.clone(), fault };
                Test::Path(Pattern::new(codec, path).map_err(fault)?)
            }
            Of::Value(value) => Test::Value(value),
        };
        Ok(Resolved { test, redaction: &self.redaction })
    }

    /// The rule in words that do not say the value.
    pub(super) fn words(&self) -> String {
        match &self.of {
            Of::Tag(Ok(tag)) => format!("the redaction of {tag}"),
            Of::Tag(Err(error)) => format!("the redaction of {:?}", error.name),
            Of::Path(path) => format!("the redaction of {path}"),
            Of::Value(_) => format!("the redaction of a value as {}", self.redaction.name),
        }
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Literal(name) => f.write_str(name),
            Self::Numbered(base) => write!(f, "${base}_0"),
            Self::Kept => f.write_str("itself"),
        }
    }
}

impl Resolved<'_> {
    /// Whether the rule is for an item, whose tag as an attribute is `tag`.
    pub(super) fn is_for(&self, item: &Item, tag: Tag, path: &[Step<'_>]) -> bool {
        match &self.test {
            Test::Tag(own) => *own == item.tag || *own == tag,
            Test::Path(pattern) => pattern.matches(path),
            Test::Value(value) => **value == item.value,
        }
    }
}

fn is_uuid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}
