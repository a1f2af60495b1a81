//! Whole messages: headers, credentials, batches, and answers other than success.

use kmip_types::attribute::{Attribute, Attributes, Name, UniqueIdentifier};
use kmip_types::enumerations::*;
use kmip_types::masks::CryptographicUsageMask;
use kmip_types::message::*;
use kmip_types::operation::*;
use kmip_types::{DateTime, DateTimeExtended, Item, ProtocolVersion, RawStructure, SecretText, Tag};

use super::values::{CORRELATION, HMAC_SHA_256, RANDOM, SALT, SHA_256};
use super::{attributes, identifier, since, ticket, until};

const V1_1: ProtocolVersion = ProtocolVersion::V1_1;
const V1_2: ProtocolVersion = ProtocolVersion::V1_2;
const V1_4: ProtocolVersion = ProtocolVersion::V1_4;
const V2_0: ProtocolVersion = ProtocolVersion::V2_0;

/// The time at which every message is sent.
pub const NOW: DateTime = DateTime::from_seconds(1_718_000_000);

/// A request or a response.
#[derive(Clone, Debug, PartialEq)]
pub enum AnyMessage {
    /// A request.
    Request(RequestMessage),
    /// A response.
    Response(ResponseMessage),
}

/// A request of one operation.
pub fn request(version: ProtocolVersion, operation: Operation, payload: RequestPayload) -> RequestMessage {
    let mut request_header = RequestHeader::new(version, 1);
    request_header.client_correlation_value = since(V1_4, version, "ledger-12".into());
    RequestMessage { request_header, batch_item: vec![RequestBatchItem::new(operation, payload)] }
}

/// The answer to a request of one operation.
pub fn response(version: ProtocolVersion, operation: Operation, payload: ResponsePayload) -> ResponseMessage {
    let mut response_header = ResponseHeader::new(version, NOW, 1);
    response_header.client_correlation_value = since(V1_4, version, "ledger-12".into());
    response_header.server_correlation_value = since(V1_4, version, "kms-1/4711".into());
    ResponseMessage { response_header, batch_item: vec![ResponseBatchItem::success(operation, payload)] }
}

/// The messages in the form of a version, each with what tells it from the others.
pub fn all(version: ProtocolVersion) -> Vec<(&'static str, AnyMessage)> {
    let mut messages = vec![
        ("header", AnyMessage::Request(whole_header(version))),
        ("header", AnyMessage::Response(whole_response_header(version))),
        ("batch", AnyMessage::Request(batch(version))),
        ("batch", AnyMessage::Response(batch_response(version))),
        ("not_done", AnyMessage::Response(not_done(version))),
    ];
    if version.is_at_least(V2_0) {
        messages.push(("ephemeral", AnyMessage::Request(ephemeral(version))));
    }
    if version.is_at_least(V1_2) {
        // More than one since KMIP 1.2.
        let all = credentials(version).into_iter().map(|(_, credential)| credential).collect();
        messages.push(("several_credentials", AnyMessage::Request(authenticated(version, all))));
    }
    for (name, credential) in credentials(version) {
        messages.push((name, AnyMessage::Request(authenticated(version, vec![credential]))));
    }
    messages
}

/// A request whose header has every field that the version has.
fn whole_header(version: ProtocolVersion) -> RequestMessage {
    let credential = vec![Credential::username_and_password("ledger", "correct horse")];
    RequestMessage {
        request_header: RequestHeader {
            protocol_version: version,
            maximum_response_size: Some(65_536),
            client_correlation_value: since(V1_4, version, "ledger-12".into()),
            server_correlation_value: since(V1_4, version, "kms-1/4711".into()),
            asynchronous_indicator: Some(AsynchronousIndicator::Optional),
            attestation_capable_indicator: since(V1_2, version, true),
            attestation_type: attestation_types(version),
            authentication: Some(Authentication { credential }),
            batch_error_continuation_option: Some(BatchErrorContinuationOption::Undo),
            batch_order_option: Some(true),
            time_stamp: Some(NOW),
            batch_count: 1,
        },
        batch_item: vec![RequestBatchItem::new(
            Operation::Get,
            GetRequest { unique_identifier: Some(identifier()), ..GetRequest::default() }.into(),
        )],
    }
}

