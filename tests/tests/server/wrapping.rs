//! Get, Export and Import, with keys wrapped and unwrapped.

use kmip_sdk::keys::Material;
use kmip_sdk::keys::wrap::{Wrapping, WrappingKey};
use kmip_sdk::types::attribute::{Attribute, Attributes, Name, UniqueIdentifier};
use kmip_sdk::types::enumerations::{
    CryptographicAlgorithm, EncodingOption, KeyWrapType, ObjectType, ResultReason as R, RevocationReasonCode,
    State, WrappingMethod,
};
use kmip_sdk::types::masks::CryptographicUsageMask as Mask;
use kmip_sdk::types::object::{KeyMaterial, KeyValue, KeyWrappingSpecification};
use kmip_sdk::types::operation::{
    CreateRequest, DestroyRequest, ExportRequest, GetRequest, ImportRequest, RevokeRequest,
};
use kmip_sdk::types::{DateTime, ProtocolVersion};

use crate::support::{Peer, START, create_aes, reason};

const VERSIONS: [ProtocolVersion; 4] =
    [ProtocolVersion::V1_1, ProtocolVersion::V1_2, ProtocolVersion::V1_4, ProtocolVersion::V2_1];

fn wrapping_key(peer: &Peer) -> (UniqueIdentifier, WrappingKey) {
    let attributes = Attributes::new()
        .with(Attribute::CryptographicAlgorithm(CryptographicAlgorithm::Aes))
        .with(Attribute::CryptographicLength(256))
        .with(Attribute::CryptographicUsageMask(Mask::WRAP_KEY | Mask::UNWRAP_KEY))
        .with(Attribute::ActivationDate(DateTime::from_seconds(START)));
    let request = CreateRequest::new(ObjectType::SymmetricKey, attributes);
    let identifier = peer.call(request).unwrap().unique_identifier;
    let object = peer.call(GetRequest::new(identifier.clone())).unwrap().object;
    let key = WrappingKey::new(identifier.clone(), &Material::from_object(&object).unwrap()).unwrap();
    (identifier, key)
}

fn wrapped(key: &UniqueIdentifier, specification: KeyWrappingSpecification) -> GetRequest {
    GetRequest { key_wrapping_specification: Some(Box::new(specification)), ..GetRequest::new(key.clone()) }
}

#[test]
fn a_key_is_given_wrapped_and_unwraps_to_itself() {
    for version in VERSIONS {
        let peer = Peer::new(version);
        let (identifier, wrapping_key) = wrapping_key(&peer);
        let key = peer.create([]);
        let plain = peer.call(GetRequest::new(key.clone())).unwrap().object;
        let mut ways = vec![Wrapping::aes_key_wrap(), Wrapping::aes_key_wrap().ttlv_encoding()];
        if version.is_at_least(ProtocolVersion::V1_4) {
            ways.extend([Wrapping::aes_key_wrap_with_padding(), Wrapping::aes_gcm()]);
        }
        for wrapping in ways {
            let specification = wrapping.clone().in_version(version).specification(identifier.clone());
            let given = peer.call(wrapped(&key, specification)).unwrap().object;
            assert!(matches!(given.key_block().unwrap().key_value, Some(KeyValue::Wrapped(_))));
            assert_eq!(wrapping_key.unwrap(&given).unwrap(), plain, "{wrapping:?} {version}");
        }
    }
}

