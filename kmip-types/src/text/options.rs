//! The forms among which the text encodings leave a choice to the writer.

/// How Integers, Long Integers and Intervals are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum NumberForm {
    /// As a number: `10`.
    #[default]
    Number,
    /// In hex, with all the digits of the item type: `0x0000000a`.
    Hex,
}

/// How the values of enumerations and masks are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum NameForm {
    /// By name: `SymmetricKey`, `Encrypt|Decrypt`; what has no name, in hex.
    #[default]
    Name,
    /// In hex: `0x00000002`.
    Hex,
    /// As a number: `2`. XML has no such form for enumerations, which are then written in hex.
    Number,
}

/// How dates are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DateForm {
    /// By ISO 8601, in UTC; in hex where the year is not between 1 and 9999.
    #[default]
    Iso8601,
    /// In hex: `0x0000000053969bcc`.
    Hex,
}

/// How tags are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TagForm {
    /// By name, where the tag has one, or else in hex.
    #[default]
    Name,
    /// In hex: `0x420001`.
    Hex,
    /// In hex, with the name, where the tag has one, beside it.
    HexAndName,
}

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
    pub(super) pretty: bool,
    pub(super) structure_type: bool,
    pub(super) integers: NumberForm,
    pub(super) enumerations: NameForm,
    pub(super) masks: NameForm,
    pub(super) dates: DateForm,
    pub(super) hex_booleans: bool,
    pub(super) tags: TagForm,
    pub(super) vendor_tags: TagForm,
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

/// How XML is written (`kmip-addtl-msg-enc` section 6.1). The default is compact, with an element a tag, and
/// names for enumerations and masks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct XmlOptions {
    pub(super) pretty: bool,
    pub(super) structure_type: bool,
    pub(super) namespace: bool,
    pub(super) integers: NumberForm,
    pub(super) enumerations: NameForm,
    pub(super) masks: NameForm,
    pub(super) dates: DateForm,
    pub(super) tags: TagForm,
    pub(super) vendor_tags: TagForm,
}

impl XmlOptions {
    /// The default form.
    pub const fn new() -> Self {
        Self {
            pretty: false,
            structure_type: false,
            namespace: false,
            integers: NumberForm::Number,
            enumerations: NameForm::Name,
            masks: NameForm::Name,
            dates: DateForm::Iso8601,
            tags: TagForm::Name,
            vendor_tags: TagForm::Name,
        }
    }

    /// Whether to write an element a line, indented by two spaces.
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

    /// Whether to declare the namespace `urn:oasis:tc:kmip:xmlns`.
    #[must_use]
    pub const fn namespace(mut self, declared: bool) -> Self {
        self.namespace = declared;
        self
    }

    /// How Integers, Long Integers and Intervals are written.
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

    /// How tags of the standard are written: in hex is the general form, `<TTLV tag="0x420001" …/>`.
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

impl Default for XmlOptions {
    fn default() -> Self {
        Self::new()
    }
}
