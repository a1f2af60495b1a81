//! Agreeing on a version with servers of every temper.

use kmip_sdk::session::{Negotiation, Session};
use kmip_sdk::types::DateTime;
use kmip_sdk::types::ProtocolVersion;
use kmip_sdk::types::enumerations::{Operation, QueryFunction, ResultReason};
use kmip_sdk::types::message::{
    Authentication, Credential, Message, RequestMessage, ResponseBatchItem, ResponseHeader, ResponseMessage,
};
use kmip_sdk::types::operation::{
    DiscoverVersionsResponse, LocateRequest, QueryResponse, RequestPayload, ResponsePayload,
};
use kmip_sdk::{ErrorKind, Phase, RequestOptions};

use crate::peer::{Stream, builder, locates_nothing, receive, script, send, tls_peer};

const V1_0: ProtocolVersion = ProtocolVersion::V1_0;
const V1_1: ProtocolVersion = ProtocolVersion::V1_1;
const V1_2: ProtocolVersion = ProtocolVersion::V1_2;
const V1_4: ProtocolVersion = ProtocolVersion::V1_4;
const V2_0: ProtocolVersion = ProtocolVersion::V2_0;
const V2_1: ProtocolVersion = ProtocolVersion::V2_1;

/// All versions, newest first.
fn all() -> Vec<ProtocolVersion> {
    ProtocolVersion::ALL.iter().rev().copied().collect()
}

fn response(version: ProtocolVersion, item: ResponseBatchItem) -> Vec<u8> {
    let response_header = ResponseHeader::new(version, DateTime::from_seconds(0), 1);
    ResponseMessage { response_header, batch_item: vec![item] }.to_ttlv().unwrap()
}

fn refusal(version: ProtocolVersion, reason: ResultReason) -> Vec<u8> {
    response(version, ResponseBatchItem::failure(None, reason, "no"))
}

/// How a server takes a version that it does not have.
#[derive(Clone, Copy, Debug)]
enum Temper {
    /// It refuses in its newest version.
    StatesItsOwn,
    /// It refuses in 1.0, whatever it has.
    StatesTheFirst,
    /// It refuses in the version that it does not have.
    Echoes,
    /// It closes the connection.
    Closes,
}

/// A server of some versions, newest first. None is a closed connection.
fn serve(has: &[ProtocolVersion], temper: Temper, request: &[u8]) -> Option<Vec<u8>> {
    let request = RequestMessage::from_ttlv(request).unwrap();
    let version = request.request_header.protocol_version;
    if !has.contains(&version) {
        let reason = ResultReason::InvalidMessage;
        return match temper {
            Temper::StatesItsOwn => Some(refusal(has[0], reason)),
            Temper::StatesTheFirst => Some(refusal(V1_0, reason)),
            Temper::Echoes => Some(refusal(version, reason)),
            Temper::Closes => None,
        };
    }
    let [item] = request.batch_item.as_slice() else { panic!("not a single item") };
    let payload: ResponsePayload = match &item.request_payload {
        RequestPayload::DiscoverVersions(asked) => {
            assert!(version >= V1_1);
            let common = has.iter().filter(|version| asked.protocol_version.contains(version));
            DiscoverVersionsResponse { protocol_version: common.copied().collect() }.into()
        }
        RequestPayload::Query(asked) => {
            assert_eq!(asked.query_function, [QueryFunction::QueryOperations]);
            QueryResponse { operation: vec![Operation::Query], ..QueryResponse::default() }.into()
        }
        other => panic!("{other:?}"),
    };
    Some(response(version, ResponseBatchItem::success(item.operation, payload)))
}

/// What comes of the dialogue with a server, and how many questions it took.
fn negotiate(
    wanted: &[ProtocolVersion],
    mut server: impl FnMut(&[u8]) -> Option<Vec<u8>>,
) -> (Result<ProtocolVersion, kmip_sdk::Error>, usize) {
    let mut negotiation = Negotiation::new(wanted, &Session::new(ProtocolVersion::V2_1)).unwrap();
    let mut questions = 0;
    loop {
        let request = match negotiation.request() {
            Ok(request) => request.to_vec(),
            Err(error) => return (Err(error), questions),
        };
        questions += 1;
        assert!(questions <= 7, "endless");
        match server(&request) {
            None => negotiation.closed(closed()),
            Some(answer) => match negotiation.answered(&answer) {
                Ok(Some(version)) => return (Ok(version), questions),
                Ok(None) => {}
                Err(error) => return (Err(error), questions),
            },
        }
    }
}

