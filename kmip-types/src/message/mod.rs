//! Messages: what a client and a server send each other (KMIP 1.4 chapters 6 and 7, 2.1 chapters 8 and 9).

mod asynchronous_indicator;
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
pub use header::{RequestHeader, ResponseHeader};

use kmip_derive::Ttlv;

use crate::ttlv::{
    Decode, Decoded, Deviation, Encode, Mode, Root, decode, decode_lenient, decode_with, encode,
};
use crate::{DecodeError, EncodeError, Limits, ProtocolVersion, Tag};

/// A request: a header and the operations that it asks for (KMIP 1.4 section 7.1, 2.1 section 8.1).
#[derive(Clone, Debug, PartialEq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "RequestMessage", version = "request_header.protocol_version")]
pub struct RequestMessage {
    /// The header.
    pub request_header: RequestHeader,
    /// The operations, in the order in which they are to be done.
    #[ttlv(essential, required)]
    pub batch_item: Vec<RequestBatchItem>,
}

/// A response: a header and the results of the operations (KMIP 1.4 section 7.1, 2.1 section 8.4).
#[derive(Clone, Debug, PartialEq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "ResponseMessage", version = "response_header.protocol_version")]
pub struct ResponseMessage {
    /// The header.
    pub response_header: ResponseHeader,
    /// The results.
    #[ttlv(essential, required)]
    pub batch_item: Vec<ResponseBatchItem>,
}

/// A whole message, in the form of the version that its header states.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a message",
    label = "not a message",
    note = "those of the standard are `RequestMessage` and `ResponseMessage`; for another one, derive `Ttlv` with `tag` and \
            `version`, and write `impl Message for {Self} {{}}`"
)]
pub trait Message: Encode + Decode + Root + Sized {
    /// The version that the header states.
    fn version(&self) -> ProtocolVersion {
        self.protocol_version()
    }

    /// The message as binary TTLV, in the form of the version that its header states. Its secrets are in the bytes, which
    /// the caller wipes: see [`text`](crate::text#secrets).
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

/// What is wrong with a request or a response, as its type has it: in lenient reading, what deviates, in the order of the
/// bytes. Of what is neither, nothing is said.
///
/// # Errors
/// [`DecodeError`] where the bytes are not one such message in this mode.
pub fn check(ttlv: &[u8], mode: Mode) -> Result<Vec<Deviation>, DecodeError> {
    fn of<T: Message>(ttlv: &[u8], mode: Mode) -> Result<Vec<Deviation>, DecodeError> {
        decode_with::<T>(T::TAG, ttlv, mode, Limits::DEFAULT).map(|decoded| decoded.deviations)
    }
    match ttlv.first_chunk::<3>().map(|[a, b, c]| Tag::from_raw(u32::from_be_bytes([0, *a, *b, *c]))) {
        Some(Tag::REQUEST_MESSAGE) => of::<RequestMessage>(ttlv, mode),
        Some(Tag::RESPONSE_MESSAGE) => of::<ResponseMessage>(ttlv, mode),
        _ => Ok(Vec::new()),
    }
}

impl Message for RequestMessage {}

impl Message for ResponseMessage {}
