//! Register.

use kmip_sdk::types::attribute::{Attribute, Attributes};
use kmip_sdk::types::enumerations::{
    CertificateType, CryptographicAlgorithm as A, DigitalSignatureAlgorithm, KeyFormatType as F, LinkType,
    ObjectType, OpaqueDataType, ResultReason as R, SecretDataType, WrappingMethod,
};
use kmip_sdk::types::masks::CryptographicUsageMask;
use kmip_sdk::types::object::{
    Certificate, EncryptionKeyInformation, KeyBlock, KeyMaterial, KeyValue, KeyWrappingData, ManagedObject,
    OpaqueObject, PrivateKey, SecretData, SymmetricKey,
};
use kmip_sdk::types::operation::{GetRequest, ModifyAttributeRequest, RegisterRequest};
use kmip_sdk::types::{ProtocolVersion, Tag};

use crate::support::{Peer, VERSIONS, reason};

pub(crate) fn mask() -> Attributes {
    Attributes::new().with(Attribute::CryptographicUsageMask(CryptographicUsageMask::ENCRYPT))
}

fn aes(bytes: usize) -> KeyBlock {
    KeyBlock::plain(F::Raw, KeyMaterial::bytes(vec![7; bytes]), A::Aes, bytes as i32 * 8)
}

fn certificate() -> Vec<u8> {
    let mut params = rcgen::CertificateParams::new(vec!["example.com".to_owned()]).unwrap();
    params.distinguished_name.push(rcgen::DnType::CommonName, "the subject");
    params.self_signed(&rcgen::KeyPair::generate().unwrap()).unwrap().der().to_vec()
}

pub(crate) fn objects() -> Vec<(ObjectType, ManagedObject)> {
    let secret = KeyBlock {
        cryptographic_algorithm: None,
        cryptographic_length: None,
        ..KeyBlock::plain(F::Raw, KeyMaterial::bytes(b"hunter2".as_slice()), A::Aes, 0)
    };
    vec![
        (ObjectType::SymmetricKey, ManagedObject::SymmetricKey(SymmetricKey { key_block: aes(16) })),
        (
            ObjectType::SecretData,
            ManagedObject::SecretData(SecretData {
                secret_data_type: SecretDataType::Password,
                key_block: secret,
            }),
        ),
        (
            ObjectType::OpaqueObject,
            ManagedObject::OpaqueObject(OpaqueObject {
                opaque_data_type: OpaqueDataType::from(0x8000_0001),
                opaque_data_value: vec![1, 2, 3].into(),
            }),
        ),
        (
            ObjectType::Certificate,
            ManagedObject::Certificate(Certificate {
                certificate_type: CertificateType::X509,
                certificate_value: certificate(),
            }),
        ),
    ]
}

#[test]
fn gives_back_what_was_registered() {
    for version in VERSIONS {
        let peer = Peer::new(version);
        for (object_type, object) in objects() {
            let request = RegisterRequest::new(object_type, mask(), object.clone());
            let identifier = peer.call(request).unwrap().unique_identifier;
            let got = peer.call(GetRequest::new(identifier.clone())).unwrap();
            assert_eq!((got.object_type, got.object), (object_type, object), "{version}");
            let attributes = peer.attributes(&identifier);
            assert_eq!(attributes.object_type(), Some(object_type));
            assert_eq!(attributes.digests().count(), 1);
            assert!(attributes.random_number_generator().is_none(), "the server did not make it");
        }
    }
}

#[test]
fn a_certificate_says_what_it_is() {
    let peer = Peer::new(ProtocolVersion::V1_4);
    let value = certificate();
    let length = value.len() as i32;
    let object = ManagedObject::Certificate(Certificate {
        certificate_type: CertificateType::X509,
        certificate_value: value,
    });
    let request = RegisterRequest::new(ObjectType::Certificate, Attributes::new(), object);
    let attributes = peer.attributes(&peer.call(request).unwrap().unique_identifier);
    assert_eq!(attributes.certificate_type(), Some(CertificateType::X509));
    assert_eq!(attributes.certificate_length(), Some(length));
    assert_eq!(
        attributes.digital_signature_algorithms().next(),
        Some(DigitalSignatureAlgorithm::EcdsaWithSha256)
    );
    assert_eq!(attributes.cryptographic_length(), Some(256));
    let Some(Attribute::X509CertificateSubject(subject)) = attributes.get(Tag::X_509_CERTIFICATE_SUBJECT)
    else {
        panic!("an X.509 certificate has a subject")
    };
    let name = &subject.subject_distinguished_name;
    assert!(name.windows(11).any(|part| part == b"the subject"));
    assert_eq!(subject.subject_alternative_name.len(), 1);
}

