//! Query and Discover Versions.

use kmip_sdk::server::ServerOptions;
use kmip_sdk::session::Session;
use kmip_sdk::types::attribute::{Attribute, Link, Name, UsageLimits};
use kmip_sdk::types::enumerations::{
    LinkType, ObjectType, Operation, ProfileName, QueryFunction, ResultReason, RevocationReasonCode,
    UsageLimitsUnit,
};
use kmip_sdk::types::message::{Message, ResponseMessage};
use kmip_sdk::types::operation::{DiscoverVersionsRequest, QueryRequest, RevokeRequest};
use kmip_sdk::types::ttlv::Tagged;
use kmip_sdk::types::{DateTime, Item, ProtocolVersion, Tag, Value};

use crate::support::{Peer, START, VERSIONS};

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

/// What a profile names as a Baseline Server's is there: operations, objects and attributes.
#[test]
fn is_a_baseline_server() {
    let peer = Peer::new(ProtocolVersion::V2_1);
    let functions =
        [QueryFunction::QueryProfiles, QueryFunction::QueryOperations, QueryFunction::QueryObjects];
    let response = peer.call(QueryRequest::new(functions)).unwrap();
    let names: Vec<ProfileName> = response.profile_information.iter().map(|one| one.profile_name).collect();
    assert!(names.contains(&ProfileName::BaselineServer) && !names.contains(&ProfileName::CompleteServer));
    for profile in &response.profile_information {
        let version = profile.profile_version.as_ref().unwrap();
        assert_eq!((version.profile_version_major, version.profile_version_minor), (2, 1));
        assert!(profile.server_uri.is_none() && profile.server_port.is_none());
    }
    use Operation as O;
    for operation in [
        O::Activate,
        O::AddAttribute,
        O::AdjustAttribute,
        O::Check,
        O::DeleteAttribute,
        O::Destroy,
        O::DiscoverVersions,
        O::Export,
        O::Get,
        O::GetAttributeList,
        O::GetAttributes,
        O::Import,
        O::Interop,
        O::ModifyAttribute,
        O::Locate,
        O::Log,
        O::Query,
        O::Register,
        O::Revoke,
        O::SetAttribute,
        O::SetEndpointRole,
    ] {
        assert!(response.operation.contains(&operation), "{operation}");
    }
    // Each attribute of the profile is there, or may be set, or follows from what is done.
    let key = peer.create([
        Attribute::ActivationDate(peer.now()),
        Attribute::DeactivationDate(DateTime::from_seconds(START + 1000)),
        Attribute::ProcessStartDate(peer.now()),
        Attribute::ProtectStopDate(DateTime::from_seconds(START + 900)),
        Attribute::Name(Name::text("n")),
        Attribute::ObjectGroup("g".to_owned()),
        Attribute::Description("d".to_owned()),
        Attribute::CryptographicParameters(Box::default()),
        Attribute::Link(Link { link_type: LinkType::ParentLink, linked_object_identifier: "other".into() }),
        Attribute::UsageLimits(UsageLimits {
            usage_limits_total: 9,
            usage_limits_count: None,
            usage_limits_unit: UsageLimitsUnit::Object,
        }),
    ]);
    peer.call(RevokeRequest::new(key.clone(), RevocationReasonCode::KeyCompromise)).unwrap();
    let attributes = peer.attributes(&key);
    for tag in [
        Tag::ACTIVATION_DATE,
        Tag::ALWAYS_SENSITIVE,
        Tag::COMPROMISE_DATE,
        Tag::COMPROMISE_OCCURRENCE_DATE,
        Tag::CRYPTOGRAPHIC_ALGORITHM,
        Tag::CRYPTOGRAPHIC_LENGTH,
        Tag::CRYPTOGRAPHIC_PARAMETERS,
        Tag::CRYPTOGRAPHIC_USAGE_MASK,
        Tag::DEACTIVATION_DATE,
        Tag::DESCRIPTION,
        Tag::DIGEST,
        Tag::EXTRACTABLE,
        Tag::FRESH,
        Tag::INITIAL_DATE,
        Tag::LAST_CHANGE_DATE,
        Tag::LEASE_TIME,
        Tag::LINK,
        Tag::NAME,
        Tag::NEVER_EXTRACTABLE,
        Tag::OBJECT_GROUP,
        Tag::OBJECT_TYPE,
        Tag::ORIGINAL_CREATION_DATE,
        Tag::PROCESS_START_DATE,
        Tag::PROTECT_STOP_DATE,
        Tag::PROTECTION_STORAGE_MASK,
        Tag::RANDOM_NUMBER_GENERATOR,
        Tag::REVOCATION_REASON,
        Tag::SENSITIVE,
        Tag::STATE,
        Tag::USAGE_LIMITS,
        Tag::UNIQUE_IDENTIFIER,
    ] {
        assert!(attributes.iter().any(|attribute| attribute.tag() == tag), "{tag}");
    }
}

#[test]
fn says_no_profile_that_it_does_not_keep_to() {
    for version in VERSIONS.into_iter().filter(|version| *version >= ProtocolVersion::V1_4) {
        let peer = Peer::new(version);
        let response = peer.call(QueryRequest::new([QueryFunction::QueryProfiles])).unwrap();
        // Before KMIP 2.0 each name of a profile has a version in it.
        assert_eq!(response.profile_information.is_empty(), version < ProtocolVersion::V2_0);
        let is_of_a_port = |name| {
            matches!(name, ProfileName::HttpsServer | ProfileName::JsonServer | ProfileName::XmlServer)
        };
        assert!(!response.profile_information.iter().any(|one| is_of_a_port(one.profile_name)));
    }
}
