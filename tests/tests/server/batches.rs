//! Batches: their order, the ID Placeholder, what happens after a failure, and the size of the response.

use kmip_sdk::types::attribute::{Attribute, Name, UniqueIdentifier};
use kmip_sdk::types::enumerations::{
    self, BatchErrorContinuationOption as Option_, ResultReason as R, ResultStatus as S, State,
};
use kmip_sdk::types::message::{MessageExtension, ResponseMessage};
use kmip_sdk::types::operation::{
    ActivateRequest, CreateKeyPairRequest, Data, DecryptRequest, DestroyRequest, EncryptRequest,
    GetAttributesRequest, GetRequest, LocateRequest, QueryRequest, ReKeyKeyPairRequest, ReKeyRequest,
    RequestPayload, ResponsePayload,
};
use kmip_sdk::types::{DateTime, ProtocolVersion, Tag};

use crate::support::{Peer, START, VERSIONS, create_aes, reason};

const V2_1: ProtocolVersion = ProtocolVersion::V2_1;

fn statuses(response: &ResponseMessage) -> Vec<(S, Option<R>)> {
    let count = usize::try_from(response.response_header.batch_count).unwrap();
    assert_eq!(count, response.batch_item.len());
    response.batch_item.iter().map(|item| (item.result_status, item.result_reason)).collect()
}

fn state() -> RequestPayload {
    GetAttributesRequest { attribute_reference: vec![Tag::STATE.into()], ..Default::default() }.into()
}

fn states(response: &ResponseMessage) -> Vec<State> {
    let payloads = response.batch_item.iter().filter_map(|item| item.response_payload.as_ref());
    payloads
        .filter_map(|payload| match payload {
            ResponsePayload::GetAttributes(response) => response.attributes.state(),
            _ => None,
        })
        .collect()
}

#[test]
fn items_are_done_in_their_order_on_the_object_of_the_placeholder() {
    for version in VERSIONS {
        let peer = Peer::new(version);
        let payloads = vec![
            create_aes([]).into(),
            state(),
            ActivateRequest::default().into(),
            state(),
            GetRequest::default().into(),
        ];
        let response = peer.send(payloads, |message| {
            message.request_header.batch_order_option = Some(true);
            for (number, item) in message.batch_item.iter_mut().enumerate() {
                item.unique_batch_item_id = Some(vec![0xB0, number as u8]);
            }
        });
        assert_eq!(statuses(&response), [(S::Success, None); 5], "{version}");
        assert_eq!(states(&response), [State::PreActive, State::Active]);
        for (number, item) in response.batch_item.iter().enumerate() {
            assert_eq!(item.unique_batch_item_id, Some(vec![0xB0, number as u8]));
        }
        assert_eq!(response.response_header.time_stamp, peer.now());
        assert_eq!(response.response_header.protocol_version, version);
        let nobody = reason(version, R::ObjectNotFound, R::ItemNotFound);
        assert_eq!(peer.call(ActivateRequest::default()), Err(nobody), "the placeholder ends with its batch");
    }
}

#[test]
fn locate_sets_the_placeholder_only_if_it_gives_one_object() {
    for version in VERSIONS {
        let peer = Peer::new(version);
        let named = |text: &str| Attribute::Name(Name::text(text));
        peer.create([named("a")]);
        peer.create([named("b")]);
        let nobody = reason(version, R::ObjectNotFound, R::ItemNotFound);
        for (wanted, maximum_items, expected) in [
            (vec![named("a")], None, (S::Success, None)),
            (vec![], Some(1), (S::Success, None)),
            (vec![], None, (S::OperationFailed, Some(nobody))),
            (vec![named("c")], None, (S::OperationFailed, Some(nobody))),
        ] {
            let locate = LocateRequest { maximum_items, ..LocateRequest::new(wanted.into_iter().collect()) };
            let response = peer.send(vec![create_aes([]).into(), locate.into(), state()], |_| {});
            assert_eq!(statuses(&response)[2], expected);
        }
    }
}

