//! Messages: what a client and a server send each other (KMIP 1.4 chapters 6 and 7, 2.1 chapters 8 and 9).

mod authentication;
mod batch_item;
mod extension;
mod header;

pub use authentication::{
    AttestationCredential, Authentication, Credential, CredentialValue, DeviceCredential,
    HashedPasswordCredential, Nonce, OneTimePasswordCredential, Ticket, TicketCredential,
    UsernameAndPasswordCredential,
};
pub use batch_item::{RequestBatchItem, ResponseBatchItem};
pub use extension::MessageExtension;
pub use header::{AsynchronousIndicatorValue, RequestHeader, ResponseHeader};

use kmip_derive::Ttlv;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de, ser};

use crate::ttlv::{Decode, Decoded, Encode, Root, decode, decode_lenient, encode};
use crate::{DecodeError, EncodeError, Item, ProtocolVersion};

/// A request: a header and the operations that it asks for (KMIP 1.4 section 7.1, 2.1 section 8.1).
#[derive(Clone, Debug, PartialEq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "RequestMessage")]
pub struct RequestMessage {
    /// The header.
    pub request_header: RequestHeader,
    /// The operations, at least one, in the order in which they are to be done.
    pub batch_item: Vec<RequestBatchItem>,
}

/// A response: a header and the results of the operations (KMIP 1.4 section 7.1, 2.1 section 8.4).
#[derive(Clone, Debug, PartialEq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "ResponseMessage")]
pub struct ResponseMessage {
    /// The header.
    pub response_header: ResponseHeader,
    /// The results, at least one.
    pub batch_item: Vec<ResponseBatchItem>,
}

/// A whole message, in the form of the version that its header states.
pub trait Message: Encode + Decode + Root + Sized {
    /// The version that the header states.
    fn version(&self) -> ProtocolVersion;

    /// The message as binary TTLV, in the form of the version that its header states.
    ///
    /// # Errors
    /// [`EncodeError`] where that version has no form for something that is set, or a limit is exceeded.
    fn to_ttlv(&self) -> Result<Vec<u8>, EncodeError> {
        encode(Self::TAG, self, self.version())
    }

    /// The message that the bytes hold, read strictly.
    ///
    /// # Errors
    /// [`DecodeError`] where the bytes are not exactly one such message.
    fn from_ttlv(bytes: &[u8]) -> Result<Self, DecodeError> {
        decode(Self::TAG, bytes)
    }

    /// The message that the bytes hold, with what deviates from the standard tolerated and listed.
    ///
    /// # Errors
    /// [`DecodeError`] where the bytes are not one such message, even leniently.
    fn from_ttlv_lenient(bytes: &[u8]) -> Result<Decoded<Self>, DecodeError> {
        decode_lenient(Self::TAG, bytes)
    }
}

impl Message for RequestMessage {
    fn version(&self) -> ProtocolVersion {
        self.request_header.protocol_version
    }
}

impl Message for ResponseMessage {
    fn version(&self) -> ProtocolVersion {
        self.response_header.protocol_version
    }
}

/// A message serialises as the [`Item`] that it is: the standard's JSON, in a format that has objects.
macro_rules! serialize_as_item {
    ($($message:ty),*) => {
        $(
            impl Serialize for $message {
                fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                    let ttlv = self.to_ttlv().map_err(ser::Error::custom)?;
                    Item::from_ttlv(&ttlv).map_err(ser::Error::custom)?.serialize(serializer)
                }
            }

            impl<'de> Deserialize<'de> for $message {
                fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                    let ttlv = Item::deserialize(deserializer)?.to_ttlv().map_err(de::Error::custom)?;
                    Self::from_ttlv(&ttlv).map_err(de::Error::custom)
                }
            }
        )*
    };
}

serialize_as_item!(RequestMessage, ResponseMessage);
