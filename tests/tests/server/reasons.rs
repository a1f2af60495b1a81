//! Result Reasons: what the server gives for a failure is in the table of errors of the operation, version by version.

use std::collections::BTreeSet;

use kmip_sdk::types::attribute::{Attribute, AttributeReference, Attributes, Name, UniqueIdentifier};
use kmip_sdk::types::enumerations::{
    AdjustmentType, CryptographicAlgorithm, DerivationMethod, KeyFormatType, ObjectType, Operation,
    ResultReason as R, RevocationReasonCode, SplitKeyMethod, State,
};
use kmip_sdk::types::masks::CryptographicUsageMask as Mask;
use kmip_sdk::types::message::{Message, ResponseMessage};
use kmip_sdk::types::object::ManagedObject;
use kmip_sdk::types::operation::{
    ActivateRequest, AddAttributeRequest, AdjustAttributeRequest, ArchiveRequest, CertifyRequest,
    CheckRequest, CreateKeyPairRequest, CreateRequest, CreateSplitKeyRequest, DecryptRequest,
    DeleteAttributeRequest, DeriveKeyRequest, DestroyRequest, EncryptRequest, ExportRequest,
    GetAttributeListRequest, GetAttributesRequest, GetRequest, GetUsageAllocationRequest, ImportRequest,
    JoinSplitKeyRequest, MacRequest, MacVerifyRequest, ModifyAttributeRequest, ObtainLeaseRequest,
    ReCertifyRequest, ReKeyKeyPairRequest, ReKeyRequest, RecoverRequest, RegisterRequest, RequestPayload,
    RevokeRequest, SetAttributeRequest, SignRequest, SignatureVerifyRequest,
};
use kmip_sdk::types::tables::OperationInfo;
use kmip_sdk::types::{DateTime, Item, ProtocolVersion, Tag, Value};

use crate::register::objects;
use crate::support::{Peer, START, create_aes};

/// Reasons that the server gives though a table leaves them out, and of which operation; the enumeration of reasons says
/// what they mean. Of an object that is archived or destroyed the tables of KMIP 2 say nothing, nor that of Export of what is
/// not given out, and KMIP 1.2 has no tables for its cryptographic operations.
const UNLISTED: &[(Option<Operation>, R)] = &[
    (None, R::ObjectArchived),
    (None, R::ObjectDestroyed),
    (Some(Operation::Export), R::Sensitive),
    (Some(Operation::Export), R::NotExtractable),
    (Some(Operation::Encrypt), R::ItemNotFound),
    (Some(Operation::Decrypt), R::ItemNotFound),
    (Some(Operation::Sign), R::ItemNotFound),
    (Some(Operation::SignatureVerify), R::ItemNotFound),
    (Some(Operation::Mac), R::ItemNotFound),
    (Some(Operation::MacVerify), R::ItemNotFound),
];

