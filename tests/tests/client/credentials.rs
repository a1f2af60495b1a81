//! Who asks: credentials of a client, of a call, and attestations that a server wants first.

use std::sync::{Arc, Mutex};

use kmip_sdk::generic::ClientBuilder;
use kmip_sdk::types::enumerations::{
    AsynchronousIndicator, AttestationType, CredentialType, Operation, ResultReason,
};
use kmip_sdk::types::message::{
    AttestationCredential, Credential, CredentialValue, Message, Nonce, RequestMessage, ResponseBatchItem,
    ResponseHeader, ResponseMessage, Ticket,
};
use kmip_sdk::types::operation::{PingRequest, PingResponse};
use kmip_sdk::types::{DateTime, ProtocolVersion};
use kmip_sdk::{Challenge, ErrorKind, RequestOptions};

use crate::drivers::{Drives, Make, Start, with_both_drivers};

/// The credentials of each request that came.
type Seen = Arc<Mutex<Vec<Vec<Credential>>>>;

/// A client of a server that answers Ping, to those of whom `refuse` gives no refusal.
fn pinged<D: Drives>(
    refuse: impl Fn(&[Credential]) -> Option<(ResponseBatchItem, Option<Nonce>)> + Send + Sync + 'static,
) -> (ClientBuilder<D>, Seen) {
    let seen = Seen::default();
    let seen_by = Arc::clone(&seen);
    let service = move |request: &[u8]| {
        let request = RequestMessage::from_ttlv(request).unwrap();
        let credentials = request
            .request_header
            .authentication
            .map(|authentication| authentication.credential)
            .unwrap_or_default();
        seen_by.lock().unwrap().push(credentials.clone());
        let (mut item, nonce) = refuse(&credentials)
            .unwrap_or_else(|| (ResponseBatchItem::success(Operation::Ping, PingResponse {}.into()), None));
        item.unique_batch_item_id = request.batch_item[0].unique_batch_item_id.clone();
        let mut header = ResponseHeader::new(ProtocolVersion::V2_1, DateTime::from_seconds(0), 1);
        header.nonce = nonce;
        header.attestation_type = vec![AttestationType::TpmQuote];
        ResponseMessage { response_header: header, batch_item: vec![item] }.to_ttlv().unwrap()
    };
    (D::builder().service(service).version(ProtocolVersion::V2_1), seen)
}

fn alice() -> Credential {
    Credential::username_and_password("alice", "secret")
}

fn kinds(seen: &Seen) -> Vec<Vec<CredentialType>> {
    let kinds = |credentials: &Vec<Credential>| credentials.iter().map(|one| one.credential_type).collect();
    seen.lock().unwrap().iter().map(kinds).collect()
}

fn sends_the_credentials_of_client_and_call<D: Drives>() {
    let (builder, seen) = pinged::<D>(|_| None);
    let client = builder.credential(alice()).credential(Credential::device("d-1")).start_late().unwrap();
    let ticket = Ticket::new(kmip_sdk::types::enumerations::TicketType::Login, b"t-1");
    let with_ticket = client.with_credential(ticket);
    client.call(PingRequest {}).make().unwrap();
    client.call(PingRequest {}).credential(Credential::one_time_password("bob", "123456")).make().unwrap();
    with_ticket.clone().call(PingRequest {}).make().unwrap();
    with_ticket
        .call(PingRequest {})
        .credential(Credential::device("d-2"))
        .credential(alice())
        .make()
        .unwrap();
    let none = RequestOptions {
        asynchronous_indicator: Some(AsynchronousIndicator::Prohibited),
        ..Default::default()
    };
    client.call(PingRequest {}).options(none).make().unwrap();
    use CredentialType::{Device, OneTimePassword, Ticket as TicketType, UsernameAndPassword};
    assert_eq!(
        kinds(&seen),
        [
            vec![UsernameAndPassword, Device],
            vec![OneTimePassword],
            vec![TicketType],
            vec![Device, UsernameAndPassword],
            vec![],
        ]
    );
}

fn nonce() -> Nonce {
    Nonce { nonce_id: vec![1], nonce_value: vec![2; 16] }
}

/// A server that wants an attestation with its nonce.
fn wants(credentials: &[Credential]) -> Option<(ResponseBatchItem, Option<Nonce>)> {
    let attested = credentials.iter().any(|one| match &one.credential_value {
        CredentialValue::Attestation(attestation) => attestation.nonce == nonce(),
        _ => false,
    });
    let refusal =
        ResponseBatchItem::failure(Some(Operation::Ping), ResultReason::AttestationRequired, "attest first");
    (!attested).then_some((refusal, Some(nonce())))
}

fn attests_where_the_server_wants_it<D: Drives>() {
    let (builder, seen) = pinged::<D>(wants);
    let attester = |challenge: &Challenge| {
        assert_eq!(challenge.attestation_type, [AttestationType::TpmQuote]);
        Ok(AttestationCredential::new(challenge.nonce.clone(), challenge.attestation_type[0])
            .with_attestation_measurement(b"measured"))
    };
    let builder = builder.credential(alice()).attester([AttestationType::TpmQuote], attester);
    let client = builder.start_late().unwrap();
    client.call(PingRequest {}).make().unwrap();
    client.call_batch((PingRequest {},)).make().unwrap().0.unwrap();
    use CredentialType::{Attestation, UsernameAndPassword};
    let both = [vec![UsernameAndPassword], vec![UsernameAndPassword, Attestation]];
    assert_eq!(kinds(&seen), [both.clone(), both].concat());
}

fn asks_for_an_attestation_once<D: Drives>() {
    let always = |_: &[Credential]| wants(&[]);
    let (builder, seen) = pinged::<D>(always);
    let attester = |challenge: &Challenge| {
        Ok(AttestationCredential::new(challenge.nonce.clone(), challenge.attestation_type[0]))
    };
    let client = builder.attester([AttestationType::TpmQuote], attester).start_late().unwrap();
    let error = client.call(PingRequest {}).make().unwrap_err();
    assert_eq!(error.reason(), Some(ResultReason::AttestationRequired));
    assert_eq!(error.server().unwrap().challenge.as_ref().unwrap().nonce, nonce());
    assert_eq!(seen.lock().unwrap().len(), 2);
}

fn says_why_there_is_no_attestation<D: Drives>() {
    let (builder, seen) = pinged::<D>(wants);
    let attester = |_: &Challenge| Err("the TPM is locked".into());
    let client = builder.attester([AttestationType::TpmQuote], attester).start_late().unwrap();
    let error = client.call(PingRequest {}).make().unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Attestation(_)), "{error:?}");
    assert_eq!(
        error.to_string(),
        "sending the request: the attestation could not be made: the TPM is locked"
    );
    assert!(!error.is_outcome_unknown() && !error.is_retryable());
    assert_eq!(seen.lock().unwrap().len(), 1);
}

with_both_drivers!(
    sends_the_credentials_of_client_and_call,
    attests_where_the_server_wants_it,
    asks_for_an_attestation_once,
    says_why_there_is_no_attestation,
);
