//! The bare form: the JSON of one operation in KMIP 2.1 without the message around it.
//!
//! A request is the Request Payload under the name of its operation, a response the Response Payload under that
//! name with `Response` behind it. What failed has no form: over HTTP it is a status with a text. The codec that is
//! given reads and writes what is inside, and should have the limits that are given besides.
//!
//! ```json
//! {"tag": "Activate", "type": "Structure", "value": [
//!     {"tag": "UniqueIdentifier", "type": "TextString", "value": "k-1"}
//! ]}
//! ```

use core::str::Utf8Error;
use std::collections::BTreeMap;

use kmip_types::enumerations::{Operation, ResultReason, ResultStatus};
use kmip_types::message::{
    RequestBatchItem, RequestHeader, RequestMessage, ResponseBatchItem, ResponseHeader, ResponseMessage,
};
use kmip_types::operation::{RequestPayload, ResponsePayload};
use kmip_types::text::{TextCodec, TextError};
use kmip_types::ttlv::{self, Encode, Mode, Writer};
use kmip_types::{DateTime, DecodeError, EncodeError, Limits, ProtocolVersion, RawStructure, Tag};
use serde_json::value::RawValue;
use zeroize::Zeroizing;

/// The version that everything in the bare form is in.
const VERSION: ProtocolVersion = ProtocolVersion::V2_1;

/// What stands behind the name of the operation in a response.
const RESPONSE: &str = "Response";

