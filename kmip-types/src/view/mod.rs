//! Messages as people read and compare them: an item a line, without secrets, with names for what varies.
//!
//! ```
//! use kmip_types::attribute::{Attributes, Name};
//! use kmip_types::operation::LocateRequest;
//! use kmip_types::view::View;
//!
//! let request = LocateRequest::new(Attributes::new().with_name(Name::text("backup")));
//! assert_eq!(View::of(&request).render()?, "\
//! RequestPayload
//! Attributes/Name/NameValue (TextString): \"backup\"
//! Attributes/Name/NameType (Enumeration): UninterpretedTextString (0x00000001)");
//! # Ok::<(), kmip_types::view::ViewError>(())
//! ```
//!
//! Each line of the [text form](Form::Text) has the path to its value, so that a line of a difference says by itself what
//! has changed. JSON and XML have an item a line too; there, an Attribute of KMIP 1.x is one line, its name with its value.
//!
//! With the feature `snapshot`, `assert_kmip_snapshot!` compares a view with a snapshot.

mod clock;
mod cover;
mod difference;
mod error;
mod lines;
mod path;
mod pattern;
mod placeholders;
mod redactions;
#[cfg(feature = "snapshot")]
mod snapshot;
mod viewed;

pub use clock::present;
pub use error::ViewError;
pub use placeholders::Placeholders;
pub use redactions::{Redaction, Redactions};
#[cfg(feature = "snapshot")]
#[doc(hidden)] // For the macro.
pub use snapshot::{insta, shown};
pub use viewed::Viewed;

#[cfg(feature = "xml")]
pub(crate) use cover::is_identifier;
#[cfg(feature = "xml")]
pub(crate) use placeholders::placeholder;

use crate::limits::Limits;
use crate::primitive::DateTime;
use crate::text::{TextCodec, is_deeper};
use crate::ttlv::{Encode, Root};
use crate::{ProtocolVersion, Tag};

/// How a view is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Form {
    /// A value a line, with the path to it: `BatchItem/Operation (Enumeration): Get (0x0000000a)`.
    #[default]
    Text,
    /// A tree, an item a line, as [`TextCodec::to_text`] has it.
    Tree,
    /// The standard's JSON, an item a line.
    #[cfg(feature = "json")]
    Json,
    /// The standard's XML, an element a line.
    #[cfg(feature = "xml")]
    Xml,
}

/// A value as it is to be shown.
#[derive(Clone)]
pub struct View {
    items: viewed::Items,
    form: Form,
    codec: TextCodec,
    redactions: Redactions,
    placeholders: Placeholders,
    secrets: Option<Placeholders>,
    reveal: bool,
    now: Option<DateTime>,
    /// Whether it is of a test case, whose placeholders are read again.
    is_case: bool,
}

impl View {
    /// The view of a value, in text, with the [standard set](Redactions::standard) of redactions.
    pub fn of<T: Viewed + ?Sized>(value: &T) -> Self {
        value.to_view()
    }

    /// The view of a value in the form of a version. What states its version is shown in that form by itself.
    pub fn in_version<T: Encode + Root>(value: &T, version: ProtocolVersion) -> Self {
        Self::under(T::TAG, value, version)
    }

    /// The view of a value under a tag, in the form of a version: for what has no tag of its own.
    pub fn under<T: Encode>(tag: Tag, value: &T, version: ProtocolVersion) -> Self {
        viewed::one(tag, value, version)
    }

    fn new(items: viewed::Items) -> Self {
        Self {
            items,
            form: Form::default(),
            codec: TextCodec::new(),
            redactions: Redactions::standard(),
            placeholders: Placeholders::new(),
            secrets: None,
            reveal: false,
            now: None,
            is_case: false,
        }
    }

    /// The view as a test case has it: a placeholder is a whole value.
    #[cfg(feature = "xml")]
    pub(crate) fn into_case(mut self) -> Self {
        self.is_case = true;
        self.xml()
    }

    /// The view in another form.
    #[must_use]
    pub fn form(mut self, form: Form) -> Self {
        self.form = form;
        self
    }

    /// The view as JSON.
    #[cfg(feature = "json")]
    #[must_use]
    pub fn json(self) -> Self {
        self.form(Form::Json)
    }

