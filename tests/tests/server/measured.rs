//! What a batch answers is what happened, whatever its size; and what it costs is in proportion to the limits.

use allocation_counter::measure;
use kmip_sdk::server::{Failure, ServerOptions};
use kmip_sdk::types::attribute::{Attribute, Attributes, CryptographicParameters, UniqueIdentifier};
use kmip_sdk::types::enumerations::{
    self, BatchErrorContinuationOption as Option_, BlockCipherMode, CryptographicAlgorithm, DerivationMethod,
    KeyFormatType, ObjectType, OpaqueDataType, Operation, ResultReason as R, ResultStatus as S,
    SecretDataType, SplitKeyMethod,
};
use kmip_sdk::types::masks::CryptographicUsageMask;
use kmip_sdk::types::message::{Message, RequestBatchItem, RequestHeader, RequestMessage, ResponseMessage};
use kmip_sdk::types::object::{KeyBlock, KeyMaterial, ManagedObject, OpaqueObject, SecretData};
use kmip_sdk::types::operation::{
    CreateSplitKeyRequest, Data, DerivationParameters, DeriveKeyRequest, EncryptRequest, GetRequest,
    LocateRequest, RegisterRequest, Request, RequestPayload, Response, RngRetrieveRequest,
};
use kmip_sdk::types::{DateTime, Limits, ProtocolVersion, Ttlv};

use crate::support::{Peer, START, create_aes};

const V2_1: ProtocolVersion = ProtocolVersion::V2_1;

fn statuses(response: &ResponseMessage) -> Vec<(S, Option<R>)> {
    response.batch_item.iter().map(|item| (item.result_status, item.result_reason)).collect()
}

fn with(option: Option_) -> impl FnOnce(&mut RequestMessage) {
    move |message| message.request_header.batch_error_continuation_option = Some(option)
}

fn objects(peer: &Peer) -> usize {
    peer.call(LocateRequest::default()).unwrap().unique_identifier.len()
}

/// Registers bytes that nobody interprets.
fn register(peer: &Peer, size: usize) -> UniqueIdentifier {
    let object = OpaqueObject {
        opaque_data_type: OpaqueDataType::Other(0x8000_0001),
        opaque_data_value: vec![7; size].into(),
    };
    let object = ManagedObject::OpaqueObject(object);
    peer.call(RegisterRequest::new(ObjectType::OpaqueObject, Attributes::new(), object))
        .unwrap()
        .unique_identifier
}

#[test]
fn an_answer_that_does_not_fit_fails_alone_and_the_rest_stays_or_is_undone() {
    let limits = Limits { size: 1 << 20, ..Limits::default() };
    let options = ServerOptions::default().limits(limits).maximum_response(1 << 20);
    for (option, kept) in [(Option_::Stop, 1), (Option_::Continue, 2), (Option_::Undo, 0)] {
        let peer = Peer::with(V2_1, options.clone());
        let large = register(&peer, 600 << 10);
        let get = || RequestPayload::from(GetRequest::new(large.clone()));
        let payloads = vec![create_aes([]).into(), get(), get(), create_aes([]).into()];
        let response = peer.send(payloads, with(option));
        let done = if option == Option_::Undo { S::OperationUndone } else { S::Success };
        let too_large = (S::OperationFailed, Some(R::ResponseTooLarge));
        let mut expected = vec![(done, None), (done, None), too_large];
        if option == Option_::Continue {
            expected.push((S::Success, None));
        }
        assert_eq!(statuses(&response), expected, "{option:?}");
        assert!(response.to_ttlv().unwrap().len() <= 1 << 20);
        assert_eq!(objects(&peer), 1 + kept, "{option:?}");
    }
}

#[test]
fn refusals_have_their_room_however_long_they_and_their_names_are() {
    // A function's own message, and identifiers of items, may be as long as they like.
    let options = ServerOptions::default().maximum_response(64 << 10).operation(|_: FaultyRequest| {
        Err::<FaultyResponse, _>(Failure::new(R::InvalidField, "é".repeat(5000)))
    });
    let peer = Peer::with(V2_1, options);
    let faulty = || FaultyRequest::new(1).into_payload(V2_1).unwrap();
    let response = send(&peer, vec![create_aes([]).into(), faulty(), faulty()], 16_000, Option_::Continue);
    let failed = (S::OperationFailed, Some(R::InvalidField));
    assert_eq!(statuses(&response), [(S::Success, None), failed, failed]);
    let message = response.batch_item[1].result_message.as_ref().unwrap();
    assert!(message.ends_with("é…") && message.len() < 512);
    assert!(response.to_ttlv().unwrap().len() <= 64 << 10);
    // More items than could be refused one by one are refused as a whole, and leave nothing.
    for (count, identifier) in [(200, 8), (4, 20_000)] {
        let payloads = (0..count).map(|_| create_aes([]).into()).collect();
        let response = send(&peer, payloads, identifier, Option_::Continue);
        assert_eq!(statuses(&response), [(S::OperationFailed, Some(R::ResponseTooLarge))]);
    }
    assert_eq!(objects(&peer), 1);
}

