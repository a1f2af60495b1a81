//! Attestation: demanded, challenged, verified, once and for a while.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use kmip_sdk::server::{EmbeddedServer, ServerOptions};
use kmip_sdk::types::ProtocolVersion;
use kmip_sdk::types::enumerations::{
    AsynchronousIndicator, AttestationType as T, Operation, QueryFunction, ResultReason as R,
    ResultStatus as S,
};
use kmip_sdk::types::message::{
    AttestationCredential, Authentication, Credential, CredentialValue, Nonce, ResponseMessage,
};
use kmip_sdk::types::operation::{
    CreateResponse, DiscoverVersionsRequest, LocateRequest, LoginRequest, PollRequest, QueryRequest,
    RequestPayload, ResponsePayload,
};
use kmip_sdk::{Challenge, Client};

use crate::support::{Peer, create_aes};

const SINCE_1_2: [ProtocolVersion; 4] =
    [ProtocolVersion::V1_2, ProtocolVersion::V1_4, ProtocolVersion::V2_0, ProtocolVersion::V2_1];

fn options() -> ServerOptions {
    ServerOptions::default().user("alice", "secret").attestation([T::TpmQuote], |attestation| {
        let measured = attestation.attestation_measurement.as_ref();
        measured.is_some_and(|measured| measured.reveal() == b"sound")
    })
}

fn attestation(nonce: &Nonce, kind: T, measured: Option<&[u8]>) -> AttestationCredential {
    let mut attestation = AttestationCredential::new(nonce.clone(), kind);
    attestation.attestation_measurement = measured.map(|measured| measured.to_vec().into());
    attestation
}

fn sound(nonce: &Nonce) -> AttestationCredential {
    attestation(nonce, T::TpmQuote, Some(b"sound"))
}

/// Sends a request with credentials, of a client that can attest or cannot.
fn ask(
    peer: &Peer,
    payload: impl Into<RequestPayload>,
    credential: Vec<Credential>,
    capable: Option<bool>,
) -> ResponseMessage {
    peer.send(vec![payload.into()], |message| {
        message.request_header.attestation_capable_indicator = capable;
        message.request_header.authentication =
            (!credential.is_empty()).then_some(Authentication { credential });
    })
}

fn reason(response: &ResponseMessage) -> Option<R> {
    response.batch_item[0].result_reason
}

/// A Nonce that the server gives where an attestation is missing.
fn challenged(peer: &Peer, credentials: &[Credential]) -> Nonce {
    let response = ask(peer, LocateRequest::default(), credentials.to_vec(), Some(true));
    assert_eq!(reason(&response), Some(R::AttestationRequired));
    assert_eq!(response.response_header.attestation_type, [T::TpmQuote]);
    response.response_header.nonce.unwrap()
}

fn locate(peer: &Peer, attestation: AttestationCredential) -> Option<R> {
    reason(&ask(peer, LocateRequest::default(), vec![attestation.into()], Some(true)))
}

#[test]
fn the_servers_demand_is_said_by_what_the_client_can() {
    for version in SINCE_1_2 {
        let peer = Peer::with(version, options());
        for capable in [None, Some(false)] {
            let response = ask(&peer, create_aes([]), Vec::new(), capable);
            assert_eq!(reason(&response), Some(R::PermissionDenied), "{version}");
            assert_eq!(response.response_header.nonce, None);
            assert_eq!(response.response_header.attestation_type, []);
        }
        let nonce = challenged(&peer, &[]);
        assert_ne!(nonce, challenged(&peer, &[]));
        assert_eq!(locate(&peer, sound(&nonce)), None);
        // What is answered without it makes nothing of the demand.
        let response = ask(&peer, DiscoverVersionsRequest::default(), Vec::new(), Some(true));
        assert_eq!((reason(&response), response.response_header.nonce), (None, None));
    }
    let old = Peer::with(ProtocolVersion::V1_1, options());
    assert_eq!(old.call(LocateRequest::default()), Err(R::PermissionDenied));
}