/// Every operation on an object, as it would be asked of one that may do it.
fn on(key: &UniqueIdentifier) -> Vec<RequestPayload> {
    let unique_identifier = || Some(key.clone());
    let data = || Some(vec![1_u8; 16].into());
    let comment = || Attribute::ContactInformation("a".to_owned());
    let split = CreateSplitKeyRequest {
        object_type: ObjectType::SplitKey,
        unique_identifier: unique_identifier(),
        split_key_parts: 2,
        split_key_threshold: 2,
        split_key_method: SplitKeyMethod::Xor,
        prime_field_size: None,
        attributes: Attributes::new(),
        protection_storage_masks: None,
    };
    let join = JoinSplitKeyRequest {
        object_type: ObjectType::SymmetricKey,
        unique_identifier: vec![key.clone()],
        secret_data_type: None,
        attributes: None,
        protection_storage_masks: None,
    };
    let derive = DeriveKeyRequest {
        object_type: ObjectType::SymmetricKey,
        unique_identifier: vec![key.clone()],
        derivation_method: DerivationMethod::Encrypt,
        derivation_parameters: Default::default(),
        attributes: create_aes([]).attributes,
    };
    let delete = DeleteAttributeRequest {
        unique_identifier: unique_identifier(),
        attribute_reference: Some(AttributeReference::from(Tag::CONTACT_INFORMATION)),
        ..DeleteAttributeRequest::default()
    };
    let adjust = AdjustAttributeRequest {
        unique_identifier: unique_identifier(),
        attribute_reference: AttributeReference::from(Tag::PROTECTION_PERIOD),
        adjustment_type: AdjustmentType::Increment,
        adjustment_value: None,
    };
    let allocation =
        GetUsageAllocationRequest { unique_identifier: unique_identifier(), usage_limits_count: 1 };
    let check = CheckRequest {
        unique_identifier: unique_identifier(),
        cryptographic_usage_mask: Some(Mask::CRL_SIGN),
        ..CheckRequest::default()
    };
    let pair = ReKeyKeyPairRequest {
        private_key_unique_identifier: unique_identifier(),
        ..ReKeyKeyPairRequest::default()
    };
    let verify = SignatureVerifyRequest {
        unique_identifier: unique_identifier(),
        data: data(),
        signature_data: Some(vec![1]),
        ..SignatureVerifyRequest::default()
    };
    let mac = MacRequest { unique_identifier: unique_identifier(), data: data(), ..MacRequest::default() };
    let mac_verify = MacVerifyRequest {
        unique_identifier: unique_identifier(),
        data: data(),
        mac_data: Some(vec![1_u8].into()),
        ..MacVerifyRequest::default()
    };
    let sign = SignRequest { unique_identifier: unique_identifier(), data: data(), ..SignRequest::default() };
    let export = ExportRequest { unique_identifier: unique_identifier(), ..ExportRequest::default() };
    let re_key = ReKeyRequest { unique_identifier: unique_identifier(), ..ReKeyRequest::default() };
    let certify = CertifyRequest { unique_identifier: unique_identifier(), ..CertifyRequest::default() };
    let re_certify =
        ReCertifyRequest { unique_identifier: unique_identifier(), ..ReCertifyRequest::default() };
    vec![
        GetRequest::new(key.clone()).into(),
        GetAttributesRequest::all(key.clone()).into(),
        GetAttributeListRequest::new(key.clone()).into(),
        AddAttributeRequest::new(key.clone(), comment()).into(),
        ModifyAttributeRequest::new(key.clone(), comment()).into(),
        SetAttributeRequest::new(key.clone(), comment()).into(),
        delete.into(),
        adjust.into(),
        ObtainLeaseRequest { unique_identifier: unique_identifier() }.into(),
        allocation.into(),
        ActivateRequest { unique_identifier: unique_identifier() }.into(),
        RevokeRequest::new(key.clone(), RevocationReasonCode::CessationOfOperation).into(),
        check.into(),
        EncryptRequest::new(key.clone(), vec![1; 16]).into(),
        DecryptRequest::new(key.clone(), vec![1; 16]).into(),
        sign.into(),
        verify.into(),
        mac.into(),
        mac_verify.into(),
        re_key.into(),
        pair.into(),
        certify.into(),
        re_certify.into(),
        split.into(),
        join.into(),
        derive.into(),
        export.into(),
        ArchiveRequest { unique_identifier: unique_identifier() }.into(),
        RecoverRequest { unique_identifier: unique_identifier() }.into(),
        DestroyRequest { unique_identifier: unique_identifier() }.into(),
    ]
}