#[test]
fn refuses_objects_that_contradict_themselves() {
    for version in VERSIONS {
        let peer = Peer::new(version);
        let refused = |object_type, attributes: Attributes, object| {
            peer.call(RegisterRequest::new(object_type, attributes, object)).unwrap_err()
        };
        let symmetric = |key_block| ManagedObject::SymmetricKey(SymmetricKey { key_block });
        let key = ObjectType::SymmetricKey;
        assert_eq!(refused(ObjectType::SecretData, mask(), symmetric(aes(16))), R::InvalidField);
        assert_eq!(refused(key, Attributes::new(), symmetric(aes(16))), R::InvalidMessage, "no usage mask");
        let short = KeyBlock { cryptographic_length: Some(256), ..aes(16) };
        assert_eq!(refused(key, mask(), symmetric(short)), R::InvalidField);
        let nameless = KeyBlock { cryptographic_algorithm: None, ..aes(16) };
        assert_eq!(refused(key, mask(), symmetric(nameless)), R::InvalidMessage);
        let unwrapped = KeyBlock { key_value: Some(KeyValue::Wrapped(vec![1; 24].into())), ..aes(16) };
        assert_eq!(refused(key, mask(), symmetric(unwrapped)), R::InvalidField);
        let single = reason(version, R::AttributeReadOnly, R::InvalidField);
        let other = mask().with(Attribute::ObjectType(ObjectType::SecretData));
        assert_eq!(refused(key, other, symmetric(aes(16))), single);
        let der = KeyBlock::plain(F::Pkcs1, KeyMaterial::bytes(vec![0x30, 0]), A::Rsa, 2048);
        let private = ManagedObject::PrivateKey(PrivateKey { key_block: der });
        assert_eq!(refused(ObjectType::PrivateKey, mask(), private), R::InvalidField);
        let certificate = ManagedObject::Certificate(Certificate {
            certificate_type: CertificateType::X509,
            certificate_value: vec![1, 2, 3],
        });
        assert_eq!(refused(ObjectType::Certificate, Attributes::new(), certificate), R::InvalidField);
    }
}

#[test]
fn a_wrapped_key_stays_wrapped() {
    let peer = Peer::new(ProtocolVersion::V2_1);
    let wrapping = peer.create([]);
    let block = KeyBlock {
        key_value: Some(KeyValue::Wrapped(vec![1; 24].into())),
        key_wrapping_data: Some(Box::new(KeyWrappingData {
            wrapping_method: WrappingMethod::Encrypt,
            encryption_key_information: Some(EncryptionKeyInformation {
                unique_identifier: wrapping.clone(),
                cryptographic_parameters: None,
            }),
            mac_signature_key_information: None,
            mac_signature: None,
            iv_counter_nonce: None,
            encoding_option: None,
        })),
        ..aes(16)
    };
    let object = ManagedObject::SymmetricKey(SymmetricKey { key_block: block });
    let request = RegisterRequest::new(ObjectType::SymmetricKey, mask(), object.clone());
    let key = peer.call(request).unwrap().unique_identifier;
    assert_eq!(peer.call(GetRequest::new(key.clone())).unwrap().object, object);
    let attributes = peer.attributes(&key);
    let link = attributes.links().next().unwrap();
    assert_eq!((link.link_type, &link.linked_object_identifier), (LinkType::WrappingKeyLink, &wrapping));
    let mut plain = GetRequest::new(key.clone());
    plain.key_wrap_type = Some(kmip_sdk::types::enumerations::KeyWrapType::NotWrapped);
    // The key that is said to wrap it is not active, and none that wraps.
    assert_eq!(peer.call(plain.clone()), Err(R::WrongKeyLifecycleState));
    // What is sensitive is given out as long as another key wraps it.
    let sensitive = ModifyAttributeRequest::new(key.clone(), Attribute::Sensitive(true));
    peer.call(sensitive).unwrap();
    assert_eq!(peer.call(GetRequest::new(key)).unwrap().object, object);
    assert_eq!(peer.call(plain), Err(R::Sensitive));
}

#[test]
fn keeps_only_so_many_objects() {
    let options = kmip_sdk::server::ServerOptions::default().maximum_objects(2);
    let peer = Peer::with(ProtocolVersion::V2_1, options);
    peer.create([]);
    peer.create([]);
    assert_eq!(peer.call(crate::support::create_aes([])), Err(R::ServerLimitExceeded));
}