#[test]
fn attributes_are_wrapped_with_the_key_in_ttlv_only() {
    let peer = Peer::new(ProtocolVersion::V1_4);
    let (identifier, wrapping_key) = wrapping_key(&peer);
    let key = peer.create([Attribute::Name(Name::text("n"))]);
    let mut specification = Wrapping::aes_key_wrap().ttlv_encoding().specification(identifier.clone());
    specification.attribute_name = vec!["Name".to_owned(), "Cryptographic Length".to_owned()];
    let given = peer.call(wrapped(&key, specification.clone())).unwrap().object;
    let unwrapped = wrapping_key.unwrap(&given).unwrap();
    let Some(KeyValue::Plain(value)) = &unwrapped.key_block().unwrap().key_value else { panic!() };
    assert_eq!(value.attributes.names().next(), Some(&Name::text("n")));
    assert_eq!(value.attributes.cryptographic_length(), Some(256));
    specification.encoding_option = Some(EncodingOption::NoEncoding);
    assert_eq!(peer.call(wrapped(&key, specification)), Err(R::EncodingOptionError));
}

#[test]
fn a_sensitive_key_is_given_wrapped_alone() {
    let peer = Peer::new(ProtocolVersion::V2_1);
    let (identifier, _) = wrapping_key(&peer);
    let key = peer.create([Attribute::Sensitive(true)]);
    assert_eq!(peer.call(GetRequest::new(key.clone())), Err(R::Sensitive));
    let specification = || Wrapping::aes_key_wrap().specification(identifier.clone());
    assert!(peer.call(wrapped(&key, specification())).is_ok());
    let key = peer.create([Attribute::Extractable(false)]);
    assert_eq!(peer.call(wrapped(&key, specification())), Err(R::NotExtractable));
}

#[test]
fn refuses_what_does_not_wrap() {
    for version in [ProtocolVersion::V1_4, ProtocolVersion::V2_1] {
        let peer = Peer::new(version);
        let (identifier, _) = wrapping_key(&peer);
        let (gone, _) = wrapping_key(&peer);
        peer.call(RevokeRequest::new(gone.clone(), RevocationReasonCode::Superseded)).unwrap();
        let retired = gone.clone();
        let key = peer.create([Attribute::ActivationDate(DateTime::from_seconds(START))]);
        let by = |identifier: &UniqueIdentifier| Wrapping::aes_key_wrap().specification(identifier.clone());
        let mut mode = by(&identifier);
        let parameters = mode.encryption_key_information.as_mut().unwrap();
        parameters.cryptographic_parameters.as_mut().unwrap().block_cipher_mode = None;
        let mut unsaid = by(&identifier);
        unsaid.encryption_key_information.as_mut().unwrap().cryptographic_parameters = None;
        let mut none = by(&identifier);
        none.encryption_key_information = None;
        let method = KeyWrappingSpecification { wrapping_method: WrappingMethod::MacSign, ..by(&identifier) };
        let tr_31 = KeyWrappingSpecification { wrapping_method: WrappingMethod::Tr31, ..by(&identifier) };
        let bad = reason(version, R::BadCryptographicParameters, R::InvalidField);
        for (specification, expected) in [
            (by(&"nobody".into()), reason(version, R::WrappingObjectNotFound, R::ItemNotFound)),
            (by(&retired), reason(version, R::WrongKeyLifecycleState, R::PermissionDenied)),
            (by(&key), reason(version, R::IncompatibleCryptographicUsageMask, R::PermissionDenied)),
            (mode, bad),
            (unsaid, bad),
            (none, R::InvalidField),
            (method, R::InvalidField),
            (tr_31, R::FeatureNotSupported),
        ] {
            assert_eq!(peer.call(wrapped(&key, specification.clone())), Err(expected), "{specification:?}");
        }
        peer.call(DestroyRequest::new(gone.clone())).unwrap();
        let destroyed = reason(version, R::WrappingObjectDestroyed, R::PermissionDenied);
        assert_eq!(peer.call(wrapped(&key, by(&gone))), Err(destroyed));
    }
}

