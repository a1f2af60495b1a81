//! What is done to objects.

use kmip_sdk::types::attribute::{Attributes, CryptographicParameters};
use kmip_sdk::types::enumerations::{
    BlockCipherMode, ObjectType, OpaqueDataType, Operation, PaddingMethod, ResultReason,
    RevocationReasonCode, State,
};
use kmip_sdk::types::object::{ManagedObject, OpaqueObject};
use kmip_sdk::types::operation::{
    ActivateRequest, DecryptRequest, DestroyRequest, EncryptRequest, GetAttributesRequest, GetRequest,
    LocateRequest, RegisterRequest, RevokeRequest,
};
use kmip_sdk::{Phase, ProtocolVersion};

use super::place::{Place, Transport, created, named};
use crate::drivers::{Drives, Make, Start};

pub(super) fn lives_the_life_of_a_key<D: Drives>(transport: Transport) {
    let place = Place::new(transport);
    for version in place.versions() {
        let client = place.builder::<D>().version(*version).strict().start().unwrap();
        let name = format!("key of {version}");
        let key = created(&client, &name);
        client.call(ActivateRequest::new(key.clone())).make().unwrap();

        let got = client.call(GetRequest::new(key.clone())).make().unwrap();
        assert_eq!((got.object_type, got.unique_identifier), (ObjectType::SymmetricKey, key.clone()));
        assert!(matches!(got.object, ManagedObject::SymmetricKey(_)));
        let located = client.call(LocateRequest::new(named(&name))).make().unwrap();
        assert_eq!(located.unique_identifier, std::slice::from_ref(&key));
        let state = || {
            let attributes = client.call(GetAttributesRequest::all(key.clone())).make().unwrap().attributes;
            attributes.state().unwrap()
        };
        assert_eq!(state(), State::Active);

        let cbc = CryptographicParameters {
            block_cipher_mode: Some(BlockCipherMode::Cbc),
            padding_method: Some(PaddingMethod::Pkcs5),
            ..CryptographicParameters::default()
        };
        let encrypt = EncryptRequest {
            cryptographic_parameters: Some(Box::new(cbc.clone())),
            iv_counter_nonce: Some(vec![9; 16]),
            ..EncryptRequest::new(key.clone(), b"plain text".as_slice())
        };
        let encrypted = client.call(encrypt).make().unwrap().data.unwrap();
        assert_ne!(encrypted.reveal(), b"plain text");
        let decrypt = DecryptRequest {
            cryptographic_parameters: Some(Box::new(cbc)),
            iv_counter_nonce: Some(vec![9; 16]),
            ..DecryptRequest::new(key.clone(), encrypted)
        };
        assert_eq!(client.call(decrypt).make().unwrap().data.unwrap().reveal(), b"plain text");

        let reason = RevocationReasonCode::CessationOfOperation;
        client.call(RevokeRequest::new(key.clone(), reason)).make().unwrap();
        assert_eq!(state(), State::Deactivated);
        client.call(DestroyRequest::new(key.clone())).make().unwrap();
        let located = client.call(LocateRequest::new(named(&name))).make().unwrap();
        assert!(located.unique_identifier.is_empty());
        assert_eq!((client.status().opened(), client.status().in_use()), (1, 0));
    }
}

pub(super) fn types_the_failures_of_the_server<D: Drives>(transport: Transport) {
    let place = Place::new(transport);
    for version in place.versions() {
        let client = place.builder::<D>().version(*version).start().unwrap();
        let is_2 = version.is_at_least(ProtocolVersion::V2_0);
        let error = client.call(GetRequest::new("nothing")).make().unwrap_err();
        let reason = if is_2 { ResultReason::ObjectNotFound } else { ResultReason::ItemNotFound };
        assert!(error.is_not_found() && !error.is_permission_denied(), "{error}");
        assert_eq!((error.phase(), error.reason()), (Phase::Result, Some(reason)), "{error}");
        let server = error.server().unwrap();
        assert_eq!(server.operation, Some(Operation::Get));
        let text = server.result_message.as_deref().unwrap();
        assert!(!text.is_empty() && !text.contains("NotFound"), "the reason stands for itself: {text}");
        assert!(!error.is_outcome_unknown() && !error.is_retryable() && !error.is_timeout(), "{error}");

        // The key is not active yet.
        let key = created(&client, &format!("key of {version}"));
        let error = client.call(EncryptRequest::new(key, b"data".as_slice())).make().unwrap_err();
        let reason = if is_2 { ResultReason::WrongKeyLifecycleState } else { ResultReason::PermissionDenied };
        assert_eq!(error.reason(), Some(reason), "{error}");
        assert!(!error.is_not_found() && !error.is_outcome_unknown() && !error.is_retryable(), "{error}");
        assert_eq!(error.is_permission_denied(), !is_2, "{error}");
        // The connection serves on.
        assert_eq!(client.status().opened(), 1);
    }
}

pub(super) fn takes_a_large_object<D: Drives>(transport: Transport) {
    let place = Place::new(transport);
    let client = place.client::<D>();
    let bytes: Vec<u8> = (0..1_u32 << 20).map(|number| (number % 251) as u8).collect();
    let object = ManagedObject::OpaqueObject(OpaqueObject {
        opaque_data_type: OpaqueDataType::from(0x8000_0001),
        opaque_data_value: bytes.clone().into(),
    });
    let register = RegisterRequest::new(ObjectType::OpaqueObject, Attributes::new(), object);
    let registered = client.call(register).make().unwrap().unique_identifier;
    let got = client.call(GetRequest::new(registered)).make().unwrap();
    let ManagedObject::OpaqueObject(object) = got.object else { panic!("{:?}", got.object) };
    assert!(object.opaque_data_value.reveal() == bytes);
    assert_eq!(client.status().opened(), 1);
}
