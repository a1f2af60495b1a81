//! The encodings that a message has in a body, and the Content-Type of each.

use core::str::Utf8Error;

use kmip_types::text::{TextCodec, TextError};
use zeroize::Zeroizing;

/// How a message is written in the body of an HTTPS request or response.
///
/// ```
/// use kmip_sdk::Encoding;
///
/// assert_eq!(Encoding::default().content_type(), "application/octet-stream");
/// assert_eq!(Encoding::from_content_type("Text/XML; charset=utf-8"), Some(Encoding::Xml));
/// assert_eq!(Encoding::from_content_type("text/html"), None);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Encoding {
    /// Binary TTLV.
    #[default]
    Ttlv,
    /// JSON. With the feature `json`.
    #[cfg(feature = "json")]
    Json,
    /// XML. With the feature `xml`.
    #[cfg(feature = "xml")]
    Xml,
}

/// Why a body is no message in its encoding, or a message has no form in it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub(crate) enum EncodingError {
    /// The body of a text encoding is not UTF-8.
    #[error("the text is not UTF-8")]
    Utf8(#[from] Utf8Error),
    /// The text is not an item, or the item has no form in a text.
    #[error(transparent)]
    Text(#[from] TextError),
}

impl Encoding {
    /// The Content-Type of a body in this encoding.
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::Ttlv => "application/octet-stream",
            #[cfg(feature = "json")]
            Self::Json => "application/json",
            #[cfg(feature = "xml")]
            Self::Xml => "text/xml",
        }
    }

    /// The encoding of a body with this Content-Type, if it is one of KMIP's. Case and parameters make no
    /// difference, and `application/xml` is XML too.
    pub fn from_content_type(content_type: &str) -> Option<Self> {
        let media_type = content_type.split(';').next().unwrap_or_default().trim();
        let is = |name: &str| media_type.eq_ignore_ascii_case(name);
        #[cfg(feature = "json")]
        if is(Self::Json.content_type()) {
            return Some(Self::Json);
        }
        #[cfg(feature = "xml")]
        if is(Self::Xml.content_type()) || is("application/xml") {
            return Some(Self::Xml);
        }
        is(Self::Ttlv.content_type()).then_some(Self::Ttlv)
    }

    /// How large a body may be in bytes, where a message of binary TTLV may have `size`.
    pub(crate) fn body_limit(self, size: usize) -> usize {
        match self {
            Self::Ttlv => size,
            // Bytes are twice as long in hex, and a number of 16 bytes is longer still with its name: that is what small
            // messages consist of.
            #[cfg(any(feature = "json", feature = "xml"))]
            _ => size.saturating_mul(4).saturating_add(64 << 10),
        }
    }

    /// The body that holds a message of binary TTLV, a text as the codec writes it.
    ///
    /// # Errors
    /// The message has no form in this encoding, as a text with certain control characters has none in XML.
    pub(crate) fn encode(self, ttlv: &[u8], codec: &TextCodec) -> Result<Zeroizing<Vec<u8>>, EncodingError> {
        let body = match self {
            Self::Ttlv => ttlv.to_vec(),
            #[cfg(feature = "json")]
            Self::Json => codec.to_json(ttlv)?.into_bytes(),
            #[cfg(feature = "xml")]
            Self::Xml => codec.to_xml(ttlv)?.into_bytes(),
        };
        let _ = codec; // Of no use without a text encoding.
        Ok(Zeroizing::new(body))
    }

    /// The message of binary TTLV that a body holds, a text as the codec reads it. Binary TTLV is taken as it is, to be
    /// read by others.
    ///
    /// # Errors
    /// The body is not an item in this encoding, or exceeds the limits of the codec.
    pub(crate) fn decode(self, body: &[u8], codec: &TextCodec) -> Result<Zeroizing<Vec<u8>>, EncodingError> {
        let ttlv = match self {
            Self::Ttlv => body.to_vec(),
            #[cfg(feature = "json")]
            Self::Json => codec.from_json(core::str::from_utf8(body)?)?,
            #[cfg(feature = "xml")]
            Self::Xml => codec.from_xml(core::str::from_utf8(body)?)?,
        };
        let _ = codec; // Of no use without a text encoding.
        Ok(Zeroizing::new(ttlv))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(all(feature = "json", feature = "xml"))]
    const ALL: [Encoding; 3] = [Encoding::Ttlv, Encoding::Json, Encoding::Xml];

    /// A Batch Count of 2.
    const TTLV: [u8; 16] = [0x42, 0x00, 0x0D, 2, 0, 0, 0, 4, 0, 0, 0, 2, 0, 0, 0, 0];

    #[test]
    #[cfg(all(feature = "json", feature = "xml"))]
    fn content_types_are_read_back() {
        for encoding in ALL {
            let content_type = encoding.content_type();
            for written in [
                content_type.to_owned(),
                content_type.to_ascii_uppercase(),
                format!(" {content_type} ;charset=utf-8"),
            ] {
                assert_eq!(Encoding::from_content_type(&written), Some(encoding), "{written}");
            }
        }
        assert_eq!(Encoding::from_content_type("application/xml"), Some(Encoding::Xml));
        for other in ["", ";", "text/html", "application/json5", "application"] {
            assert_eq!(Encoding::from_content_type(other), None, "{other}");
        }
    }

    #[test]
    #[cfg(all(feature = "json", feature = "xml"))]
    fn bodies_are_read_back() {
        for encoding in ALL {
            let body = encoding.encode(&TTLV, &TextCodec::new()).unwrap();
            assert_eq!(encoding.decode(&body, &TextCodec::new()).unwrap().as_slice(), TTLV);
        }
        assert_eq!(Encoding::Ttlv.body_limit(10), 10);
        assert_eq!(Encoding::Xml.body_limit(usize::MAX), usize::MAX);
    }

    #[test]
    #[cfg(feature = "json")]
    fn rejects_what_is_no_item() {
        let codec = TextCodec::new();
        assert!(matches!(Encoding::Json.decode(&[0xFF], &codec), Err(EncodingError::Utf8(_))));
        assert!(matches!(Encoding::Json.decode(b"[]", &codec), Err(EncodingError::Text(_))));
        assert!(matches!(Encoding::Json.encode(&TTLV[..8], &codec), Err(EncodingError::Text(_))));
    }
}