#[test]
fn what_was_exported_is_imported_elsewhere_as_it_was() {
    for version in [ProtocolVersion::V1_4, ProtocolVersion::V2_1] {
        let (here, there) = (Peer::new(version), Peer::new(version));
        let key = here.create([
            Attribute::Name(Name::text("n")),
            Attribute::ActivationDate(DateTime::from_seconds(START)),
        ]);
        here.wait(100);
        there.wait(200);
        let exported = here
            .call(ExportRequest { unique_identifier: Some(key.clone()), ..ExportRequest::default() })
            .unwrap();
        assert_eq!(exported.attributes, here.attributes(&key));
        let import = |replace_existing| ImportRequest {
            unique_identifier: key.clone(),
            object_type: version.is_at_least(ProtocolVersion::V2_0).then_some(exported.object_type),
            replace_existing,
            key_wrap_type: None,
            attributes: exported.attributes.clone(),
            object: exported.object.clone(),
        };
        there.call(import(None)).unwrap();
        // Nothing is the server's to say: neither dates nor state.
        assert_eq!(there.attributes(&key), exported.attributes);
        assert_eq!(there.state(&key), State::Active);
        let again = there.call(GetRequest::new(key.clone())).unwrap().object;
        assert_eq!(again, exported.object);
        assert_eq!(there.call(import(None)), Err(R::ObjectAlreadyExists));
        assert_eq!(there.call(import(Some(false))), Err(R::ObjectAlreadyExists));
        there.call(import(Some(true))).unwrap();
        let other = ImportRequest { unique_identifier: "other".into(), ..import(None) };
        assert_eq!(there.call(other), Err(R::InvalidField), "the attributes name another object");
    }
}

#[test]
fn a_wrapped_key_is_unwrapped_where_that_is_asked_for() {
    let peer = Peer::new(ProtocolVersion::V2_1);
    let (identifier, wrapping_key) = wrapping_key(&peer);
    let plain = Material::aes(vec![7; 16]).unwrap().to_object().unwrap();
    let by = Wrapping::aes_key_wrap();
    let object = wrapping_key.wrap(&plain, &by).unwrap();
    let import = |name: &str, key_wrap_type| ImportRequest {
        unique_identifier: name.into(),
        object_type: Some(ObjectType::SymmetricKey),
        replace_existing: None,
        key_wrap_type: Some(key_wrap_type),
        attributes: Attributes::new().with(Attribute::CryptographicUsageMask(Mask::ENCRYPT)),
        object: object.clone(),
    };
    peer.call(import("plain", KeyWrapType::NotWrapped)).unwrap();
    peer.call(import("as it is", KeyWrapType::AsRegistered)).unwrap();
    let get = |name: &str, key_wrap_type| {
        let request = GetRequest { key_wrap_type, ..GetRequest::new(name) };
        peer.call(request).unwrap().object
    };
    let material = |object: kmip_sdk::types::object::ManagedObject| {
        object.key_block().and_then(|block| block.key_material().cloned())
    };
    let bytes = KeyMaterial::bytes(vec![7; 16]);
    assert_eq!(material(get("plain", None)), Some(bytes.clone()));
    assert_eq!(get("as it is", None), object);
    assert_eq!(material(get("as it is", Some(KeyWrapType::NotWrapped))), Some(bytes));
    // Without the key that wraps it, there is no way.
    peer.call(RevokeRequest::new(identifier.clone(), RevocationReasonCode::Superseded)).unwrap();
    peer.call(DestroyRequest::new(identifier)).unwrap();
    assert_eq!(peer.call(import("late", KeyWrapType::NotWrapped)), Err(R::WrappingObjectDestroyed));
}

#[test]
fn a_destroyed_key_is_exported_without_its_material() {
    let peer = Peer::new(ProtocolVersion::V2_1);
    let key = peer.call(create_aes([])).unwrap().unique_identifier;
    peer.call(DestroyRequest::new(key.clone())).unwrap();
    let request = ExportRequest { unique_identifier: Some(key), ..ExportRequest::default() };
    let exported = peer.call(request).unwrap();
    assert_eq!(exported.object.key_block().unwrap().key_value, None);
    assert_eq!(exported.attributes.state(), Some(State::Destroyed));
}
