//! Query and Discover Versions.

use kmip_sdk::server::ServerOptions;
use kmip_sdk::session::Session;
use kmip_sdk::types::enumerations::{ObjectType, Operation, QueryFunction, ResultReason};
use kmip_sdk::types::message::{Message, ResponseMessage};
use kmip_sdk::types::operation::{DiscoverVersionsRequest, QueryRequest};
use kmip_sdk::types::{Item, ProtocolVersion, Tag, Value};

use crate::support::{Peer, VERSIONS};

#[test]
fn says_what_the_version_has() {
    for version in VERSIONS {
        let peer = Peer::new(version);
        let functions = [
            QueryFunction::QueryOperations,
            QueryFunction::QueryObjects,
            QueryFunction::QueryServerInformation,
            QueryFunction::QueryRngs,
            QueryFunction::QueryCapabilities,
            QueryFunction::QueryStorageProtectionMasks,
        ];
        let functions = functions.into_iter().filter(|function| function.is_in(version));
        let response = peer.call(QueryRequest::new(functions)).unwrap();
        let has = |operation| response.operation.contains(&operation);
        assert!(has(Operation::Create) && has(Operation::Query));
        assert_eq!(has(Operation::Encrypt), version >= ProtocolVersion::V1_2);
        assert_eq!(has(Operation::SetAttribute), version >= ProtocolVersion::V2_0);
        assert!(!has(Operation::Notify));
        assert!(response.object_type.contains(&ObjectType::SymmetricKey));
        assert!(response.vendor_identification.is_some());
        assert_eq!(response.rng_parameters.len(), usize::from(version >= ProtocolVersion::V1_3));
        assert_eq!(response.capability_information.len(), usize::from(version >= ProtocolVersion::V1_3));
        assert_eq!(response.protection_storage_masks.is_some(), version >= ProtocolVersion::V2_0);
    }
}

#[test]
fn says_only_what_it_is_asked() {
    let peer = Peer::new(ProtocolVersion::V2_1);
    let response = peer.call(QueryRequest::new([QueryFunction::QueryObjects])).unwrap();
    assert!(response.operation.is_empty() && response.vendor_identification.is_none());
}

#[test]
fn refuses_a_query_that_asks_for_nothing() {
    let peer = Peer::new(ProtocolVersion::V2_1);
    let session = Session::new(peer.version);
    let error = session.prepare_one(QueryRequest::new([])).unwrap_err();
    assert!(error.to_string().ends_with("QueryFunction is required in KMIP 2.1"), "{error}");

    // What ours does not write, another client may.
    let (prepared, _) = session.prepare_one(QueryRequest::new([QueryFunction::QueryObjects])).unwrap();
    let mut tree = Item::from_ttlv(prepared.bytes()).unwrap();
    let payload = child(child(&mut tree, Tag::BATCH_ITEM), Tag::REQUEST_PAYLOAD);
    payload.value = Value::Structure(Vec::new());
    let response = ResponseMessage::from_ttlv(&peer.server.handle(&tree.to_ttlv().unwrap())).unwrap();
    assert_eq!(response.batch_item[0].result_reason, Some(ResultReason::InvalidMessage));
}

fn child(item: &mut Item, tag: Tag) -> &mut Item {
    let Value::Structure(fields) = &mut item.value else { panic!("a structure") };
    fields.iter_mut().find(|field| field.tag == tag).unwrap()
}

#[test]
fn discovers_the_versions_that_both_have() {
    use ProtocolVersion as V;
    let options = ServerOptions::default().versions([V::V1_2, V::V2_1, V::V1_4]);
    let peer = Peer::with(V::V1_4, options);
    for (wanted, expected) in [
        (vec![], vec![V::V2_1, V::V1_4, V::V1_2]),
        (vec![V::V1_2, V::V2_1], vec![V::V2_1, V::V1_2]),
        (vec![V::V1_0, V::new(3, 0)], vec![]),
    ] {
        let request = DiscoverVersionsRequest { protocol_version: wanted };
        assert_eq!(peer.call(request).unwrap().protocol_version, expected);
    }
}