/// A response whose header has every field that the version has.
fn whole_response_header(version: ProtocolVersion) -> ResponseMessage {
    let response_header = ResponseHeader {
        protocol_version: version,
        time_stamp: NOW,
        nonce: since(V1_2, version, nonce()),
        server_hashed_password: since(V2_0, version, HMAC_SHA_256.to_vec().into()),
        attestation_type: attestation_types(version),
        client_correlation_value: since(V1_4, version, "ledger-12".into()),
        server_correlation_value: since(V1_4, version, "kms-1/4711".into()),
        batch_count: 1,
    };
    let reason = if version.is_at_least(V1_2) {
        ResultReason::AttestationRequired
    } else {
        ResultReason::AuthenticationNotSuccessful
    };
    let item = ResponseBatchItem::failure(Some(Operation::Get), reason, "who is there?");
    ResponseMessage { response_header, batch_item: vec![item] }
}

fn attestation_types(version: ProtocolVersion) -> Vec<AttestationType> {
    if version.is_at_least(V1_2) {
        vec![AttestationType::TpmQuote, AttestationType::TcgIntegrityReport]
    } else {
        Vec::new()
    }
}

fn nonce() -> Nonce {
    Nonce { nonce_id: vec![0x4C, 0x31], nonce_value: RANDOM.to_vec() }
}

/// A credential of every kind that the version has.
pub fn credentials(version: ProtocolVersion) -> Vec<(&'static str, Credential)> {
    let credential =
        |name, credential_type, credential_value| (name, Credential { credential_type, credential_value });
    let password = || Some(SecretText::from("correct horse"));
    let mut credentials =
        vec![("username_and_password", Credential::username_and_password("ledger", "correct horse"))];
    if version.is_at_least(V1_1) {
        credentials.push(credential(
            "device",
            CredentialType::Device,
            CredentialValue::Device(DeviceCredential {
                device_serial_number: Some("HL-0012".into()),
                password: password(),
                device_identifier: Some("scale 12".into()),
                network_identifier: Some("harbour".into()),
                machine_identifier: Some("crane 3".into()),
                media_identifier: Some("tape 7".into()),
            }),
        ));
    }
    if version.is_at_least(V1_2) {
        credentials.push(credential(
            "attestation",
            CredentialType::Attestation,
            CredentialValue::Attestation(AttestationCredential {
                nonce: nonce(),
                attestation_type: AttestationType::TpmQuote,
                attestation_measurement: Some(SHA_256.into()),
                attestation_assertion: Some(SALT.into()),
            }),
        ));
    }
    if version.is_at_least(V2_0) {
        credentials.extend([
            credential(
                "one_time_password",
                CredentialType::OneTimePassword,
                CredentialValue::OneTimePassword(OneTimePasswordCredential {
                    username: "ledger".into(),
                    password: password(),
                    one_time_password: "493 016".into(),
                }),
            ),
            credential(
                "hashed_password",
                CredentialType::HashedPassword,
                CredentialValue::HashedPassword(HashedPasswordCredential {
                    username: "ledger".into(),
                    timestamp: DateTimeExtended::from_microseconds(1_718_000_000_250_000),
                    hashing_algorithm: Some(HashingAlgorithm::Sha256),
                    hashed_password: SHA_256.into(),
                }),
            ),
            credential(
                "ticket",
                CredentialType::Ticket,
                CredentialValue::Ticket(TicketCredential { ticket: ticket() }),
            ),
        ]);
    }
    credentials
}

fn authenticated(version: ProtocolVersion, credential: Vec<Credential>) -> RequestMessage {
    let mut request_header = RequestHeader::new(version, 1);
    request_header.authentication = Some(Authentication { credential });
    let query = QueryRequest { query_function: vec![QueryFunction::QueryOperations], object_groups: None };
    RequestMessage { request_header, batch_item: vec![RequestBatchItem::new(Operation::Query, query.into())] }
}