/// Requests that fail whatever there is, and some of one object only.
fn wrong(peer: &Peer, key: &UniqueIdentifier) -> Vec<RequestPayload> {
    let aes = |attribute| RequestPayload::from(create_aes([attribute]));
    let without = |tag: Tag| {
        let mut request = create_aes([]);
        let kept = request.attributes.iter().filter(|other| {
            AttributeReference::from(kmip_sdk::types::ttlv::Tagged::tag(*other)) != tag.into()
        });
        request.attributes = kept.cloned().collect();
        RequestPayload::from(request)
    };
    let formats = [KeyFormatType::X509, KeyFormatType::Pkcs1]
        .map(|format| GetRequest { key_format_type: Some(format), ..GetRequest::new(key.clone()) }.into());
    let add = |attribute| AddAttributeRequest::new(key.clone(), attribute).into();
    let modify = |attribute| ModifyAttributeRequest::new(key.clone(), attribute).into();
    let set = |attribute| SetAttributeRequest::new(key.clone(), attribute).into();
    let delete = |tag: Tag| {
        DeleteAttributeRequest {
            unique_identifier: Some(key.clone()),
            attribute_reference: Some(tag.into()),
            ..DeleteAttributeRequest::default()
        }
        .into()
    };
    let objects = objects();
    let (_, secret) = objects.iter().find(|(kind, _)| *kind == ObjectType::SecretData).unwrap();
    let mut payloads = vec![
        aes(Attribute::State(State::Active)),
        aes(Attribute::Name(Name::text("taken"))),
        aes(Attribute::ContactInformation("twice".to_owned())),
        aes(Attribute::CryptographicLength(7)),
        without(Tag::CRYPTOGRAPHIC_USAGE_MASK),
        without(Tag::CRYPTOGRAPHIC_ALGORITHM),
        CreateRequest::new(ObjectType::Certificate, create_aes([]).attributes).into(),
        CreateKeyPairRequest::default().into(),
        CreateKeyPairRequest {
            common_attributes: Some(
                Attributes::new()
                    .with(Attribute::CryptographicAlgorithm(CryptographicAlgorithm::Rsa))
                    .with(Attribute::CryptographicLength(77))
                    .with(Attribute::CryptographicUsageMask(Mask::SIGN)),
            ),
            ..CreateKeyPairRequest::default()
        }
        .into(),
        RegisterRequest::new(ObjectType::SymmetricKey, create_aes([]).attributes, secret.clone()).into(),
        add(Attribute::State(State::Active)),
        add(Attribute::Name(Name::text("taken"))),
        add(Attribute::CryptographicLength(1)),
        add(Attribute::ProtectStopDate(DateTime::from_seconds(START - 5))),
        modify(Attribute::State(State::Active)),
        modify(Attribute::Name(Name::text("taken"))),
        modify(Attribute::ProcessStartDate(DateTime::from_seconds(START - 5))),
        set(Attribute::State(State::Active)),
        delete(Tag::STATE),
        delete(Tag::MAC_DATA),
        delete(Tag::OBJECT_GROUP),
    ];
    payloads.extend(formats);
    let import = |object: ManagedObject, replace| ImportRequest {
        unique_identifier: key.clone(),
        object_type: object.object_type().filter(|_| peer.version.has_attributes_by_tag()),
        replace_existing: replace,
        key_wrap_type: None,
        attributes: Attributes::new().with(Attribute::ContactInformation("a".to_owned())),
        object,
    };
    payloads.push(import(secret.clone(), None).into());
    assert!(peer.attributes(key).names().any(|name| name.name_value == "taken"));
    payloads
}

/// The reason for which one request is refused, if it is, by a version that has it.
fn refused(peer: &Peer, payload: RequestPayload) -> Option<(Operation, R)> {
    let operation = payload.operation().unwrap();
    let edition = OperationInfo::of(operation).unwrap().edition(peer.version);
    edition?;
    // KMIP 1.0 certifies by a certificate request only.
    let certifies = matches!(operation, Operation::Certify | Operation::ReCertify);
    if certifies && peer.version == ProtocolVersion::V1_0 {
        return None;
    }
    let response = peer.send(vec![payload], |_| {});
    response.batch_item[0].result_reason.map(|reason| (operation, reason))
}