/// An error such as a client passes on for a closed connection.
fn closed() -> kmip_sdk::Error {
    kmip_sdk::Client::builder().connect().unwrap_err()
}

#[test]
fn agrees_with_every_server_on_the_newest_common_version() {
    let all = all();
    for newest in 0..all.len() {
        let has = &all[newest..];
        for temper in [Temper::StatesItsOwn, Temper::StatesTheFirst, Temper::Echoes, Temper::Closes] {
            let (agreed, questions) = negotiate(&all, |request| serve(has, temper, request));
            assert_eq!(agreed.unwrap(), has[0], "{temper:?}");
            let expected = match temper {
                // The refusal says where to go on. Not if it says 1.0, which many do who have more.
                Temper::StatesItsOwn if has[0] != V1_0 => 1 + usize::from(newest > 0),
                _ => newest + 1,
            };
            assert_eq!(questions, expected, "{temper:?} from {}", has[0]);
        }
    }
}

#[test]
fn goes_by_the_clients_preference() {
    for (wanted, expected) in
        [(&[V1_2, V2_1][..], V1_2), (&[V2_1, V1_1], V1_1), (&[V1_0], V1_0), (&[V2_0, V1_4, V1_0], V1_4)]
    {
        let has = [V1_4, V1_2, V1_1, V1_0];
        let (agreed, _) = negotiate(wanted, |request| serve(&has, Temper::StatesItsOwn, request));
        assert_eq!(agreed.unwrap(), expected, "{wanted:?}");
    }
}

#[test]
fn takes_the_version_of_a_server_that_understood_but_does_not_discover() {
    for reason in [ResultReason::OperationNotSupported, ResultReason::PermissionDenied] {
        let refuses = |request: &[u8]| {
            let version = RequestMessage::from_ttlv(request).unwrap().request_header.protocol_version;
            let operation = Some(Operation::DiscoverVersions);
            Some(response(version, ResponseBatchItem::failure(operation, reason, "no")))
        };
        let (agreed, questions) = negotiate(&[V1_2, V1_1], refuses);
        assert_eq!((agreed.unwrap(), questions), (V1_2, 1));
    }
    // In 1.0 there is no such operation: a server of that version says so in its own.
    let first = |request: &[u8]| {
        let request = RequestMessage::from_ttlv(request).unwrap();
        let version = request.request_header.protocol_version;
        if version != V1_0 {
            return Some(refusal(V1_0, ResultReason::OperationNotSupported));
        }
        serve(&[V1_0], Temper::Closes, &request.to_ttlv().unwrap())
    };
    assert_eq!(negotiate(&all(), first).0.unwrap(), V1_0);
}

#[test]
fn asks_in_the_version_that_an_answer_states() {
    // Answers a question in 2.1, but in 1.2.
    let has = [V1_2, V1_1];
    let answers = |request: &[u8]| {
        let mut request = RequestMessage::from_ttlv(request).unwrap();
        request.request_header.protocol_version = V1_2;
        serve(&has, Temper::Closes, &request.to_ttlv().unwrap())
    };
    let (agreed, questions) = negotiate(&all(), answers);
    assert_eq!((agreed.unwrap(), questions), (V1_2, 2));
}

#[test]
fn reports_that_there_is_no_common_version() {
    for temper in [Temper::StatesItsOwn, Temper::Echoes] {
        let (agreed, _) = negotiate(&[V2_1, V2_0], |request| serve(&[V1_2, V1_1], temper, request));
        let error = agreed.unwrap_err();
        assert_eq!(error.server().unwrap().result_reason, Some(ResultReason::InvalidMessage));
    }
    // It answers in the version asked in, and lists none.
    let lists_nothing = |request: &[u8]| {
        let version = RequestMessage::from_ttlv(request).unwrap().request_header.protocol_version;
        let payload = DiscoverVersionsResponse::default().into();
        Some(response(version, ResponseBatchItem::success(Operation::DiscoverVersions, payload)))
    };
    let (agreed, questions) = negotiate(&[V2_1, V2_0], lists_nothing);
    let error = agreed.unwrap_err();
    let ErrorKind::NoCommonVersion { wanted } = error.kind() else { panic!("{error}") };
    assert_eq!((wanted.as_slice(), questions), (&[V2_1, V2_0][..], 1));
    assert!(!error.is_retryable(), "{error}");
    assert!(Negotiation::new(&[], &Session::new(ProtocolVersion::V2_1)).is_err());
}

