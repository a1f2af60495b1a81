//! The forms among which XML leaves a choice to the writer.

use crate::text::options::{DateForm, NameForm, NumberForm, TagForm};

/// How XML is written (`kmip-addtl-msg-enc` section 6.1). The default is compact, with an element a tag, and
/// names for enumerations and masks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct XmlOptions {
    pub(in crate::text) pretty: bool,
    pub(in crate::text) structure_type: bool,
    pub(in crate::text) namespace: bool,
    pub(in crate::text) integers: NumberForm,
    pub(in crate::text) enumerations: NameForm,
    pub(in crate::text) masks: NameForm,
    pub(in crate::text) dates: DateForm,
    pub(in crate::text) tags: TagForm,
    pub(in crate::text) vendor_tags: TagForm,
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