/// Sends payloads as items whose identifiers have this length.
fn send(peer: &Peer, payloads: Vec<RequestPayload>, length: usize, option: Option_) -> ResponseMessage {
    let operations: Vec<_> = payloads.iter().map(|payload| payload.operation().unwrap_or(FAULTY)).collect();
    let count = i32::try_from(payloads.len()).unwrap();
    let mut request_header = RequestHeader::new(peer.version, count);
    request_header.batch_error_continuation_option = Some(option);
    let items = operations.into_iter().zip(payloads).enumerate().map(|(number, (operation, payload))| {
        let mut item = RequestBatchItem::new(operation, payload);
        let mut identifier = vec![0; length];
        identifier[..4].copy_from_slice(&u32::try_from(number).unwrap().to_be_bytes());
        item.unique_batch_item_id = Some(identifier);
        item
    });
    let message = RequestMessage { request_header, batch_item: items.collect() };
    ResponseMessage::from_ttlv(&peer.server.handle(&message.to_ttlv().unwrap())).unwrap()
}

#[derive(Ttlv)]
struct FaultyRequest {
    #[ttlv(tag = 0x540001)]
    number: i32,
}

#[derive(Debug, Ttlv)]
struct FaultyResponse {
    #[ttlv(tag = 0x540001)]
    number: i32,
}

const FAULTY: Operation = Operation::Other(0x8000_0001);

impl Request for FaultyRequest {
    const OPERATION: Operation = FAULTY;
    type Response = FaultyResponse;
}

impl Response for FaultyResponse {}

#[test]
fn a_function_that_panics_fails_its_item_alone() {
    let (success, failed) = ((S::Success, None), (S::OperationFailed, Some(R::GeneralFailure)));
    for (option, expected, kept) in [
        (Option_::Stop, vec![success, failed], 1),
        (Option_::Continue, vec![success, failed, success], 2),
        (Option_::Undo, vec![(S::OperationUndone, None), failed], 0),
    ] {
        let options = ServerOptions::default().operation(|request: FaultyRequest| {
            assert_eq!(request.number, 0, "this is to be caught");
            Ok::<_, Failure>(FaultyResponse::new(request.number))
        });
        let peer = Peer::with(V2_1, options);
        let faulty = FaultyRequest::new(1).into_payload(V2_1).unwrap();
        let response = send(&peer, vec![create_aes([]).into(), faulty, create_aes([]).into()], 8, option);
        assert_eq!(statuses(&response), expected, "{option:?}");
        assert_eq!(objects(&peer), kept, "{option:?}");
    }
}

/// How often the limit a request may take of memory at once.
const MOST: f64 = 8.0;

/// What a request takes at once of memory, in multiples of the limit.
fn multiple(
    peer: &Peer,
    payloads: Vec<RequestPayload>,
    ephemeral: bool,
    option: Option_,
    limit: usize,
) -> f64 {
    let count = i32::try_from(payloads.len()).unwrap();
    let mut request_header = RequestHeader::new(V2_1, count);
    request_header.batch_error_continuation_option = Some(option);
    let items = payloads.into_iter().enumerate().map(|(number, payload)| {
        let operation = payload.operation().unwrap();
        let mut item = RequestBatchItem::new(operation, payload);
        item.unique_batch_item_id = Some(u32::try_from(number).unwrap().to_be_bytes().to_vec());
        item.ephemeral = ephemeral.then_some(true);
        item
    });
    let message = RequestMessage { request_header, batch_item: items.collect() };
    let request = message.to_ttlv().unwrap();
    assert!(request.len() < 64 << 10, "the request is small: {}", request.len());
    let mut response = Vec::new();
    let cost = measure(|| response = peer.server.handle(&request));
    assert!(ResponseMessage::from_ttlv(&response).unwrap().batch_item.len() > 1);
    cost.bytes_max as f64 / limit as f64
}

