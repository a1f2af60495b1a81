//! What a codec does with JSON.

use zeroize::Zeroizing;

use super::{parse_value, read, write};
use crate::item::Item;
use crate::text::TextCodec;
#[cfg(doc)]
use crate::text::TextMode;
use crate::text::deviation::DecodedText;
use crate::text::error::TextError;
use crate::text::node::check_size;
use crate::text::resolve::Resolver;

/// JSON.
impl TextCodec {
    /// The JSON form of a TTLV item.
    ///
    /// # Errors
    /// The bytes are not exactly one item, or a limit is exceeded.
    pub fn to_json(&self, ttlv: &[u8]) -> Result<String, TextError> {
        // Reading keeps to the limit of depth, too.
        Ok(write(self, &*self.decode(ttlv)?))
    }

    /// The TTLV item that a JSON text says.
    ///
    /// # Errors
    /// [`TextError`] with line and column where the text is not exactly one valid item.
    pub fn from_json(&self, text: &str) -> Result<Vec<u8>, TextError> {
        self.encode(&Zeroizing::new(self.item_from_json(text)?))
    }

    /// The JSON form of an item.
    ///
    /// # Errors
    /// A limit is exceeded.
    pub fn item_to_json(&self, item: &Item) -> Result<String, TextError> {
        self.check_depth(item)?;
        Ok(write(self, item))
    }

    /// The item that a JSON text says.
    ///
    /// # Errors
    /// [`TextError`] with line and column where the text is not exactly one valid item.
    pub fn item_from_json(&self, text: &str) -> Result<Item, TextError> {
        check_size(text, self.limits)?;
        let node = read(text, self.limits, &self.vendor).map_err(|error| error.in_text(text))?;
        Resolver::new(self, parse_value).root(&node).map_err(|error| error.in_text(text))
    }

    /// The item that a JSON text says, with what was not as the standard has it: items of another type than their
    /// tag's and, in [lenient](TextMode::Lenient) reading, names spelled otherwise.
    ///
    /// ```
    /// use kmip_types::text::{TextCodec, TextMode};
    ///
    /// let codec = TextCodec::new().mode(TextMode::Lenient);
    /// let json = r#"{"tag":"CryptographicUsageMask","type":"Integer","value":"encrypt|DECRYPT"}"#;
    /// let read = codec.read_json(json)?;
    /// assert_eq!(read.item.as_integer(), Some(12));
    /// assert_eq!(read.deviations[0].to_string(),
    ///     "line 1, column 58, CryptographicUsageMask: \"encrypt|DECRYPT\" was taken for Encrypt|Decrypt");
    /// # Ok::<(), kmip_types::TextError>(())
    /// ```
    ///
    /// # Errors
    /// [`TextError`] with line and column where the text is not exactly one valid item.
    pub fn read_json(&self, text: &str) -> Result<DecodedText, TextError> {
        check_size(text, self.limits)?;
        let node = read(text, self.limits, &self.vendor).map_err(|error| error.in_text(text))?;
        let resolver = Resolver::new(self, parse_value).listing();
        let item = resolver.root(&node).map_err(|error| error.in_text(text))?;
        Ok(DecodedText { item, deviations: resolver.deviations(text) })
    }
}