/// Why there is no bare form of a message, or no message of a bare form. No error holds the value of a field.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub(crate) enum BareError {
    /// The body is not UTF-8.
    #[error("the text is not UTF-8")]
    Utf8(#[from] Utf8Error),
    /// The body is not an item in JSON, or a payload has no form in it.
    #[error(transparent)]
    Text(#[from] TextError),
    /// What is in the item that the body is, is not the payload of an operation.
    #[error("line {line}, column {column}: {}", error.kind())]
    Payload {
        /// The line in the body, counted from 1.
        line: usize,
        /// The character in the line, counted from 1.
        column: usize,
        /// What is wrong; its own place is that in a text in which the outermost tag is another.
        error: TextError,
    },
    /// The outermost tag is not the name of an operation.
    #[error("{name:?} is not an operation")]
    UnknownOperation {
        /// The name.
        name: String,
    },
    /// The body is a whole message.
    #[error("a RequestMessage is no operation; whole messages go to /kmip")]
    WholeMessage,
    /// The body is not the response to the operation that was asked for.
    #[error("expected {expected:?}, found {found:?}")]
    UnexpectedResponse {
        /// The name of the response to the operation.
        expected: String,
        /// The name that was found.
        found: String,
    },
    /// The request has several batch items, or none.
    #[error("the bare form has no batches: it takes one operation, and the request has {items}")]
    Batch {
        /// How many batch items the request has.
        items: usize,
    },
    /// The request says something that the bare form has no place for.
    #[error("the bare form has no place for {tag}")]
    NoPlace {
        /// The tag of the field.
        tag: Tag,
    },
    /// The request is in another version.
    #[error("the bare form is KMIP {VERSION}, and the request is KMIP {version}")]
    Version {
        /// The version of the request.
        version: ProtocolVersion,
    },
    /// The message is not one.
    #[error(transparent)]
    Decode(#[from] DecodeError),
    /// The message cannot be written.
    #[error(transparent)]
    Encode(#[from] EncodeError),
}

/// What of a request its response must answer.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    operation: Operation,
    unique_batch_item_id: Option<Vec<u8>>,
}

impl Asked {
    /// What a request message asks for.
    ///
    /// # Errors
    /// As [`request_to_bare`], save that its payload is not looked at.
    pub(crate) fn of(request: &[u8], limits: Limits) -> Result<Self, BareError> {
        let item = only_item(request, limits)?;
        Ok(Self { operation: item.operation, unique_batch_item_id: item.unique_batch_item_id })
    }
}

/// The bare form of a request message.
///
/// # Errors
/// The message is not one request in KMIP 2.1, or says something besides the operation and its payload that the
/// bare form has no place for, such as credentials. What is of no account for a single operation is left out: what
/// is to be done about the others of a batch, the time of the request, and texts for the server's log.
pub(crate) fn request_to_bare(
    request: &[u8],
    codec: &TextCodec,
    limits: Limits,
) -> Result<Zeroizing<Vec<u8>>, BareError> {
    let item = only_item(request, limits)?;
    let payload = written(Tag::REQUEST_PAYLOAD, &item.request_payload, limits)?;
    to_bare(&payload, &name_of(item.operation), codec)
}

/// The response message of what the bare form answers a request with.
///
/// # Errors
/// The body is not the bare form of a response to what was asked.
pub(crate) fn response_from_bare(
    body: &[u8],
    asked: &Asked,
    codec: &TextCodec,
    limits: Limits,
) -> Result<Zeroizing<Vec<u8>>, BareError> {
    let expected = name_of(asked.operation) + RESPONSE;
    let bare = Bare::read(body, codec)?;
    if bare.name != expected {
        return Err(BareError::UnexpectedResponse { expected, found: bare.name });
    }
    let payload = bare.payload(Tag::RESPONSE_PAYLOAD, codec, limits)?;
    response(ResponseBatchItem::success(asked.operation, ResponsePayload::Other(payload)), asked, limits)
}

/// The response message of a status that says that a request failed, and its text.
///
/// # Errors
/// The text cannot be written as TTLV, as one that is too large.
pub(crate) fn failure_from_bare(
    status: u16,
    text: &str,
    asked: &Asked,
    limits: Limits,
) -> Result<Zeroizing<Vec<u8>>, BareError> {
    // The embedded server's own texts name the reason, and some of Cosmian's; what is known of others is the status.
    let named = text.split_once(": ").and_then(|(name, text)| Some((reason_of(name)?, text)));
    let (reason, text) = named.unwrap_or_else(|| {
        let reason = match status {
            400 => ResultReason::InvalidMessage,
            401 => ResultReason::AuthenticationNotSuccessful,
            403 => ResultReason::PermissionDenied,
            404 => ResultReason::ObjectNotFound,
            _ => ResultReason::GeneralFailure,
        };
        (reason, text)
    });
    response(ResponseBatchItem::failure(Some(asked.operation), reason, text), asked, limits)
}

/// The request message of a bare form.
///
/// # Errors
/// The body is not the bare form of an operation. Whether the operation takes the payload is not looked at.
pub(crate) fn request_from_bare(
    body: &[u8],
    codec: &TextCodec,
    limits: Limits,
) -> Result<Zeroizing<Vec<u8>>, BareError> {
    let bare = Bare::read(body, codec)?;
    let Some(operation) = operation_of(&bare.name) else {
        return Err(match Tag::from_name(&bare.name) {
            Some(Tag::REQUEST_MESSAGE) => BareError::WholeMessage,
            _ => BareError::UnknownOperation { name: bare.name },
        });
    };
    let payload = RequestPayload::Other(bare.payload(Tag::REQUEST_PAYLOAD, codec, limits)?);
    let message = RequestMessage {
        request_header: RequestHeader::new(VERSION, 1),
        batch_item: vec![RequestBatchItem::new(operation, payload)],
    };
    written(Tag::REQUEST_MESSAGE, &message, limits)
}

/// The bare form of a response message, or the status and the text that say why there is none.
///
/// # Errors
/// The operation failed, or its result has no bare form.
pub(crate) fn response_to_bare(
    response: &[u8],
    codec: &TextCodec,
    limits: Limits,
) -> Result<Zeroizing<Vec<u8>>, (u16, String)> {
    let unwritable = |error: BareError| (500, format!("the response has no bare form: {error}"));
    let message = ttlv::decode_with(Tag::RESPONSE_MESSAGE, response, Mode::Strict, limits);
    let mut message: ResponseMessage = message.map_err(|error| unwritable(error.into()))?.value;
    let item = match (message.batch_item.pop(), message.batch_item.len()) {
        (Some(item), 0) => item,
        (_, others) => return Err(unwritable(BareError::Batch { items: others })),
    };
    match (item.result_status, item.operation) {
        (ResultStatus::Success, Some(operation)) => {
            let empty = || ResponsePayload::Other(RawStructure::default());
            let payload = item.response_payload.unwrap_or_else(empty);
            written(Tag::RESPONSE_PAYLOAD, &payload, limits)
                .and_then(|payload| to_bare(&payload, &(name_of(operation) + RESPONSE), codec))
                .map_err(unwritable)
        }
        (status, _) => {
            let reason = item.result_reason.map_or_else(|| status.to_string(), |reason| reason.to_string());
            let text = match item.result_message {
                Some(message) => format!("{reason}: {message}"),
                None => reason,
            };
            Err((item.result_reason.map_or(422, status_of), text))
        }
    }
}

/// The HTTP status that stands for the reason of a failure.
fn status_of(reason: ResultReason) -> u16 {
    use ResultReason as R;
    match reason {
        R::InvalidMessage => 400,
        R::AuthenticationNotSuccessful | R::BadPassword => 401,
        R::PermissionDenied | R::AttestationFailed | R::AttestationRequired => 403,
        R::ItemNotFound | R::ObjectNotFound => 404,
        R::GeneralFailure | R::InternalServerError => 500,
        _ => 422,
    }
}

/// The one batch item of a request, which says nothing that the bare form has no place for.
fn only_item(request: &[u8], limits: Limits) -> Result<RequestBatchItem, BareError> {
    let message = ttlv::decode_with(Tag::REQUEST_MESSAGE, request, Mode::Strict, limits)?;
    let mut message: RequestMessage = message.value;
    let header = &message.request_header;
    if header.protocol_version != VERSION {
        return Err(BareError::Version { version: header.protocol_version });
    }
    let items = message.batch_item.len();
    let item = match message.batch_item.pop() {
        Some(item) if items == 1 => item,
        _ => return Err(BareError::Batch { items }),
    };
    let said = [
        (header.maximum_response_size.is_some(), Tag::MAXIMUM_RESPONSE_SIZE),
        (header.asynchronous_indicator.is_some(), Tag::ASYNCHRONOUS_INDICATOR),
        (header.attestation_capable_indicator.is_some(), Tag::ATTESTATION_CAPABLE_INDICATOR),
        (!header.attestation_type.is_empty(), Tag::ATTESTATION_TYPE),
        (header.authentication.is_some(), Tag::AUTHENTICATION),
        (item.ephemeral.is_some(), Tag::EPHEMERAL),
        (!item.message_extension.is_empty(), Tag::MESSAGE_EXTENSION),
    ];
    match said.into_iter().find(|(is_said, _)| *is_said) {
        Some((_, tag)) => Err(BareError::NoPlace { tag }),
        None => Ok(item),
    }
}

/// The response message with one batch item, named as the request named its own.
fn response(
    mut item: ResponseBatchItem,
    asked: &Asked,
    limits: Limits,
) -> Result<Zeroizing<Vec<u8>>, BareError> {
    item.unique_batch_item_id.clone_from(&asked.unique_batch_item_id);
    let response_header = ResponseHeader::new(VERSION, DateTime::now(), 1);
    let message = ResponseMessage { response_header, batch_item: vec![item] };
    written(Tag::RESPONSE_MESSAGE, &message, limits)
}

/// A value in binary TTLV.
fn written(tag: Tag, value: &impl Encode, limits: Limits) -> Result<Zeroizing<Vec<u8>>, BareError> {
    let mut writer = Writer::with_buffer(Vec::new(), VERSION, limits);
    value.encode(tag, &mut writer)?;
    Ok(Zeroizing::new(writer.into_bytes()))
}

/// The name of an operation, or its number where it has none.
fn name_of(operation: Operation) -> String {
    match operation.name() {
        Some(name) => name.to_owned(),
        None => format!("0x{:08X}", operation.value()),
    }
}

fn operation_of(name: &str) -> Option<Operation> {
    Operation::from_name(name).or_else(|| {
        let digits = name.strip_prefix("0x").filter(|digits| digits.len() == 8)?;
        // A sign is no digit, though it is taken by the next.
        let is_hex = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        u32::from_str_radix(digits, 16).ok().filter(|_| is_hex).map(Operation::from)
    })
}

/// The reason of this name, which may be in words: `ItemNotFound`, `Item_Not_Found` or `Item not found`.
fn reason_of(name: &str) -> Option<ResultReason> {
    let mut joined = String::with_capacity(name.len());
    for word in name.split(['_', ' ']) {
        let mut letters = word.chars();
        joined.extend(letters.next().map(|first| first.to_ascii_uppercase()));
        joined.push_str(letters.as_str());
    }
    ResultReason::from_name(&joined)
}

/// The JSON of a payload under another name than its tag's.
fn to_bare(payload: &[u8], name: &str, codec: &TextCodec) -> Result<Zeroizing<Vec<u8>>, BareError> {
    let json = Zeroizing::new(codec.to_json(payload)?);
    let bare = Bare::read(json.as_bytes(), codec)?;
    Ok(Zeroizing::new(core::mem::take(&mut *bare.under(name)).into_bytes()))
}

/// An item in JSON whose outermost tag is a name that is no tag's.
struct Bare<'a> {
    text: &'a str,
    /// Where in the text the name is, in bytes, with its quotation marks.
    start: usize,
    end: usize,
    name: String,
}

impl<'a> Bare<'a> {
    /// Finds the name.
    fn read(body: &'a [u8], codec: &TextCodec) -> Result<Self, BareError> {
        let text = core::str::from_utf8(body)?;
        Self::find(text).map_or_else(
            || {
                // The codec says what is wrong, and does so without the values that are in the text.
                let ttlv = codec.from_json(text)?;
                drop(Zeroizing::new(ttlv));
                Err(BareError::UnknownOperation { name: String::new() })
            },
            Ok,
        )
    }

    fn find(text: &'a str) -> Option<Self> {
        let members: BTreeMap<String, &RawValue> = serde_json::from_str(text).ok()?;
        let tag = members.get("tag")?.get();
        let name = serde_json::from_str(tag).ok()?;
        // It is a part of the text: where it starts is the distance of the two.
        let start = (tag.as_ptr() as usize).checked_sub(text.as_ptr() as usize)?;
        Some(Self { text, start, end: start + tag.len(), name })
    }

    /// The text with another name, which needs no escapes.
    fn under(&self, name: &str) -> Zeroizing<String> {
        let mut text = Zeroizing::new(String::with_capacity(self.text.len() + name.len() + 2));
        for part in [&self.text[..self.start], "\"", name, "\"", &self.text[self.end..]] {
            text.push_str(part);
        }
        text
    }

    /// The payload that the item is, under a tag.
    fn payload(&self, tag: Tag, codec: &TextCodec, limits: Limits) -> Result<RawStructure, BareError> {
        let name = tag.name().unwrap_or_default();
        let ttlv = codec.from_json(&self.under(name));
        let ttlv = Zeroizing::new(ttlv.map_err(|error| self.placed(error, name))?);
        Ok(ttlv::decode_with(tag, &ttlv, Mode::Strict, limits)?.value)
    }

    /// The error with its place in the text as it came.
    fn placed(&self, error: TextError, name: &str) -> BareError {
        let (Some(line), Some(column)) = (error.line(), error.column()) else {
            return BareError::Text(error);
        };
        let before = &self.text[..self.start];
        let last = before.rsplit('\n').next().unwrap_or_default();
        let start = last.chars().count() + 1;
        let is_behind = line == before.matches('\n').count() + 1 && column > start;
        let column = if is_behind {
            let found = self.text[self.start..self.end].chars().count();
            (column + found).saturating_sub(name.len() + 2)
        } else {
            column
        };
        BareError::Payload { line, column, error }
    }
}

#[cfg(test)]
mod tests {
    use kmip_types::message::Message;

    use super::*;

    const LIMITS: Limits = Limits::DEFAULT;
    static CODEC: TextCodec = TextCodec::new();

    /// A request message with one batch item.
    fn request(operation: Operation, payload: RequestPayload) -> RequestMessage {
        RequestMessage {
            request_header: RequestHeader::new(VERSION, 1),
            batch_item: vec![RequestBatchItem::new(operation, payload)],
        }
    }

    fn get(identifier: &str) -> RequestMessage {
        request(Operation::Get, kmip_types::operation::GetRequest::new(identifier).into())
    }

    fn text(bytes: &[u8]) -> &str {
        core::str::from_utf8(bytes).unwrap()
    }

    #[test]
    fn a_request_is_its_payload_under_the_name_of_the_operation() {
        let ttlv = get("k-1").to_ttlv().unwrap();
        let bare = request_to_bare(&ttlv, &CODEC, LIMITS).unwrap();
        let expected = r#"{"tag":"Get","type":"Structure","value":[{"tag":"UniqueIdentifier","type":"TextString","value":"k-1"}]}"#;
        assert_eq!(text(&bare), expected);
        assert_eq!(*request_from_bare(&bare, &CODEC, LIMITS).unwrap(), ttlv);
        // The members may be in any order, and anything may be written as an escape.
        let other = r#"
            {"value": [], "type": "Structure",
             "tag": "Pin\u0067"}"#;
        let message = request_from_bare(other.as_bytes(), &CODEC, LIMITS).unwrap();
        assert_eq!(Asked::of(&message, LIMITS).unwrap().operation, Operation::Ping);
    }

    #[test]
    fn every_operation_has_a_name_to_be_read_back() {
        let operations = kmip_types::enumerations::OPERATION.values.iter();
        for operation in
            operations.map(|row| Operation::from(row.value)).chain([Operation::Other(0x8000_0001)])
        {
            assert_eq!(operation_of(&name_of(operation)), Some(operation));
        }
        assert_eq!(name_of(Operation::Other(0x8000_0001)), "0x80000001");
        for name in ["", "0x1", "0x+0000001", "0x8000000g", "Response"] {
            assert_eq!(operation_of(name), None, "{name}");
        }
    }

    #[test]
    fn a_response_repeats_what_the_request_must_be_answered_with() {
        let mut message = get("k-1");
        message.batch_item[0].unique_batch_item_id = Some(vec![7]);
        let asked = Asked::of(&message.to_ttlv().unwrap(), LIMITS).unwrap();
        let body = br#"{"tag":"GetResponse","type":"Structure","value":[]}"#;
        let response: ResponseMessage = ttlv::decode_lenient(
            Tag::RESPONSE_MESSAGE,
            &response_from_bare(body, &asked, &CODEC, LIMITS).unwrap(),
        )
        .unwrap()
        .value;
        assert_eq!(response.response_header.protocol_version, VERSION);
        let item = &response.batch_item[0];
        assert_eq!(item.unique_batch_item_id.as_deref(), Some([7].as_slice()));
        assert_eq!((item.operation, item.result_status), (Some(Operation::Get), ResultStatus::Success));
        for name in ["PermissionDenied", "Permission_Denied", "Permission denied"] {
            assert_eq!(reason_of(name), Some(ResultReason::PermissionDenied));
        }
        assert_eq!(reason_of("Codec_Fault"), None);
        let failure = failure_from_bare(404, "no such object", &asked, LIMITS).unwrap();
        let failure = ResponseMessage::from_ttlv(&failure).unwrap();
        assert_eq!(failure.batch_item[0].result_reason, Some(ResultReason::ObjectNotFound));
        assert_eq!(failure.batch_item[0].unique_batch_item_id.as_deref(), Some([7].as_slice()));
        let error =
            response_from_bare(br#"{"tag":"GetRequest","value":[]}"#, &asked, &CODEC, LIMITS).unwrap_err();
        assert_eq!(error.to_string(), r#"expected "GetResponse", found "GetRequest""#);
    }

    #[test]
    fn rejects_requests_that_the_bare_form_has_no_place_for() {
        let rejected = |change: fn(&mut RequestMessage)| {
            let mut message = get("k-1");
            change(&mut message);
            request_to_bare(&message.to_ttlv().unwrap(), &CODEC, LIMITS).unwrap_err().to_string()
        };
        let batch = rejected(|message| {
            message.request_header.batch_count = 2;
            message.batch_item.push(message.batch_item[0].clone());
        });
        assert_eq!(batch, "the bare form has no batches: it takes one operation, and the request has 2");
        let old = rejected(|message| message.request_header.protocol_version = ProtocolVersion::V1_4);
        assert_eq!(old, "the bare form is KMIP 2.1, and the request is KMIP 1.4");
        let size = rejected(|message| message.request_header.maximum_response_size = Some(9));
        assert_eq!(size, "the bare form has no place for MaximumResponseSize");
    }

    #[test]
    fn says_what_is_wrong_and_where() {
        for (body, expected) in [
            ("{", "line 1, column 1: EOF while parsing an object"),
            (r#""hunter2""#, "line 1, column 1: expected an object, found a string"),
            (r#"{"tag":7,"value":[]}"#, "line 1, column 8: expected a string, found a number"),
            (r#"{"tag":"Gett","value":[]}"#, r#""Gett" is not an operation"#),
            (r#"{"tag":"RequestMessage","value":[]}"#, "whole messages go to /kmip"),
            (r#"{"tag":"Get","value":[{"tag":"Nought"}]}"#, r#"line 1, column 30: "Nought" is not a tag"#),
            (
                "\n{\"tag\":\n\"Get\",\"value\":[{\"tag\":\"Nought\"}]}",
                r#"line 3, column 23: "Nought" is not a tag"#,
            ),
            (
                "{\"tag\":\"Get\",\"value\":[\n{\"tag\":\"Nought\"}]}",
                r#"line 2, column 8: "Nought" is not a tag"#,
            ),
        ] {
            let error = request_from_bare(body.as_bytes(), &CODEC, LIMITS).unwrap_err().to_string();
            assert!(error.contains(expected) && !error.contains("hunter2"), "{body}: {error}");
        }
        assert!(matches!(request_from_bare(&[0xFF], &CODEC, LIMITS), Err(BareError::Utf8(_))));
        let limits = Limits { items: 1, ..LIMITS };
        let body = r#"{"tag":"Get","value":[{"tag":"UniqueIdentifier","type":"TextString","value":"k"}]}"#;
        assert!(request_from_bare(body.as_bytes(), &TextCodec::new().limits(limits), limits).is_err());
    }

    #[test]
    fn what_failed_is_a_status_and_a_text() {
        for (reason, status) in [
            (ResultReason::ObjectNotFound, 404),
            (ResultReason::ItemNotFound, 404),
            (ResultReason::AuthenticationNotSuccessful, 401),
            (ResultReason::PermissionDenied, 403),
            (ResultReason::InvalidField, 422),
            (ResultReason::GeneralFailure, 500),
        ] {
            let response_header = ResponseHeader::new(VERSION, DateTime::from_seconds(0), 1);
            let item = ResponseBatchItem::failure(Some(Operation::Get), reason, "for a reason");
            let message = ResponseMessage { response_header, batch_item: vec![item] };
            let failed = response_to_bare(&message.to_ttlv().unwrap(), &CODEC, LIMITS).unwrap_err();
            assert_eq!(failed, (status, format!("{reason}: for a reason")));
        }
        assert_eq!(response_to_bare(&[], &CODEC, LIMITS).unwrap_err().0, 500);
    }
}