#[test]
fn an_attestation_that_does_not_hold_is_refused() {
    for version in SINCE_1_2 {
        let peer = Peer::with(version, options());
        let made: [fn(&Nonce) -> AttestationCredential; 5] = [
            |nonce| attestation(nonce, T::TpmQuote, Some(b"broken")),
            |nonce| attestation(nonce, T::TpmQuote, None),
            |nonce| attestation(nonce, T::SamlAssertion, Some(b"sound")),
            |nonce| sound(&Nonce { nonce_id: vec![1], ..nonce.clone() }),
            |nonce| sound(&Nonce { nonce_value: vec![1; 32], ..nonce.clone() }),
        ];
        for make in made {
            let nonce = challenged(&peer, &[]);
            assert_eq!(locate(&peer, make(&nonce)), Some(R::AttestationFailed), "{version}");
        }
        // Nor is it where none is wanted.
        let wrong = Credential::from(attestation(&challenged(&peer, &[]), T::TpmQuote, None));
        let query = QueryRequest::new(vec![QueryFunction::QueryOperations]);
        assert_eq!(reason(&ask(&peer, query, vec![wrong], None)), Some(R::AttestationFailed));
        let without = Peer::new(version);
        let nonce = Nonce { nonce_id: vec![1], nonce_value: vec![2] };
        assert_eq!(locate(&without, sound(&nonce)), Some(R::AuthenticationNotSuccessful));
    }
}

#[test]
fn a_nonce_holds_once_for_a_while_and_for_one() {
    let alice = Credential::username_and_password("alice", "secret".to_owned());
    for version in SINCE_1_2 {
        let time = kmip_sdk::types::Interval::from_seconds(60);
        let peer = Peer::with(version, options().nonce_time(time));
        let nonce = challenged(&peer, &[]);
        assert_eq!(locate(&peer, sound(&nonce)), None);
        assert_eq!(locate(&peer, sound(&nonce)), Some(R::AttestationFailed), "{version}");
        // One that failed is used up too.
        let nonce = challenged(&peer, &[]);
        locate(&peer, attestation(&nonce, T::TpmQuote, None));
        assert_eq!(locate(&peer, sound(&nonce)), Some(R::AttestationFailed));
        let nonce = challenged(&peer, &[]);
        peer.wait(59);
        assert_eq!(locate(&peer, sound(&nonce)), None);
        let nonce = challenged(&peer, &[]);
        peer.wait(60);
        assert_eq!(locate(&peer, sound(&nonce)), Some(R::AttestationFailed));
        // It is for who was asked to attest.
        let nonce = challenged(&peer, std::slice::from_ref(&alice));
        assert_eq!(locate(&peer, sound(&nonce)), Some(R::AttestationFailed));
        let both = vec![alice.clone(), sound(&nonce).into()];
        assert_eq!(reason(&ask(&peer, LocateRequest::default(), both, Some(true))), None);
    }
}

#[test]
fn only_some_operations_may_be_for_who_attests() {
    let peer = Peer::with(ProtocolVersion::V2_1, options().attested_operations([Operation::Get]));
    let created = ask(&peer, create_aes([]), Vec::new(), Some(true));
    assert_eq!(reason(&created), None);
    let key = match created.batch_item.into_iter().next().unwrap().response_payload {
        Some(ResponsePayload::Create(CreateResponse { unique_identifier, .. })) => unique_identifier,
        other => panic!("{other:?}"),
    };
    let get = kmip_sdk::types::operation::GetRequest::new(key);
    let response = ask(&peer, get.clone(), Vec::new(), Some(true));
    assert_eq!(reason(&response), Some(R::AttestationRequired));
    let nonce = response.response_header.nonce.unwrap();
    assert_eq!(reason(&ask(&peer, get, vec![sound(&nonce).into()], Some(true))), None);
}

