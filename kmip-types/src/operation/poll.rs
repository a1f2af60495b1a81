//! Poll: asks for the result of an operation that the server left pending.

use kmip_derive::Ttlv;

use crate::generated::enumerations::Operation;
use crate::hex_debug::debug_in_hex;
use crate::operation::{Request, RequestPayload, Response, ResponsePayload};
use crate::ttlv::{Decode, Encode, Reader, Writer};
use crate::{DecodeError, EncodeError, ProtocolVersion, RawStructure, Tag};

/// The request of Poll (KMIP 1.4 section 4.28, 2.1 section 6.1.38).
#[derive(Clone, PartialEq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "RequestPayload")]
pub struct PollRequest {
    /// The operation, as the response that left it pending said.
    pub asynchronous_correlation_value: Vec<u8>,
}

debug_in_hex!(PollRequest { asynchronous_correlation_value });

/// The response of Poll (KMIP 1.4 section 4.28, 2.1 section 6.1.38): that of the operation that was pending,
/// in a batch item that names that operation rather than Poll.
#[derive(Clone, Debug, PartialEq)]
pub struct PollResponse(pub ResponsePayload);

impl Request for PollRequest {
    const OPERATION: Operation = Operation::Poll;

    type Response = PollResponse;

    fn into_payload(self, _: ProtocolVersion) -> Result<RequestPayload, EncodeError> {
        Ok(RequestPayload::Poll(self))
    }
}

impl Response for PollResponse {
    fn from_payload(payload: ResponsePayload, _: ProtocolVersion) -> Result<Option<Self>, DecodeError> {
        Ok(Some(Self(payload)))
    }
}

impl From<PollRequest> for RequestPayload {
    fn from(request: PollRequest) -> Self {
        Self::Poll(request)
    }
}

impl Encode for PollResponse {
    fn encode(&self, tag: Tag, writer: &mut Writer) -> Result<(), EncodeError> {
        self.0.encode(tag, writer)
    }
}

/// On its own, a payload does not say which operation it is of: it is kept as it is.
impl Decode for PollResponse {
    fn decode(tag: Tag, reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        RawStructure::decode(tag, reader).map(|structure| Self(ResponsePayload::Other(structure)))
    }
}
