//! How texts are read, and the forms among which the text encodings leave a choice to the writer.

#[cfg(feature = "json")]
use crate::text::json::JsonOptions;
#[cfg(feature = "xml")]
use crate::text::xml::XmlOptions;

/// What a reader of texts takes.
#[cfg(any(feature = "json", feature = "xml"))]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum TextMode {
    /// Names as the standard spells them, and for each tag an item type that the standard gives it.
    Strict,
    /// Names as the standard spells them, and any item type: all that the writers of this crate write.
    #[default]
    Exact,
    /// Names spelled otherwise, too: in another case, with other marks between the words (`SHA256`, `Object_Destroyed`),
    /// in British spelling, in the standard's own short forms, or with a part more or less that says nothing new
    /// (`ANSI_X931` for `X9_31`, `StateActive`). A name that may be two is an error.
    /// [`read_json`](super::TextCodec::read_json) and [`read_xml`](super::TextCodec::read_xml) list what was taken for
    /// what.
    Lenient,
}

/// All that a codec can be told of texts: what it reads, and how it writes. There is a set of options for each peer
/// that needs one.
///
/// ```
/// use kmip_types::text::{TextCodec, TextOptions};
/// use kmip_types::{Item, Tag};
///
/// let codec = TextCodec::new().options(TextOptions::cosmian());
/// let mask = Item::mask(Tag::CRYPTOGRAPHIC_USAGE_MASK, ["Encrypt", "Decrypt"])?;
/// assert_eq!(codec.item_to_json(&mask)?, r#"{"tag":"CryptographicUsageMask","type":"Integer","value":12}"#);
/// let read = codec.read_json(r#"{"tag":"HashingAlgorithm","type":"Enumeration","value":"SHA256"}"#)?;
/// assert_eq!(read.deviations[0].to_string(),
///     r#"line 1, column 56, HashingAlgorithm: "SHA256" was taken for SHA_256"#);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[cfg(any(feature = "json", feature = "xml"))]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TextOptions {
    pub(super) mode: TextMode,
    #[cfg(feature = "json")]
    pub(super) json: JsonOptions,
    #[cfg(feature = "xml")]
    pub(super) xml: XmlOptions,
}

#[cfg(any(feature = "json", feature = "xml"))]
impl TextOptions {
    /// The default: reads exact names, and writes names.
    pub const fn new() -> Self {
        Self {
            mode: TextMode::Exact,
            #[cfg(feature = "json")]
            json: JsonOptions::new(),
            #[cfg(feature = "xml")]
            xml: XmlOptions::new(),
        }
    }

    /// For the Cosmian KMS, in JSON and XML, by the sources of its readers at the commits 041a044 and 2e680ef.
    ///
    /// It has names of its own for many values of enumerations (`SHA256`, `Object_Destroyed`), so they are written in
    /// hex, which both of its readers take, and read leniently. It reads the names of a mask's bits in XML alone, and there
    /// not all of them; as a number, it reads them in both. It refuses members of an object other than tag, type and
    /// value, and reads the type before the value. Date-Times Extended have no form in JSON that it and the standard
    /// share.
    pub const fn cosmian() -> Self {
        let options = Self::new().mode(TextMode::Lenient);
        #[cfg(feature = "json")]
        let options = options.json(JsonOptions::new().enumerations(NameForm::Hex).masks(NameForm::Number));
        #[cfg(feature = "xml")]
        let options = options
            .xml(XmlOptions::new().structure_type(true).enumerations(NameForm::Hex).masks(NameForm::Number));
        options
    }

    /// For kmip-go of OVHcloud, in JSON and XML, by the sources of its readers at the commits 2328c61 and 28a5eda.
    ///
    /// The names that it knows are those of its program, which a program that uses it adds to, so that enumerations are
    /// written in hex. It reads hex as numbers with a sign, so that it refuses the highest bit of a mask in hex; masks are
    /// written as numbers. It leaves out the type of structures, and in XML reads dates in ISO 8601 alone.
    pub const fn kmip_go() -> Self {
        let options = Self::new().mode(TextMode::Lenient);
        #[cfg(feature = "json")]
        let options = options.json(
            JsonOptions::new().structure_type(false).enumerations(NameForm::Hex).masks(NameForm::Number),
        );
        #[cfg(feature = "xml")]
        let options = options.xml(XmlOptions::new().enumerations(NameForm::Hex).masks(NameForm::Number));
        options
    }

    /// For kmip-go of Thales (formerly of Gemalto), in JSON and XML, by its sources at the commit 17a7747.
    ///
    /// It knows the names of KMIP 1.4 alone unless told otherwise, and tags by those names too, so that tags and
    /// enumerations are written in hex, in XML with `TTLV` as the element. Masks are numbers for the same reason. In XML
    /// it reads Integers, Long Integers and Intervals as decimal numbers and dates in ISO 8601 alone.
    pub const fn gemalto() -> Self {
        let options = Self::kmip_go();
        #[cfg(feature = "json")]
        let options = options.json(options.json.tags(TagForm::Hex));
        #[cfg(feature = "xml")]
        let options = options.xml(options.xml.tags(TagForm::Hex));
        options
    }

    /// What the reader takes.
    #[must_use]
    pub const fn mode(mut self, mode: TextMode) -> Self {
        self.mode = mode;
        self
    }

    /// How JSON is written.
    #[cfg(feature = "json")]
    #[must_use]
    pub const fn json(mut self, options: JsonOptions) -> Self {
        self.json = options;
        self
    }

    /// How XML is written.
    #[cfg(feature = "xml")]
    #[must_use]
    pub const fn xml(mut self, options: XmlOptions) -> Self {
        self.xml = options;
        self
    }
}

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