#[test]
fn a_ticket_stands_for_no_attestation_and_an_operation_that_waits_keeps_its_own() {
    let peer = Peer::with(ProtocolVersion::V2_1, options());
    let nonce = challenged(&peer, &[]);
    let login = ask(&peer, LoginRequest::default(), vec![sound(&nonce).into()], Some(true));
    let ticket = match login.batch_item.into_iter().next().unwrap().response_payload {
        Some(ResponsePayload::Login(login)) => login.ticket,
        other => panic!("{other:?}"),
    };
    let credential = Credential {
        credential_type: kmip_sdk::types::enumerations::CredentialType::Ticket,
        credential_value: CredentialValue::Ticket(kmip_sdk::types::message::TicketCredential { ticket }),
    };
    let response = ask(&peer, LocateRequest::default(), vec![credential], Some(true));
    assert_eq!(reason(&response), Some(R::AttestationRequired));

    let attested = |payload: RequestPayload| {
        let nonce = challenged(&peer, &[]);
        let response = peer.send(vec![payload], |message| {
            let header = &mut message.request_header;
            header.asynchronous_indicator = Some(AsynchronousIndicator::Mandatory);
            header.authentication = Some(Authentication { credential: vec![sound(&nonce).into()] });
        });
        response.batch_item.into_iter().next().unwrap()
    };
    let pending = attested(create_aes([]).into());
    assert_eq!(pending.result_status, S::OperationPending);
    let poll = PollRequest::new(pending.asynchronous_correlation_value.unwrap());
    assert_eq!(attested(poll.into()).result_status, S::Success);
}

#[test]
fn query_says_which_kinds_there_are() {
    for version in SINCE_1_2 {
        let functions = vec![QueryFunction::QueryAttestationTypes];
        let kinds = |peer: Peer| peer.call(QueryRequest::new(functions.clone())).unwrap().attestation_type;
        assert_eq!(kinds(Peer::with(version, options())), [T::TpmQuote], "{version}");
        assert_eq!(kinds(Peer::new(version)), []);
    }
    let capability = |peer: Peer| {
        let request = QueryRequest::new(vec![QueryFunction::QueryCapabilities]);
        peer.call(request).unwrap().capability_information[0].attestation_capability
    };
    assert_eq!(capability(Peer::with(ProtocolVersion::V2_1, options())), Some(true));
    assert_eq!(capability(Peer::new(ProtocolVersion::V2_1)), Some(false));
}

#[test]
fn the_client_attests_where_it_is_asked_to() {
    let server = EmbeddedServer::start_with(options()).unwrap();
    let asked = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&asked);
    let client = Client::builder()
        .embedded(&server)
        .attester([T::TpmQuote], move |challenge: &Challenge| {
            count.fetch_add(1, Ordering::SeqCst);
            Ok(sound(&challenge.nonce))
        })
        .connect()
        .unwrap();
    let key = client.create_aes(256).name("app").activated().send().unwrap();
    assert!(asked.load(Ordering::SeqCst) >= 1);
    assert_eq!(client.locate().name("app").newest().send().unwrap(), Some(key.unique_identifier));

    // None of them is taken for a credential that was wrong.
    for _ in 0..100 {
        client.locate().name("app").newest().send().unwrap();
    }

    let broken = Client::builder()
        .embedded(&server)
        .attester([T::TpmQuote], |challenge: &Challenge| {
            Ok(attestation(&challenge.nonce, T::TpmQuote, Some(b"broken")))
        })
        .connect()
        .unwrap();
    assert_eq!(broken.create_aes(256).send().unwrap_err().reason(), Some(R::AttestationFailed));
    let without = Client::builder().embedded(&server).connect().unwrap();
    assert_eq!(without.create_aes(256).send().unwrap_err().reason(), Some(R::PermissionDenied));
}
