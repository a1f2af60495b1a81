//! What an application answers when a server asks it, message in and message out.

use std::sync::{Arc, Mutex};

use kmip_sdk::endpoint::{After, Endpoint, Failure};
use kmip_sdk::types::attribute::{Attribute, AttributeChange, Attributes};
use kmip_sdk::types::enumerations::{
    BatchErrorContinuationOption, CryptographicAlgorithm, EndpointRole, ObjectType, Operation, PutFunction,
    QueryFunction, ResultReason, ResultStatus,
};
use kmip_sdk::types::message::{Message, RequestBatchItem, RequestHeader, RequestMessage, ResponseMessage};
use kmip_sdk::types::object::{ManagedObject, SymmetricKey};
use kmip_sdk::types::operation::{
    DiscoverVersionsRequest, GetRequest, NotifyRequest, PutRequest, QueryRequest, Request, RequestPayload,
    SetEndpointRoleRequest,
};
use kmip_sdk::types::{DateTime, Limits, ProtocolVersion, Tag};
use kmip_sdk::{Client, Service};

const V2_1: ProtocolVersion = ProtocolVersion::V2_1;

/// What the functions of an endpoint were given.
#[derive(Clone, Default)]
pub(crate) struct Seen {
    pub(crate) notified: Arc<Mutex<Vec<NotifyRequest>>>,
    pub(crate) put: Arc<Mutex<Vec<PutRequest>>>,
}

impl Seen {
    pub(crate) fn counts(&self) -> (usize, usize) {
        (self.notified.lock().unwrap().len(), self.put.lock().unwrap().len())
    }

    /// An endpoint that keeps what it is given, and refuses what is said of `refused`.
    pub(crate) fn endpoint(&self) -> Endpoint {
        let (notified, put) = (Arc::clone(&self.notified), Arc::clone(&self.put));
        Endpoint::new()
            .on_notify(move |request| {
                if request.unique_identifier == "refused".into() {
                    return Err(Failure::new(ResultReason::ObjectNotFound, "of no interest"));
                }
                let ends = request.unique_identifier == "last".into();
                notified.lock().unwrap().push(request);
                Ok(if ends { After::End } else { After::GoOn })
            })
            .on_put(move |request| {
                put.lock().unwrap().push(request);
                Ok(())
            })
    }
}

pub(crate) fn notify(identifier: &str) -> NotifyRequest {
    let changed = Attribute::LastChangeDate(DateTime::from_seconds(1_700_000_000));
    NotifyRequest::new(identifier).with_changes(vec![AttributeChange::Set(changed.into())])
}

pub(crate) fn put(function: PutFunction) -> PutRequest {
    let key = SymmetricKey::raw(CryptographicAlgorithm::Aes, &[7; 16]);
    let attributes = Attributes::new().with(Attribute::CryptographicLength(128));
    PutRequest::new("k-1", function, ManagedObject::from(key), attributes)
}

/// A message with these requests.
pub(crate) fn message(
    version: ProtocolVersion,
    option: Option<BatchErrorContinuationOption>,
    requests: Vec<(Operation, RequestPayload)>,
) -> Vec<u8> {
    let items = requests.into_iter().zip(1_u8..).map(|((operation, payload), number)| {
        let mut item = RequestBatchItem::new(operation, payload);
        item.unique_batch_item_id = Some(vec![number]);
        item
    });
    let batch_item: Vec<_> = items.collect();
    let mut request_header = RequestHeader::new(version, batch_item.len() as i32);
    request_header.batch_error_continuation_option = option;
    RequestMessage { request_header, batch_item }.to_ttlv().unwrap()
}

fn of<R: Request + Into<RequestPayload>>(request: R) -> (Operation, RequestPayload) {
    (R::OPERATION, request.into())
}

/// What each item of an answer says: the status, the reason and the identifier.
fn outcomes(answer: &[u8]) -> Vec<(ResultStatus, Option<ResultReason>, Option<Vec<u8>>)> {
    let answer = ResponseMessage::from_ttlv(answer).unwrap();
    let items = answer.batch_item.into_iter();
    items.map(|item| (item.result_status, item.result_reason, item.unique_batch_item_id)).collect()
}

fn success(number: u8) -> (ResultStatus, Option<ResultReason>, Option<Vec<u8>>) {
    (ResultStatus::Success, None, Some(vec![number]))
}

fn failure(reason: ResultReason, number: u8) -> (ResultStatus, Option<ResultReason>, Option<Vec<u8>>) {
    (ResultStatus::OperationFailed, Some(reason), Some(vec![number]))
}

