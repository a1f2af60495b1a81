//! The codec instance: its options, its vendor tags, and what it transcodes.

use zeroize::Zeroizing;

use crate::item::{Item, LookupError};
use crate::limits::Limits;
use crate::tables::{NameInfo, Names};
use crate::tag::Tag;
use crate::text::error::{TextError, TextErrorKind};
#[cfg(feature = "json")]
use crate::text::json::JsonOptions;
use crate::text::names::ValueNames;
#[cfg(any(feature = "json", feature = "xml"))]
use crate::text::options::{TextMode, TextOptions};
use crate::text::pretty;
use crate::text::vendor::{RegisterError, VendorTags, VendorValues};
#[cfg(feature = "xml")]
use crate::text::xml::XmlOptions;
use crate::ttlv::{Decode, Mode, Reader, Wire};
#[cfg(any(feature = "json", feature = "xml"))]
use crate::{ttlv::Writer, version::ProtocolVersion};

/// Reads and writes the text encodings.
///
/// A codec has its own vendor tags and options: nothing is global. Whoever gets JSON, XML, TTLV or an item from it wipes
/// the [secrets](crate::text#secrets) in them.
///
/// ```
/// use kmip_types::Tag;
/// use kmip_types::text::TextCodec;
///
/// let mut codec = TextCodec::new();
/// codec.register_tag("AcmeThing", Tag::from_raw(0x540001))?;
/// codec.register_enumeration(Tag::from_raw(0x540001), &[("Anvil", 1), ("Rocket", 2)])?;
/// let ttlv = codec.from_xml(r#"<AcmeThing type="Enumeration" value="Rocket"/>"#)?;
/// assert_eq!(codec.to_json(&ttlv)?, r#"{"tag":"AcmeThing","type":"Enumeration","value":"Rocket"}"#);
/// let json = r#"{"tag":"0x540001","type":"Enumeration","value":"0x00000002"}"#;
/// assert_eq!(TextCodec::new().to_json(&ttlv)?, json);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct TextCodec {
    pub(super) vendor: VendorTags,
    #[cfg(feature = "json")]
    pub(super) json: JsonOptions,
    #[cfg(feature = "xml")]
    pub(super) xml: XmlOptions,
    pub(crate) limits: Limits,
    #[cfg(any(feature = "json", feature = "xml"))]
    pub(super) mode: TextMode,
    pub(crate) reveal_secrets: bool,
}

/// The codec that knows the standard and nothing else.
pub(crate) static STANDARD: TextCodec = TextCodec::new();

impl TextCodec {
    /// A codec without vendor tags, with the default options.
    pub const fn new() -> Self {
        Self {
            vendor: VendorTags::new(),
            #[cfg(feature = "json")]
            json: JsonOptions::new(),
            #[cfg(feature = "xml")]
            xml: XmlOptions::new(),
            limits: Limits::DEFAULT,
            #[cfg(any(feature = "json", feature = "xml"))]
            mode: TextMode::Exact,
            reveal_secrets: false,
        }
    }

    /// The codec with all of these options.
    #[cfg(any(feature = "json", feature = "xml"))]
    #[must_use]
    pub fn options(mut self, options: TextOptions) -> Self {
        self.mode = options.mode;
        #[cfg(feature = "json")]
        {
            self.json = options.json;
        }
        #[cfg(feature = "xml")]
        {
            self.xml = options.xml;
        }
        self
    }

    /// The codec, writing JSON in the form that `options` choose.
    #[cfg(feature = "json")]
    #[must_use]
    pub fn json(mut self, options: JsonOptions) -> Self {
        self.json = options;
        self
    }

    /// The codec, writing XML in the form that `options` choose.
    #[cfg(feature = "xml")]
    #[must_use]
    pub fn xml(mut self, options: XmlOptions) -> Self {
        self.xml = options;
        self
    }

    /// The codec with other limits on what it reads and writes. JSON cannot nest structures more than 63
    /// deep, whatever they say.
    ///
    /// They bound texts, too: one item's is at most six times [`Limits::size`] long, for no form of a value
    /// takes more, plus 512 bytes and 24 for each level of [`Limits::depth`] for names and indentation of each
    /// item that the limits allow. By default that is 416 MiB.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// The codec, taking more or less of what texts say.
    ///
    /// ```
    /// use kmip_types::Tag;
    /// use kmip_types::text::{TextCodec, TextMode};
    ///
    /// let json = r#"{"tag":"LeaseTime","type":"Integer","value":60}"#;
    /// let error = TextCodec::new().mode(TextMode::Strict).from_json(json).unwrap_err();
    /// assert_eq!(error.to_string(), "line 1, column 27, LeaseTime: LeaseTime takes DateTime or Interval, found Integer");
    /// assert!(TextCodec::new().from_json(json).is_ok());
    /// ```
    #[cfg(any(feature = "json", feature = "xml"))]
    #[must_use]
    pub fn mode(mut self, mode: TextMode) -> Self {
        self.mode = mode;
        self
    }

    /// The codec, showing or (as it does by default) hiding secrets in [`to_text`](Self::to_text). JSON and
    /// XML hold all that the item holds.
    #[must_use]
    pub fn reveal_secrets(mut self, reveal: bool) -> Self {
        self.reveal_secrets = reveal;
        self
    }

    /// Names a tag of a vendor in the texts that this codec reads and writes.
    ///
    /// # Errors
    /// The name is taken by another tag or cannot be one, or the tag has another name.
    pub fn register_tag(&mut self, name: &str, tag: Tag) -> Result<&mut Self, RegisterError> {
        self.vendor.register(name, tag)?;
        Ok(self)
    }