#[test]
fn a_failure_stops_or_does_not_stop_the_rest() {
    for version in VERSIONS {
        let nobody = (S::OperationFailed, Some(reason(version, R::ObjectNotFound, R::ItemNotFound)));
        let success = (S::Success, None);
        for (option, expected) in [
            (None, vec![success, nobody]),
            (Some(Option_::Stop), vec![success, nobody]),
            (Some(Option_::Continue), vec![success, nobody, success]),
            (Some(Option_::Undo), vec![(S::OperationUndone, None), nobody]),
        ] {
            let peer = Peer::new(version);
            let payloads = vec![
                create_aes([]).into(),
                GetRequest::new("nobody").into(),
                LocateRequest::default().into(),
            ];
            let response = peer.send(payloads, |message| {
                message.request_header.batch_error_continuation_option = option;
            });
            assert_eq!(statuses(&response), expected, "{option:?} {version}");
            let kept = peer.call(LocateRequest::default()).unwrap().unique_identifier.len();
            assert_eq!(kept, usize::from(option != Some(Option_::Undo)));
            // What was undone still says what it was; what failed says nothing.
            let is_there = response.batch_item.iter().map(|item| item.response_payload.is_some());
            let failed = response.batch_item.iter().map(|item| item.result_status == S::OperationFailed);
            assert!(is_there.zip(failed).all(|(is_there, failed)| is_there != failed));
        }
    }
}