#[test]
fn notify_and_put_arrive_with_their_types_in_every_version() {
    for version in ProtocolVersion::ALL {
        let seen = Seen::default();
        let client = Client::builder().service(seen.endpoint()).version(*version).build().unwrap();
        client.call(notify("k-1")).send().unwrap_or_else(|error| panic!("{version}: {error}"));
        let replacing = put(PutFunction::Replace).with_replaced_unique_identifier("k-0");
        for request in [put(PutFunction::New), replacing.clone()] {
            client.call(request).send().unwrap_or_else(|error| panic!("{version}: {error}"));
        }
        assert_eq!(*seen.notified.lock().unwrap(), [notify("k-1")], "{version}");
        assert_eq!(*seen.put.lock().unwrap(), [put(PutFunction::New), replacing], "{version}");
    }
}

#[test]
fn a_failure_of_a_function_is_told_with_the_reason_that_the_version_has() {
    let seen = Seen::default();
    for (version, reason) in [
        (ProtocolVersion::V1_0, ResultReason::ItemNotFound),
        (ProtocolVersion::V1_4, ResultReason::ItemNotFound),
        (V2_1, ResultReason::ObjectNotFound),
    ] {
        let client = Client::builder().service(seen.endpoint()).version(version).build().unwrap();
        let error = client.call(notify("refused")).send().unwrap_err();
        assert_eq!(error.reason(), Some(reason), "{version}");
        assert_eq!(error.server().unwrap().result_message.as_deref(), Some("of no interest"), "{version}");
    }
    assert_eq!(seen.counts(), (0, 0));
}

#[test]
fn what_the_endpoint_has_not_is_not_supported() {
    let not_supported = [failure(ResultReason::OperationNotSupported, 1)];
    let deaf = Endpoint::new();
    let seen = Seen::default().endpoint();
    for version in ProtocolVersion::ALL {
        for (endpoint, request) in [
            (&seen, of(GetRequest::new("k-1"))),
            (&seen, of(kmip_sdk::types::operation::DestroyRequest::new("k-1"))),
            (&deaf, of(notify("k-1"))),
            (&deaf, of(put(PutFunction::New))),
        ] {
            let answer = endpoint.exchange(&message(*version, None, vec![request]));
            assert_eq!(outcomes(&answer), not_supported, "{version}");
        }
    }
}

#[test]
fn a_batch_goes_as_far_as_its_option_says() {
    use BatchErrorContinuationOption as Option_;
    let not_found = || failure(ResultReason::ObjectNotFound, 1);
    let refused = (ResultStatus::OperationFailed, Some(ResultReason::FeatureNotSupported), None);
    let good = || vec![of(notify("k-1")), of(put(PutFunction::New))];
    let bad = || vec![of(notify("refused")), of(put(PutFunction::New))];
    for (requests, option, answered, seen_counts) in [
        (good(), None, vec![success(1), success(2)], (1, 1)),
        (bad(), None, vec![not_found()], (0, 0)),
        (bad(), Some(Option_::Stop), vec![not_found()], (0, 0)),
        (bad(), Some(Option_::Continue), vec![not_found(), success(2)], (0, 1)),
        // What is done cannot be undone, so that nothing is.
        (good(), Some(Option_::Undo), vec![refused.clone()], (0, 0)),
        (vec![of(notify("k-1"))], Some(Option_::Undo), vec![success(1)], (1, 0)),
    ] {
        let seen = Seen::default();
        let answer = seen.endpoint().exchange(&message(V2_1, option, requests));
        assert_eq!(outcomes(&answer), answered, "{option:?}");
        assert_eq!(seen.counts(), seen_counts, "{option:?}");
    }
}

#[test]
fn what_is_no_message_is_answered_with_a_failure() {
    let seen = Seen::default();
    let endpoint = seen.endpoint().limits(Limits { size: 1 << 16, ..Limits::default() });
    let whole = message(V2_1, None, vec![of(notify("k-1"))]);
    let mut large = put(PutFunction::New);
    large.attributes.push(Attribute::Comment("a".repeat(1 << 16)));
    let cut = whole.len() - 8;
    let of_response = endpoint.exchange(&whole);
    for bytes in [
        &b""[..],
        b"GET / HTTP/1.1\r\n\r\n",
        &whole[..cut],
        &[&whole[..], &[0; 8]].concat(),
        &of_response,
        &message(V2_1, None, vec![of(large)]),
    ] {
        let answer = ResponseMessage::from_ttlv(&endpoint.exchange(bytes)).unwrap();
        let [item] = &answer.batch_item[..] else { panic!("{answer:?}") };
        assert_eq!(item.result_reason, Some(ResultReason::InvalidMessage), "{item:?}");
    }
    // That one answer was to the request that it is of.
    assert_eq!(seen.counts(), (1, 0));
}

