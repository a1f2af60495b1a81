//! What one call has of its own.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use kmip_sdk::types::enumerations::ResultReason;
use kmip_sdk::types::message::{Credential, Message, RequestHeader, RequestMessage, ResponseMessage};
use kmip_sdk::types::operation::{GetRequest, LocateRequest, LocateResponse, ResponsePayload};
use kmip_sdk::{Direction, ErrorKind, Phase, ProtocolVersion};
use kmip_tests::patience::LONG;

use super::place::{Place, Transport, create_aes, created, named};
use crate::drivers::{Drives, Make, Start};

/// Messages in the order in which they were seen.
type Seen = Arc<Mutex<Vec<(Direction, Vec<u8>)>>>;

/// What sees messages.
fn observer(seen: &Seen) -> impl Fn(Direction, &[u8]) + Send + Sync + 'static {
    let seen = Arc::clone(seen);
    move |direction, message| seen.lock().unwrap().push((direction, message.to_vec()))
}

/// The headers of the requests that were seen.
fn headers(seen: &Seen) -> Vec<RequestHeader> {
    let seen = seen.lock().unwrap();
    let requests = seen.iter().filter(|(direction, _)| *direction == Direction::Request);
    requests.map(|(_, message)| RequestMessage::from_ttlv(message).unwrap().request_header).collect()
}

pub(super) fn sends_the_options_of_one_call<D: Drives>(transport: Transport) {
    let seen = Seen::default();
    let place = Place::new(transport);
    let builder = place.builder::<D>().observer(observer(&seen));
    let client = builder.version(ProtocolVersion::V2_1).start().unwrap();
    let credential = Credential::username_and_password("alice", "secret");
    client
        .call(LocateRequest::default())
        .client_correlation_value("order 7")
        .credential(credential.clone())
        .maximum_response_size(1 << 16)
        .strict()
        .make()
        .unwrap();
    client.call(LocateRequest::default()).make().unwrap();
    let [with, without] = headers(&seen).try_into().unwrap();
    assert_eq!(with.client_correlation_value.as_deref(), Some("order 7"));
    assert_eq!(with.authentication.unwrap().credential, [credential]);
    assert_eq!(with.maximum_response_size, Some(1 << 16));
    assert_eq!(without.client_correlation_value, None);
    assert_eq!((without.authentication, without.maximum_response_size), (None, None));
}

pub(super) fn ends_a_call_by_its_own_timeout<D: Drives>(transport: Transport) {
    let place = Place::new(transport);
    let client = place.client::<D>();
    let error = client.call(create_aes("never made")).timeout(Duration::ZERO).make().unwrap_err();
    assert!(error.is_timeout() && !error.is_outcome_unknown(), "{error}");
    for timeout in [None, Some(LONG)] {
        let found = client.call(LocateRequest::new(named("never made"))).timeout(timeout).make().unwrap();
        assert!(found.unique_identifier.is_empty());
    }
}

pub(super) fn makes_a_call_in_its_own_version<D: Drives>(transport: Transport) {
    let place = Place::new(transport);
    let client = place.client::<D>();
    let key = created(&client, "key");
    assert_eq!(client.version(), Some(ProtocolVersion::V2_1));
    for version in ProtocolVersion::ALL {
        let call = client.call(GetRequest::new(key.clone())).version(*version).detailed();
        let detailed = call.make().unwrap();
        assert_eq!(detailed.version, *version);
        assert_eq!(detailed.header.unwrap().protocol_version, *version);
        assert_eq!(detailed.value.unique_identifier, key);
    }
    assert_eq!(client.version(), Some(ProtocolVersion::V2_1));
    assert_eq!(client.status().opened(), 1);
}

pub(super) fn reports_a_response_that_exceeds_its_maximum<D: Drives>(transport: Transport) {
    let place = Place::new(transport);
    let client = place.client::<D>();
    let key = created(&client, "key");
    let error = client.call(GetRequest::new(key.clone())).maximum_response_size(170).make().unwrap_err();
    assert_eq!(error.reason(), Some(ResultReason::ResponseTooLarge), "{error}");
    client.call(GetRequest::new(key)).make().unwrap();
}

pub(super) fn tells_what_is_known_of_an_exchange<D: Drives>(transport: Transport) {
    let place = Place::new(transport);
    let client = place.client::<D>();
    let detailed = client.call(LocateRequest::default()).detailed().make().unwrap();
    assert_eq!(detailed.version, ProtocolVersion::V2_1);
    assert_eq!(detailed.header.unwrap().batch_count, 1);
    assert!(detailed.deviations.is_empty());
    assert!(detailed.value.unique_identifier.is_empty());
    let connected = client.connect().detailed().make().unwrap();
    assert_eq!((connected.value, connected.header), (ProtocolVersion::V2_1, None));
}

pub(super) fn exchanges_bytes<D: Drives>(transport: Transport) {
    let place = Place::new(transport);
    let client = place.client::<D>();
    let (prepared, _) = client.session().prepare_one(LocateRequest::default()).unwrap();
    let response = client.exchange(prepared.bytes()).make().unwrap();
    let response = ResponseMessage::from_ttlv(&response).unwrap();
    let payload = response.batch_item[0].response_payload.as_ref().unwrap();
    let ResponsePayload::Locate(LocateResponse { unique_identifier, .. }) = payload else { panic!() };
    assert!(unique_identifier.is_empty());
}

pub(super) fn refuses_what_the_bare_form_has_no_place_for<D: Drives>(transport: Transport) {
    let place = Place::new(transport);
    let client = place.client::<D>();
    let locate = || client.call(LocateRequest::default());
    let credential = Credential::username_and_password("alice", "secret");
    for (call, name) in [
        (locate().credential(credential), "Authentication"),
        (locate().maximum_response_size(1 << 16), "MaximumResponseSize"),
        (locate().version(ProtocolVersion::V1_4), "KMIP 1.4"),
    ] {
        let error = call.make().unwrap_err();
        assert_eq!(error.phase(), Phase::Encode, "{error}");
        assert!(matches!(error.kind(), ErrorKind::Transport { .. }), "{error}");
        assert!(error.to_string().contains(name), "{error}");
        assert!(!error.is_outcome_unknown() && !error.is_retryable(), "{error}");
    }
    // A text for the server's log is of no account.
    locate().client_correlation_value("order 7").strict().make().unwrap();
    assert_eq!(client.status().opened(), 1);
}

pub(super) fn shows_messages_to_the_observer<D: Drives>(transport: Transport) {
    let seen = Seen::default();
    let place = Place::new(transport);
    let client = place.builder::<D>().observer(observer(&seen)).start().unwrap();
    seen.lock().unwrap().clear();
    client.call(LocateRequest::default()).make().unwrap();
    client.call(GetRequest::new("nothing")).make().unwrap_err();
    let seen = seen.lock().unwrap();
    let directions: Vec<_> = seen.iter().map(|(direction, _)| *direction).collect();
    use Direction::{Request, Response};
    assert_eq!(directions, [Request, Response, Request, Response]);
    for (direction, message) in seen.iter() {
        // Whatever goes over the network, these are messages in binary TTLV.
        match direction {
            Request => drop(RequestMessage::from_ttlv(message).unwrap()),
            Response => drop(ResponseMessage::from_ttlv(message).unwrap()),
        }
    }
}