    /// The view as XML.
    #[cfg(feature = "xml")]
    #[must_use]
    pub fn xml(self) -> Self {
        self.form(Form::Xml)
    }

    /// The view with other redactions.
    #[must_use]
    pub fn redact(mut self, redactions: Redactions) -> Self {
        self.redactions = redactions;
        self
    }

    /// The view with the names that other views have given.
    #[must_use]
    pub fn placeholders(mut self, placeholders: &Placeholders) -> Self {
        self.placeholders = placeholders.clone();
        self
    }

    /// The view with the names that other views have given to secrets. Two views that share these and have
    /// [placeholders](Self::placeholders) of their own are the same where identifiers vary, and differ where secrets do.
    ///
    /// ```
    /// use kmip_types::view::{Placeholders, View};
    /// use kmip_types::{Item, Tag};
    ///
    /// let secrets = Placeholders::new();
    /// let view = |identifier, password| {
    ///     let fields = vec![Item::text_string(Tag::UNIQUE_IDENTIFIER, identifier), Item::text_string(Tag::PASSWORD, password)];
    ///     View::of(&Item::structure(Tag::RESPONSE_PAYLOAD, fields)).secret_placeholders(&secrets)
    /// };
    /// assert_eq!(view("a", "x").difference(&view("b", "x"))?, "");
    /// assert_eq!(view("a", "x").difference(&view("b", "y"))?, "  ResponsePayload
    ///   UniqueIdentifier (TextString): $UNIQUE_IDENTIFIER_0
    /// - Password (TextString): $PASSWORD_0 (1 bytes)
    /// + Password (TextString): $PASSWORD_1 (1 bytes)");
    /// # Ok::<(), kmip_types::view::ViewError>(())
    /// ```
    #[must_use]
    pub fn secret_placeholders(mut self, placeholders: &Placeholders) -> Self {
        self.secrets = Some(placeholders.clone());
        self
    }

    /// The view with the secrets in it. Whoever gets the text wipes it.
    #[must_use]
    pub fn reveal(mut self) -> Self {
        self.reveal = true;
        self
    }

    /// The view by the names and options of a codec, which knows a vendor's tags.
    #[must_use]
    pub fn codec(mut self, codec: TextCodec) -> Self {
        self.codec = codec;
        self
    }

    /// The view of dates by this one as `$NOW`: all that are within 400 days of it.
    ///
    /// Without it, the present of a message is its Time Stamp; of a request, that of its response. Where there is none either, it is that of the machine,
    /// and dates within an hour of it are shown by it.
    #[must_use]
    pub fn now(mut self, now: DateTime) -> Self {
        self.now = Some(now);
        self
    }

    /// The lines in which another view differs from this one, after `-` and `+`, with up to three lines around them; none
    /// where they are the same. Secrets are the same, too, unless the two share the [names](Self::secret_placeholders) of
    /// them.
    ///
    /// # Errors
    /// As [`render`](Self::render), of either.
    pub fn difference(&self, other: &Self) -> Result<String, ViewError> {
        Ok(difference::between(&self.render()?, &other.render()?))
    }

    /// What is shown.
    ///
    /// # Errors
    /// The value has no form in the version; the bytes are no TTLV; a redaction names no tag, matched nothing, or asserts
    /// what does not hold.
    pub fn render(&self) -> Result<String, ViewError> {
        let items = self.items.as_ref().map_err(ViewError::clone)?;
        let limit = Limits::DEFAULT.depth;
        if items.iter().any(|item| is_deeper(item, limit)) {
            return Err(ViewError::Depth { limit });
        }
        let shown = cover::cover(self, items)?;
        match self.form {
            Form::Text => Ok(lines::text(self, &shown)),
            Form::Tree => Ok(lines::tree(self, &shown)),
            #[cfg(feature = "json")]
            Form::Json => Ok(lines::json(self, &shown)),
            #[cfg(feature = "xml")]
            Form::Xml => lines::xml(self, &shown),
        }
    }
}

impl core::fmt::Debug for View {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("View")
            .field("form", &self.form)
            .field("redactions", &self.redactions)
            .finish_non_exhaustive()
    }
}