#[test]
fn a_malformed_item_fails_alone() {
    let seen = Seen::default();
    let continues = Some(BatchErrorContinuationOption::Continue);
    let mut bytes = message(V2_1, continues, vec![of(put(PutFunction::New)), of(notify("k-1"))]);
    // The Put Function becomes an Integer.
    let tag = &Tag::PUT_FUNCTION.value().to_be_bytes()[1..];
    let at = bytes.windows(3).position(|window| window == tag).unwrap();
    bytes[at + 3] = 0x02;
    let answer = seen.endpoint().exchange(&bytes);
    assert_eq!(outcomes(&answer), [failure(ResultReason::InvalidMessage, 1), success(2)]);
    assert_eq!(seen.counts(), (1, 0));
}

#[test]
fn a_replacement_names_what_it_replaces() {
    let seen = Seen::default();
    let answer = seen.endpoint().exchange(&message(V2_1, None, vec![of(put(PutFunction::Replace))]));
    assert_eq!(outcomes(&answer), [failure(ResultReason::InvalidMessage, 1)]);
    assert_eq!(seen.counts(), (0, 0));
}

#[test]
fn says_what_it_has() {
    let functions = || vec![QueryFunction::QueryOperations, QueryFunction::QueryObjects];
    for version in ProtocolVersion::ALL {
        let ask = |endpoint: Endpoint| {
            let client = Client::builder().service(endpoint).version(*version).build().unwrap();
            client.call(QueryRequest::new(functions())).send().unwrap()
        };
        let has = |operation: Operation| operation.is_in(*version);
        let of_all = [
            Operation::Query,
            Operation::DiscoverVersions,
            Operation::Notify,
            Operation::Put,
            Operation::SetEndpointRole,
        ];
        let whole = ask(Seen::default().endpoint());
        let expected: Vec<_> = of_all.into_iter().filter(|operation| has(*operation)).collect();
        assert_eq!(whole.operation, expected, "{version}");
        assert!(whole.object_type.contains(&ObjectType::SymmetricKey), "{version}");
        assert!(whole.object_type.iter().all(|kind| kind.is_in(*version)), "{version}");
        let deaf = ask(Endpoint::new());
        let own = |operation: &Operation| !matches!(operation, Operation::Notify | Operation::Put);
        let expected: Vec<_> = expected.into_iter().filter(own).collect();
        assert_eq!((deaf.operation, deaf.object_type), (expected, Vec::new()), "{version}");
    }
    let endpoint = Endpoint::new().vendor_identification("an application");
    let client = Client::builder().service(endpoint).version(V2_1).build().unwrap();
    let said = client.call(QueryRequest::new(vec![QueryFunction::QueryServerInformation])).send().unwrap();
    assert_eq!(said.vendor_identification.as_deref(), Some("an application"));
}

#[test]
fn the_version_is_agreed_on() {
    let versions = [ProtocolVersion::V1_2, ProtocolVersion::V2_0];
    let client = Client::builder().service(Endpoint::new().versions(versions)).connect().unwrap();
    assert_eq!(client.version(), Some(ProtocolVersion::V2_0));
    let answered = client.call(DiscoverVersionsRequest::default()).send().unwrap();
    assert_eq!(answered.protocol_version, [ProtocolVersion::V2_0, ProtocolVersion::V1_2]);
    let endpoint = Endpoint::new().versions(versions);
    let answer = endpoint.exchange(&message(V2_1, None, vec![of(notify("k-1"))]));
    assert_eq!(
        ResponseMessage::from_ttlv(&answer).unwrap().batch_item[0].result_status,
        ResultStatus::OperationFailed
    );
}

#[test]
fn the_role_of_who_is_asked_without_a_connection_stays() {
    let endpoint = Endpoint::new();
    for (role, outcome) in [
        (EndpointRole::Server, success(1)),
        (EndpointRole::Client, failure(ResultReason::FeatureNotSupported, 1)),
        (EndpointRole::Other(7), failure(ResultReason::InvalidField, 1)),
    ] {
        let request = of(SetEndpointRoleRequest::new(role));
        assert_eq!(outcomes(&endpoint.exchange(&message(V2_1, None, vec![request]))), [outcome], "{role}");
    }
}