/// A key is got to be seen by no one.
fn ephemeral(version: ProtocolVersion) -> RequestMessage {
    let get = GetRequest { unique_identifier: Some(identifier()), ..GetRequest::default() };
    let mut message = request(version, Operation::Get, get.into());
    message.batch_item[0].ephemeral = Some(true);
    message
}

/// A key is made, activated and used: the later operations mean the object of the ID Placeholder.
fn batch(version: ProtocolVersion) -> RequestMessage {
    let attributes = attributes()
        .with(Attribute::Name(Name::text("ledger key")))
        .with(Attribute::CryptographicUsageMask(CryptographicUsageMask::ENCRYPT));
    let placeholder = since(V2_0, version, UniqueIdentifier::ID_PLACEHOLDER);
    let items = [
        (Operation::Create, CreateRequest::new(ObjectType::SymmetricKey, attributes).into()),
        (Operation::Activate, ActivateRequest { unique_identifier: placeholder }.into()),
        (Operation::Get, GetRequest::default().into()),
    ];
    let mut request_header = RequestHeader::new(version, 3);
    request_header.batch_order_option = Some(true);
    request_header.batch_error_continuation_option = Some(BatchErrorContinuationOption::Stop);
    let batch_item = (1..).zip(items).map(|(id, (operation, payload))| RequestBatchItem {
        ephemeral: since(V2_0, version, operation == Operation::Get),
        unique_batch_item_id: Some(vec![id]),
        // More than one since KMIP 2.0.
        message_extension: vec![extension(); if version.is_at_least(V2_0) { 2 } else { 1 }],
        ..RequestBatchItem::new(operation, payload)
    });
    RequestMessage { request_header, batch_item: batch_item.collect() }
}

fn batch_response(version: ProtocolVersion) -> ResponseMessage {
    let object_type = ObjectType::SymmetricKey;
    let attributes =
        until(V1_4, version, ()).map(|()| Attributes::new().with(Attribute::State(State::PreActive)));
    let created = CreateResponse { object_type, unique_identifier: identifier(), attributes };
    let items = [
        ResponseBatchItem::success(Operation::Create, created.into()),
        ResponseBatchItem::success(
            Operation::Activate,
            ActivateResponse { unique_identifier: identifier() }.into(),
        ),
        ResponseBatchItem::failure(
            Some(Operation::Get),
            ResultReason::PermissionDenied,
            "the key does not leave the server",
        ),
    ];
    let batch_item = (1..).zip(items).map(|(id, item)| ResponseBatchItem {
        unique_batch_item_id: Some(vec![id]),
        message_extension: vec![extension()],
        ..item
    });
    ResponseMessage {
        response_header: ResponseHeader::new(version, NOW, 3),
        batch_item: batch_item.collect(),
    }
}

fn extension() -> MessageExtension {
    MessageExtension {
        vendor_identification: "harbour".into(),
        criticality_indicator: false,
        vendor_extension: RawStructure {
            items: vec![
                Item::text_string(Tag::from_raw(0x54_0001), "page 12"),
                Item::structure(
                    Tag::from_raw(0x54_0002),
                    vec![
                        Item::integer(Tag::from_raw(0x54_0003), 12),
                        Item::boolean(Tag::from_raw(0x54_0004), true),
                    ],
                ),
            ],
        },
    }
}

/// One operation is pending, and one was undone.
fn not_done(version: ProtocolVersion) -> ResponseMessage {
    let failed = |operation, status, reason, message| ResponseBatchItem {
        result_status: status,
        ..ResponseBatchItem::failure(Some(operation), reason, message)
    };
    let pending = ResponseBatchItem {
        result_status: ResultStatus::OperationPending,
        result_reason: None,
        result_message: None,
        asynchronous_correlation_value: Some(CORRELATION.to_vec()),
        ..ResponseBatchItem::failure(Some(Operation::CreateKeyPair), ResultReason::GeneralFailure, "")
    };
    let undone = failed(
        Operation::Destroy,
        ResultStatus::OperationUndone,
        ResultReason::GeneralFailure,
        "another operation of the batch failed",
    );
    ResponseMessage {
        response_header: ResponseHeader::new(version, NOW, 2),
        batch_item: vec![pending, undone],
    }
}