#[test]
fn does_not_go_on_for_a_client_that_is_not_known() {
    let refuses = |_: &[u8]| Some(refusal(V1_0, ResultReason::AuthenticationNotSuccessful));
    let (agreed, questions) = negotiate(&all(), refuses);
    assert_eq!(questions, 1);
    let reason = agreed.unwrap_err().server().unwrap().result_reason;
    assert_eq!(reason, Some(ResultReason::AuthenticationNotSuccessful));
}

#[test]
fn asks_with_the_clients_credentials() {
    let authentication =
        Authentication { credential: vec![Credential::username_and_password("alice", "secret")] };
    let options = RequestOptions {
        authentication: Some(authentication.clone()),
        client_correlation_value: Some("not in every version".to_owned()),
        ..RequestOptions::default()
    };
    let mut negotiation =
        Negotiation::new(&all(), &Session::new(ProtocolVersion::V2_1).with_options(options)).unwrap();
    for _ in 0..all().len() {
        let request = RequestMessage::from_ttlv(negotiation.request().unwrap()).unwrap();
        assert_eq!(request.request_header.authentication, Some(authentication.clone()));
        assert_eq!(request.request_header.client_correlation_value, None);
        negotiation.closed(closed());
    }
    assert!(negotiation.request().is_err());
}

/// Serves one connection; true, if it ended as the client had it.
fn serves(stream: &mut Stream, has: &[ProtocolVersion], temper: Temper, close_after_refusal: bool) {
    while let Some(request) = receive(stream) {
        let version = RequestMessage::from_ttlv(&request).unwrap().request_header.protocol_version;
        let Some(answer) = serve(has, temper, &request) else { return };
        send(stream, &answer);
        if has.contains(&version) {
            return locates_nothing(stream);
        }
        if close_after_refusal {
            return;
        }
    }
}

#[test]
fn connects_again_where_a_server_closes_on_a_version() {
    for (temper, close_after_refusal) in [
        (Temper::Closes, true),
        (Temper::Echoes, true),
        (Temper::StatesItsOwn, true),
        (Temper::Echoes, false),
    ] {
        let scripts = (0..7)
            .map(|_| script(move |stream| serves(stream, &[V1_2, V1_1, V1_0], temper, close_after_refusal)));
        let address = tls_peer(scripts.collect());
        let client = kmip_sdk::Client::builder()
            .address(address.to_string())
            .root_certificates_pem(crate::peer::CERTIFICATES.ca_pem())
            .identity_pem(
                crate::peer::CERTIFICATES.client.certificate_pem(),
                crate::peer::CERTIFICATES.client.key_pem(),
            )
            .connect()
            .unwrap();
        assert_eq!(client.version(), Some(V1_2), "{temper:?}");
        client.call(LocateRequest::default()).send().unwrap();
    }
}

#[test]
fn reports_a_server_that_only_closes() {
    let scripts = (0..7).map(|_| script(|stream: &mut Stream| drop(receive(stream)))).collect();
    let address = tls_peer(scripts);
    let pinned = builder(address).connect();
    assert!(pinned.is_ok());
    drop(pinned);
    let error = kmip_sdk::Client::builder()
        .address(address.to_string())
        .root_certificates_pem(crate::peer::CERTIFICATES.ca_pem())
        .identity_pem(
            crate::peer::CERTIFICATES.client.certificate_pem(),
            crate::peer::CERTIFICATES.client.key_pem(),
        )
        .versions([V2_1, V1_4])
        .connect()
        .unwrap_err();
    assert_eq!(error.phase(), Phase::Negotiate, "{error}");
    assert!(matches!(error.kind(), ErrorKind::Closed), "{error}");
    assert!(error.is_retryable() && !error.is_outcome_unknown(), "{error}");
}
