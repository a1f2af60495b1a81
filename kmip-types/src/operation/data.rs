//! Data: what a cryptographic operation works on.

use kmip_derive::Ttlv;

use crate::SecretBytes;
use crate::generated::enumerations;

/// The data of a cryptographic operation (KMIP 1.4 section 2.1.10, 2.1 section 7.9): bytes before KMIP 2.0;
/// bytes, or the output of an earlier operation of the same batch, since.
#[derive(Clone, Debug, PartialEq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "Data")]
pub enum Data {
    /// The bytes.
    Bytes(SecretBytes),
    /// The output of the last operation of a kind. Since KMIP 2.0.
    #[ttlv(since = "2.0")]
    Enumeration(enumerations::DataEnumeration),
    /// Which of the outputs in the response, from 0; backwards if negative. Since KMIP 2.0.
    #[ttlv(since = "2.0")]
    Index(i32),
}

impl Data {
    /// The bytes, if that is what it is.
    pub fn as_bytes(&self) -> Option<&[u8]> {
        match self {
            Self::Bytes(bytes) => Some(bytes.reveal()),
            Self::Enumeration(_) | Self::Index(_) => None,
        }
    }
}

impl<T: Into<SecretBytes>> From<T> for Data {
    fn from(bytes: T) -> Self {
        Self::Bytes(bytes.into())
    }
}