#[test]
fn objects_of_the_batch_are_called_by_operation_and_by_position() {
    let peer = Peer::new(V2_1);
    let by = |identifier| -> RequestPayload {
        GetAttributesRequest::new(identifier, [Tag::UNIQUE_IDENTIFIER]).into()
    };
    let payloads = vec![
        create_aes([]).into(),
        create_aes([]).into(),
        by(UniqueIdentifier::Enumeration(enumerations::UniqueIdentifierEnumeration::Create)),
        by(UniqueIdentifier::ID_PLACEHOLDER),
        by(UniqueIdentifier::Index(0)),
        by(UniqueIdentifier::Index(-1)),
        by(UniqueIdentifier::Index(99)),
    ];
    let response = peer.send(payloads, |_| {});
    let given: Vec<String> = response.batch_item[2..6]
        .iter()
        .map(|item| match &item.response_payload {
            Some(ResponsePayload::GetAttributes(response)) => response.unique_identifier.to_string(),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(given, ["k-1", "k-1", "k-0", "k-0"]);
    assert_eq!(statuses(&response)[6], (S::OperationFailed, Some(R::ObjectNotFound)));
}

#[test]
fn what_an_operation_replaces_is_called_by_it() {
    let peer = Peer::new(V2_1);
    let by = |operation| -> RequestPayload {
        let identifier = UniqueIdentifier::Enumeration(operation);
        GetAttributesRequest::new(identifier, [Tag::UNIQUE_IDENTIFIER]).into()
    };
    let key = peer.create([]);
    let pair = peer.call(CreateKeyPairRequest::default()).unwrap();
    let replace_pair = ReKeyKeyPairRequest {
        private_key_unique_identifier: Some(pair.private_key_unique_identifier),
        ..ReKeyKeyPairRequest::default()
    };
    let payloads = vec![
        ReKeyRequest { unique_identifier: Some(key), ..ReKeyRequest::default() }.into(),
        by(enumerations::UniqueIdentifierEnumeration::ReKey),
        replace_pair.into(),
        by(enumerations::UniqueIdentifierEnumeration::ReKeyKeyPairPrivateKey),
        by(enumerations::UniqueIdentifierEnumeration::ReKeyKeyPairPublicKey),
        by(enumerations::UniqueIdentifierEnumeration::ReKey),
    ];
    let response = peer.send(payloads, |_| {});
    let mut called = Vec::new();
    let mut made = Vec::new();
    for item in &response.batch_item {
        match item.response_payload.as_ref().unwrap() {
            ResponsePayload::ReKey(response) => made.push(response.unique_identifier.clone()),
            ResponsePayload::ReKeyKeyPair(response) => {
                made.push(response.private_key_unique_identifier.clone());
                made.push(response.public_key_unique_identifier.clone());
            }
            ResponsePayload::GetAttributes(response) => called.push(response.unique_identifier.clone()),
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(called[..3], made);
    assert_eq!(called[3], made[0], "the last that the operation made");
}

#[test]
fn an_output_of_the_batch_is_the_data_of_what_follows() {
    let peer = Peer::new(V2_1);
    let active = Attribute::ActivationDate(DateTime::from_seconds(START));
    let parameters = kmip_sdk::types::attribute::CryptographicParameters {
        block_cipher_mode: Some(enumerations::BlockCipherMode::Ctr),
        ..Default::default()
    };
    let encrypt = EncryptRequest {
        cryptographic_parameters: Some(Box::new(parameters.clone())),
        data: Some(b"hello".as_slice().into()),
        iv_counter_nonce: Some(vec![1; 16]),
        ..EncryptRequest::default()
    };
    let decrypt = DecryptRequest {
        cryptographic_parameters: Some(Box::new(parameters)),
        data: Some(Data::Enumeration(enumerations::DataEnumeration::Encrypt)),
        iv_counter_nonce: Some(vec![1; 16]),
        ..DecryptRequest::default()
    };
    let payloads = vec![create_aes([active]).into(), encrypt.into(), decrypt.into()];
    // What is ephemeral stays on the server, and is there for what follows.
    let response = peer.send(payloads, |message| message.batch_item[1].ephemeral = Some(true));
    assert_eq!(statuses(&response), [(S::Success, None); 3]);
    let Some(ResponsePayload::Encrypt(encrypted)) = &response.batch_item[1].response_payload else {
        panic!()
    };
    assert_eq!(encrypted.data, None);
    let Some(ResponsePayload::Decrypt(decrypted)) = &response.batch_item[2].response_payload else {
        panic!()
    };
    assert_eq!(decrypted.data.as_ref().unwrap().reveal(), b"hello");
}

#[test]
fn a_response_that_is_too_large_changes_nothing() {
    for version in VERSIONS {
        let peer = Peer::new(version);
        let key = peer.create([]);
        let limit = |size| {
            move |message: &mut kmip_sdk::types::message::RequestMessage| {
                message.request_header.maximum_response_size = Some(size);
            }
        };
        let functions = [enumerations::QueryFunction::QueryOperations];
        let query = || vec![QueryRequest::new(functions).into()];
        let whole = peer.send(query(), |_| {});
        let size = kmip_sdk::types::message::Message::to_ttlv(&whole).unwrap().len() as i32;
        assert_eq!(statuses(&peer.send(query(), limit(size))), [(S::Success, None)]);
        let too_large = [(S::OperationFailed, Some(R::ResponseTooLarge))];
        for size in [size - 1, 0, -1] {
            assert_eq!(statuses(&peer.send(query(), limit(size))), too_large, "{size}");
        }
        // Neither the destruction nor the creation that could not be told has happened.
        let payloads = vec![DestroyRequest::new(key.clone()).into()];
        assert_eq!(statuses(&peer.send(payloads, limit(10))), too_large);
        assert_eq!(statuses(&peer.send(vec![create_aes([]).into()], limit(10))), too_large);
        assert_eq!(peer.state(&key), State::PreActive);
        assert_eq!(peer.call(LocateRequest::default()).unwrap().unique_identifier, [key]);
    }
}

#[test]
fn a_critical_extension_is_refused_and_another_passed_over() {
    let peer = Peer::new(V2_1);
    for (critical, expected) in
        [(false, (S::Success, None)), (true, (S::OperationFailed, Some(R::FeatureNotSupported)))]
    {
        let response = peer.send(vec![LocateRequest::default().into()], |message| {
            message.batch_item[0].message_extension.push(MessageExtension {
                vendor_identification: "acme".to_owned(),
                criticality_indicator: critical,
                vendor_extension: Default::default(),
            });
        });
        assert_eq!(statuses(&response), [expected]);
    }
}
