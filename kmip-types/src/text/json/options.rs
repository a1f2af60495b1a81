//! The forms among which JSON leaves a choice to the writer.

use crate::text::options::{DateForm, NameForm, NumberForm, TagForm};

/// How JSON is written (`kmip-addtl-msg-enc` section 4.1). The default is compact, with numbers for integers,
/// names for tags, enumerations and masks, and the type given for structures too.
///
/// ```
/// use kmip_types::text::{JsonOptions, NumberForm, TextCodec};
/// use kmip_types::{Item, Tag};
///
/// let codec = TextCodec::new().json(JsonOptions::new().integers(NumberForm::Hex));
/// let item = Item::integer(Tag::BATCH_COUNT, 10);
/// let json = codec.item_to_json(&item)?;
/// assert_eq!(json, r#"{"tag":"BatchCount","type":"Integer","value":"0x0000000a"}"#);
/// # Ok::<(), kmip_types::text::TextError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct JsonOptions {
    pub(in crate::text) pretty: bool,
    pub(in crate::text) structure_type: bool,
    pub(in crate::text) integers: NumberForm,
    pub(in crate::text) enumerations: NameForm,
    pub(in crate::text) masks: NameForm,
    pub(in crate::text) dates: DateForm,
    pub(in crate::text) hex_booleans: bool,
    pub(in crate::text) tags: TagForm,
    pub(in crate::text) vendor_tags: TagForm,
}

impl JsonOptions {
    /// The default form.
    pub const fn new() -> Self {
        Self {
            pretty: false,
            structure_type: true,
            integers: NumberForm::Number,
            enumerations: NameForm::Name,
            masks: NameForm::Name,
            dates: DateForm::Iso8601,
            hex_booleans: false,
            tags: TagForm::Name,
            vendor_tags: TagForm::Name,
        }
    }

    /// Whether to write a member a line, indented by two spaces.
    #[must_use]
    pub const fn pretty(mut self, pretty: bool) -> Self {
        self.pretty = pretty;
        self
    }

    /// Whether to write the type of a structure, which may be omitted.
    #[must_use]
    pub const fn structure_type(mut self, written: bool) -> Self {
        self.structure_type = written;
        self
    }

    /// How Integers, Long Integers and Intervals are written. A Long Integer of 2^52 or beyond is always in
    /// hex.
    #[must_use]
    pub const fn integers(mut self, form: NumberForm) -> Self {
        self.integers = form;
        self
    }

    /// How enumerations are written.
    #[must_use]
    pub const fn enumerations(mut self, form: NameForm) -> Self {
        self.enumerations = form;
        self
    }

    /// How masks are written.
    #[must_use]
    pub const fn masks(mut self, form: NameForm) -> Self {
        self.masks = form;
        self
    }

    /// How Date-Times are written.
    #[must_use]
    pub const fn dates(mut self, form: DateForm) -> Self {
        self.dates = form;
        self
    }

    /// Whether Booleans are written in hex rather than as `true` and `false`.
    #[must_use]
    pub const fn hex_booleans(mut self, hex: bool) -> Self {
        self.hex_booleans = hex;
        self
    }

    /// How tags of the standard are written.
    #[must_use]
    pub const fn tags(mut self, form: TagForm) -> Self {
        self.tags = form;
        self
    }

    /// How registered vendor tags are written.
    #[must_use]
    pub const fn vendor_tags(mut self, form: TagForm) -> Self {
        self.vendor_tags = form;
        self
    }
}

impl Default for JsonOptions {
    fn default() -> Self {
        Self::new()
    }
}