#[test]
fn a_small_request_costs_no_more_than_the_limits() {
    const LIMIT: usize = 256 << 10;
    const LARGE: usize = LIMIT * 5 / 8;
    let limits = Limits { size: LIMIT, ..Limits::default() };
    let options = ServerOptions::default().limits(limits).maximum_response(LIMIT);
    let peer = || Peer::with(V2_1, options.clone());
    let active = Attribute::ActivationDate(DateTime::from_seconds(START));
    let parameters = CryptographicParameters {
        block_cipher_mode: Some(BlockCipherMode::Ctr),
        ..CryptographicParameters::default()
    };

    // Objects that are had again and again.
    let one = peer();
    let large = register(&one, LARGE);
    let gets = (0..100).map(|_| GetRequest::new(large.clone()).into()).collect();
    let cost = multiple(&one, gets, false, Option_::Continue, LIMIT);
    assert!(cost < MOST, "Get: {cost}");

    // Random bytes, and outputs that are the data of what follows, said or not.
    let two = peer();
    let key = two.create([active]);
    for (size, ephemeral) in [(LARGE, false), (LARGE, true), (LIMIT / 16, false), (LIMIT / 16, true)] {
        let size = i32::try_from(size).unwrap();
        let mut payloads: Vec<RequestPayload> = vec![RngRetrieveRequest::new(size).into()];
        payloads.extend((0..100).map(|_| {
            RequestPayload::from(EncryptRequest {
                unique_identifier: Some(key.clone()),
                cryptographic_parameters: Some(Box::new(parameters.clone())),
                data: Some(Data::Enumeration(enumerations::DataEnumeration::RngRetrieve)),
                iv_counter_nonce: Some(vec![1; 16]),
                ..EncryptRequest::default()
            })
        }));
        for option in [Option_::Continue, Option_::Undo] {
            let cost = multiple(&two, payloads.clone(), ephemeral, option, LIMIT);
            assert!(cost < MOST, "Encrypt of {size}, {ephemeral} {option:?}: {cost}");
        }
    }

    // Keys that are derived and split, all of which are made or none.
    let three = peer();
    let base = register_secret(&three, 16);
    let large = register_secret(&three, LARGE);
    let parameters = CryptographicParameters {
        hashing_algorithm: Some(enumerations::HashingAlgorithm::Sha256),
        ..CryptographicParameters::default()
    };
    let derive = || {
        RequestPayload::from(DeriveKeyRequest {
            object_type: ObjectType::SecretData,
            unique_identifier: vec![base.clone()],
            derivation_method: DerivationMethod::Hkdf,
            derivation_parameters: DerivationParameters {
                cryptographic_parameters: Some(Box::new(parameters.clone())),
                ..DerivationParameters::default()
            },
            attributes: Attributes::new()
                .with(Attribute::CryptographicLength(8 * 4000))
                .with(Attribute::CryptographicUsageMask(CryptographicUsageMask::DERIVE_KEY)),
        })
    };
    let split = || {
        RequestPayload::from(CreateSplitKeyRequest {
            object_type: ObjectType::SplitKey,
            unique_identifier: Some(large.clone()),
            split_key_parts: 255,
            split_key_threshold: 255,
            split_key_method: SplitKeyMethod::Xor,
            prime_field_size: None,
            attributes: Attributes::new(),
            protection_storage_masks: None,
        })
    };
    let before = objects(&three);
    let cost = multiple(&three, (0..100).map(|_| derive()).collect(), false, Option_::Undo, LIMIT);
    assert!(cost < MOST, "Derive Key: {cost}");
    assert_eq!(objects(&three), before, "more was derived than a batch may make");
    let cost = multiple(&three, (0..3).map(|_| split()).collect(), false, Option_::Continue, LIMIT);
    assert!(cost < MOST, "Create Split Key: {cost}");
    assert_eq!(objects(&three), before);
    // As much as there may be is made.
    let response = three.send((0..40).map(|_| derive()).collect(), with(Option_::Undo));
    assert_eq!(statuses(&response), [(S::Success, None); 40]);
}

/// Registers a secret of this size.
fn register_secret(peer: &Peer, size: usize) -> UniqueIdentifier {
    let material = KeyMaterial::bytes(vec![7; size]);
    let bits = i32::try_from(size * 8).unwrap();
    let key_block = KeyBlock::plain(KeyFormatType::Raw, material, CryptographicAlgorithm::HmacSha256, bits);
    let object = SecretData { secret_data_type: SecretDataType::Password, key_block };
    let attributes = Attributes::new()
        .with(Attribute::ActivationDate(DateTime::from_seconds(START)))
        .with(Attribute::CryptographicUsageMask(CryptographicUsageMask::DERIVE_KEY));
    let request = RegisterRequest::new(ObjectType::SecretData, attributes, ManagedObject::SecretData(object));
    peer.call(request).unwrap().unique_identifier
}