#[test]
fn every_refusal_is_for_a_reason_of_the_operations_table() {
    let mut unlisted: BTreeSet<String> = BTreeSet::new();
    let mut excused = Vec::new();
    let mut refusals = 0;
    for version in ProtocolVersion::ALL {
        let peer = Peer::new(*version);
        let mut given: Vec<(Operation, R, &str)> = Vec::new();
        let mut ask = |what, payloads: Vec<RequestPayload>| {
            for payload in payloads {
                given.extend(refused(&peer, payload).map(|(operation, reason)| (operation, reason, what)));
            }
        };
        ask("nobody", on(&"nobody".into()));
        let active = || Attribute::ActivationDate(DateTime::from_seconds(START));
        let key = peer.create([active(), Attribute::Name(Name::text("taken"))]);
        ask("wrong", wrong(&peer, &key));
        ask("active", on(&peer.create([active()])));
        ask("not active", on(&peer.create([])));
        let archived = peer.create([]);
        peer.call(ArchiveRequest { unique_identifier: Some(archived.clone()) }).unwrap();
        let on_archived = on(&archived);
        ask(
            "archived",
            on_archived
                .into_iter()
                .filter(|payload| payload.operation() != Some(Operation::Recover))
                .collect(),
        );
        let destroyed = peer.create([]);
        peer.call(DestroyRequest { unique_identifier: Some(destroyed.clone()) }).unwrap();
        ask("destroyed", on(&destroyed));
        let kept = |attribute| peer.create([active(), attribute]);
        if *version >= ProtocolVersion::V1_4 {
            for attribute in [Attribute::Sensitive(true), Attribute::Extractable(false)] {
                ask("kept back", on(&kept(attribute)));
            }
        }
        for (object_type, object) in objects() {
            let request = RegisterRequest::new(object_type, crate::register::mask(), object);
            let registered = peer.call(request).unwrap().unique_identifier;
            ask("another type", on(&registered));
        }
        refusals += given.len();
        for (operation, reason, what) in given {
            let info = OperationInfo::of(operation).unwrap();
            if info.edition(*version).unwrap().reasons.contains(&reason) {
                continue;
            }
            let is_said = |(of, other): &&(Option<Operation>, R)| {
                *other == reason && of.is_none_or(|of| of == operation)
            };
            match UNLISTED.iter().find(is_said) {
                Some(known) => excused.push(known),
                None => {
                    unlisted.insert(format!("{} {version} {what}: {reason}", info.name));
                }
            }
        }
    }
    assert!(refusals > 500, "{refusals}");
    assert!(unlisted.is_empty(), "{unlisted:#?}");
    for known in UNLISTED {
        assert!(excused.contains(&known), "{known:?} is no longer given where a table leaves it out");
    }
}

/// A payload of nonsense under an operation's number.
fn nonsense(peer: &Peer, operation: Operation) -> Option<R> {
    let mut message = Vec::new();
    let request = GetRequest::new("a");
    peer.send(vec![request.into()], |sent| {
        let mut tree = Item::from_ttlv(&sent.to_ttlv().unwrap()).unwrap();
        let item = child(&mut tree, Tag::BATCH_ITEM);
        child(item, Tag::OPERATION).value = Value::Enumeration(operation.value());
        let payload = child(item, Tag::REQUEST_PAYLOAD);
        payload.value = Value::Structure(vec![Item::new(Tag::STATE, Value::TextString("?".to_owned()))]);
        message = tree.to_ttlv().unwrap();
    });
    let response = ResponseMessage::from_ttlv(&peer.server.handle(&message)).unwrap();
    response.batch_item[0].result_reason
}

fn child(item: &mut Item, tag: Tag) -> &mut Item {
    let Value::Structure(fields) = &mut item.value else { panic!("a structure") };
    fields.iter_mut().find(|field| field.tag == tag).unwrap()
}

#[test]
fn what_is_not_there_is_said_before_its_payload_is_read() {
    for (version, operation) in [
        (ProtocolVersion::V2_1, Operation::Put),
        (ProtocolVersion::V2_1, Operation::Other(0x8000_0077)),
        (ProtocolVersion::V1_4, Operation::SetAttribute),
        (ProtocolVersion::V1_0, Operation::Encrypt),
        (ProtocolVersion::V1_4, Operation::Notify),
    ] {
        let peer = Peer::new(version);
        assert_eq!(nonsense(&peer, operation), Some(R::OperationNotSupported), "{operation} {version}");
    }
    let peer = Peer::new(ProtocolVersion::V1_4);
    let read = nonsense(&peer, Operation::Get);
    assert!(read.is_some_and(|reason| reason != R::OperationNotSupported), "{read:?}");
}
