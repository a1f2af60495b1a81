//! Unique Identifier.

use kmip_derive::Ttlv;

use crate::generated::enumerations;

/// What names a managed object (KMIP 1.4 section 3.1, 2.1 section 4.58): text before KMIP 2.0; text, an
/// enumeration or an index since.
///
/// ```
/// use kmip_types::attribute::UniqueIdentifier;
/// assert_eq!(UniqueIdentifier::from("k-1").as_text(), Some("k-1"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "UniqueIdentifier")]
pub enum UniqueIdentifier {
    /// The server's name for the object.
    Text(String),
    /// The object of an earlier operation of the same batch. Since KMIP 2.0.
    #[ttlv(since = "2.0")]
    Enumeration(enumerations::UniqueIdentifierEnumeration),
    /// Which of the identifiers in the response, from 0; backwards if negative. Since KMIP 2.0.
    #[ttlv(since = "2.0")]
    Index(i32),
}

impl UniqueIdentifier {
    /// The ID Placeholder: the object of the last operation of the batch that set one. Since KMIP 2.0;
    /// in every version, leaving the identifier out says the same.
    pub const ID_PLACEHOLDER: Self =
        Self::Enumeration(enumerations::UniqueIdentifierEnumeration::IdPlaceholder);

    /// The server's name for the object, if that is what it is.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Enumeration(_) | Self::Index(_) => None,
        }
    }
}

impl From<&str> for UniqueIdentifier {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for UniqueIdentifier {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&String> for UniqueIdentifier {
    fn from(text: &String) -> Self {
        Self::from(text.as_str())
    }
}

impl From<&UniqueIdentifier> for UniqueIdentifier {
    fn from(identifier: &UniqueIdentifier) -> Self {
        identifier.clone()
    }
}

impl core::fmt::Display for UniqueIdentifier {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Text(text) => f.write_str(text),
            Self::Enumeration(value) => value.fmt(f),
            Self::Index(index) => index.fmt(f),
        }
    }
}