    /// Names a tag of a vendor and, by the Rust type of its value, the values of its enumeration or the bits of
    /// its mask.
    ///
    /// ```
    /// use kmip_types::{Tag, TextCodec, TtlvEnum};
    ///
    /// #[derive(TtlvEnum)]
    /// enum AcmeThing {
    ///     #[ttlv(value = 0x80000001)]
    ///     Anvil,
    ///     #[ttlv(other)]
    ///     Other(u32),
    /// }
    ///
    /// let mut codec = TextCodec::new();
    /// codec.register::<AcmeThing>("AcmeThing", Tag::from_raw(0x540001))?;
    /// let ttlv = codec.from_xml(r#"<AcmeThing type="Enumeration" value="Anvil"/>"#)?;
    /// assert_eq!(ttlv[8..12], [0x80, 0, 0, 1]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// The name is taken by another tag or cannot be one, or the tag has another name.
    pub fn register<T: Wire>(&mut self, name: &str, tag: Tag) -> Result<&mut Self, RegisterError> {
        let rows = |rows: &[NameInfo]| rows.iter().map(|row| (row.name, row.value)).collect::<Vec<_>>();
        self.register_tag(name, tag)?;
        match T::NAMES {
            Names::Enumeration(info) => self.register_enumeration(tag, &rows(info.values)),
            Names::Mask(info) => self.register_mask(tag, &rows(info.bits)),
            Names::None | Names::Tags => Ok(self),
        }
    }

    /// Names the values of a registered tag whose items are Enumerations.
    ///
    /// # Errors
    /// The tag is not registered, a name cannot be one, or a name or number is there twice.
    pub fn register_enumeration(
        &mut self,
        tag: Tag,
        values: &[(&str, u32)],
    ) -> Result<&mut Self, RegisterError> {
        self.vendor.name_values(tag, values, VendorValues::Enumeration)?;
        Ok(self)
    }

    /// Names the bits of a registered tag whose items are masks.
    ///
    /// # Errors
    /// The tag is not registered, a name cannot be one, or a name or number is there twice.
    pub fn register_mask(&mut self, tag: Tag, bits: &[(&str, u32)]) -> Result<&mut Self, RegisterError> {
        self.vendor.name_values(tag, bits, VendorValues::Mask)?;
        Ok(self)
    }

    /// The tag with this name: registered, of the standard (wire or spelled out), or in hex after `0x`.
    pub fn tag(&self, name: &str) -> Option<Tag> {
        self.vendor.wire_tag(name).or_else(|| Tag::from_name(name))
    }

    /// The name of a tag in JSON and XML, if it has one that this codec knows.
    pub fn tag_name(&self, tag: Tag) -> Option<&str> {
        self.vendor.wire_name(tag)
    }

    /// The item at a path in another, as [`Item::lookup`] finds it, by the names that this codec knows.
    ///
    /// # Errors
    /// A step names no tag, or there is no such item.
    pub fn lookup<'i>(&self, item: &'i Item, path: &str) -> Result<&'i Item, LookupError> {
        item.lookup_with(path, |name| self.tag(name).map_or_else(|| name.parse(), Ok))
    }

    // ---- binary TTLV to text -----------------------------------------------------------------------

    /// The form for people of a TTLV item: an item a line, without secrets unless they are to be
    /// [revealed](Self::reveal_secrets).
    ///
    /// # Errors
    /// The bytes are not exactly one item, or a limit is exceeded.
    pub fn to_text(&self, ttlv: &[u8]) -> Result<String, TextError> {
        Ok(self.item_to_text(&*self.decode(ttlv)?))
    }

    // ---- items -------------------------------------------------------------------------------------

    /// The form for people of an item, as [`to_text`](Self::to_text) writes it.
    pub fn item_to_text(&self, item: &Item) -> String {
        pretty::to_text(self, item)
    }

    /// What names the values of a tag.
    pub(crate) fn value_names(&self, tag: Tag) -> ValueNames<'_> {
        self.vendor.value_names(tag, None)
    }

    // ---- what these share --------------------------------------------------------------------------

    pub(super) fn decode(&self, ttlv: &[u8]) -> Result<Zeroizing<Item>, TextError> {
        let decode = || {
            let mut reader = Reader::new(ttlv, Mode::Strict, self.limits)?;
            // Without a header there is no tag: reading any then says what is wrong.
            let tag = reader.peek_tag().unwrap_or(Tag::from_raw(0));
            let item = Zeroizing::new(Item::decode(tag, &mut reader)?);
            reader.finish()?;
            Ok(item)
        };
        decode().map_err(|error| TextError::new(TextErrorKind::Decode(error)))
    }

    #[cfg(any(feature = "json", feature = "xml"))]
    pub(crate) fn encode(&self, item: &Item) -> Result<Vec<u8>, TextError> {
        // An item is what it is in any version; only the latest takes all item types.
        let mut writer = Writer::with_buffer(Vec::new(), ProtocolVersion::V2_1, self.limits);
        item.write(&mut writer).map_err(|error| TextError::new(TextErrorKind::Encode(error)))?;
        Ok(writer.into_bytes())
    }

    #[cfg(any(feature = "json", feature = "xml"))]
    pub(super) fn check_depth(&self, item: &Item) -> Result<(), TextError> {
        let limit = self.limits.depth;
        match is_deeper(item, limit) {
            true => Err(TextError::new(TextErrorKind::DepthLimit { limit })),
            false => Ok(()),
        }
    }
}

impl Default for TextCodec {
    fn default() -> Self {
        Self::new()
    }
}

/// Whether structures are nested deeper than `limit`.
pub(crate) fn is_deeper(item: &Item, limit: usize) -> bool {
    match &item.value {
        crate::item::Value::Structure(_) if limit == 0 => true,
        crate::item::Value::Structure(items) => items.iter().any(|item| is_deeper(item, limit - 1)),
        _ => false,
    }
}
