//! PKCS#12 as a Key Format Type, registered and given, by a password that the server has.

use kmip_sdk::keys::{CertifiedKey, Material};
use kmip_sdk::types::ProtocolVersion;
use kmip_sdk::types::attribute::{Attribute, Attributes, Link, UniqueIdentifier};
use kmip_sdk::types::enumerations::{KeyFormatType, LinkType, ObjectType, ResultReason as R};
use kmip_sdk::types::masks::CryptographicUsageMask as Mask;
use kmip_sdk::types::object::{KeyBlock, KeyMaterial, ManagedObject, PrivateKey};
use kmip_sdk::types::operation::{
    ActivateRequest, AddAttributeRequest, ExportRequest, GetRequest, RegisterRequest,
};

use crate::support::Peer;

const PASSWORD: &str = "correct horse";

/// A private key, its certificate, and that of who issued it.
fn certified() -> Vec<Material> {
    use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};
    let authority_key = KeyPair::generate().unwrap();
    let mut parameters = CertificateParams::default();
    parameters.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    parameters.distinguished_name.push(DnType::CommonName, "authority");
    let authority = parameters.self_signed(&authority_key).unwrap();
    let issuer = Issuer::new(parameters, &authority_key);
    let key = KeyPair::generate().unwrap();
    let mut parameters = CertificateParams::new(["example.com".to_owned()]).unwrap();
    parameters.distinguished_name.push(DnType::CommonName, "example.com");
    let certificate = parameters.signed_by(&key, &issuer).unwrap();
    Material::all_from_pem(key.serialize_pem() + &certificate.pem() + &authority.pem()).unwrap()
}

fn link(link_type: LinkType, to: &UniqueIdentifier) -> Attribute {
    Attribute::Link(Link { link_type, linked_object_identifier: to.clone() })
}

fn password(peer: &Peer, text: &str) -> UniqueIdentifier {
    let attributes = Attributes::new().with(Attribute::CryptographicUsageMask(Mask::DERIVE_KEY));
    let request = Material::password(text).to_register_request(attributes).unwrap();
    let identifier = peer.call(request).unwrap().unique_identifier;
    peer.call(ActivateRequest::new(identifier.clone())).unwrap();
    identifier
}

fn register(peer: &Peer, file: Vec<u8>, more: Vec<Attribute>) -> Result<UniqueIdentifier, R> {
    let algorithm = kmip_sdk::types::enumerations::CryptographicAlgorithm::Ec;
    let key_block = KeyBlock::plain(KeyFormatType::Pkcs12, KeyMaterial::bytes(file), algorithm, 256);
    let mut attributes = Attributes::new().with(Attribute::CryptographicUsageMask(Mask::SIGN));
    attributes.extend(more);
    let object = ManagedObject::PrivateKey(PrivateKey { key_block });
    let request = RegisterRequest::new(ObjectType::PrivateKey, attributes, object);
    peer.call(request).map(|response| response.unique_identifier)
}

fn linked(peer: &Peer, from: &UniqueIdentifier, link_type: LinkType) -> UniqueIdentifier {
    let attributes = peer.attributes(from);
    let mut links = attributes.links().filter(|link| link.link_type == link_type);
    links.next().unwrap().linked_object_identifier.clone()
}

fn get(peer: &Peer, key: &UniqueIdentifier) -> Result<Vec<u8>, R> {
    let request = GetRequest { key_format_type: Some(KeyFormatType::Pkcs12), ..GetRequest::new(key.clone()) };
    match peer.call(request)?.object {
        ManagedObject::Certificate(certificate) => Ok(certificate.certificate_value),
        object => {
            let block = object.key_block().unwrap();
            assert_eq!(block.key_format_type, KeyFormatType::Pkcs12);
            Ok(block.key_bytes().unwrap().to_vec())
        }
    }
}

#[test]
fn what_is_registered_is_taken_apart_and_given_as_it_was() {
    for version in [ProtocolVersion::V1_4, ProtocolVersion::V2_1] {
        let peer = Peer::new(version);
        let all = certified();
        let file = CertifiedKey::new(all.clone()).unwrap().to_pkcs12(PASSWORD).unwrap();
        let secret = password(&peer, PASSWORD);
        let by = link(LinkType::Pkcs12PasswordLink, &secret);
        let key = register(&peer, file, vec![by.clone()]).unwrap();
        // The key is one that the server can use.
        assert_eq!(
            Material::from_object(&peer.call(GetRequest::new(key.clone())).unwrap().object).unwrap(),
            all[0]
        );
        let public = linked(&peer, &key, LinkType::PublicKeyLink);
        let certificate = linked(&peer, &public, LinkType::Pkcs12CertificateLink);
        let issuer = linked(&peer, &certificate, LinkType::CertificateLink);
        assert_eq!(peer.attributes(&public).cryptographic_usage_mask(), Some(Mask::VERIFY));
        for (identifier, expected) in [(&certificate, &all[1]), (&issuer, &all[2])] {
            let object = peer.call(GetRequest::new(identifier.clone())).unwrap().object;
            assert_eq!(&Material::from_object(&object).unwrap(), expected);
        }
        let given = get(&peer, &key).unwrap();
        assert_eq!(Material::all_from_pkcs12(&given, PASSWORD).unwrap(), all);
        assert!(Material::all_from_pkcs12(&given, "another").is_err());
        // Of a certificate too, by its own link.
        assert_eq!(get(&peer, &certificate), Err(refused(version)));
        peer.call(AddAttributeRequest::new(certificate.clone(), by)).unwrap();
        assert_eq!(Material::all_from_pkcs12(get(&peer, &certificate).unwrap(), PASSWORD).unwrap(), all);
        let request = ExportRequest {
            unique_identifier: Some(key.clone()),
            key_format_type: Some(KeyFormatType::Pkcs12),
            ..ExportRequest::default()
        };
        let exported = peer.call(request).unwrap().object;
        let exported = exported.key_block().unwrap().key_bytes().unwrap().to_vec();
        assert_eq!(Material::all_from_pkcs12(exported, PASSWORD).unwrap(), all);
    }
}

/// The reason for a password that is not there.
fn refused(version: ProtocolVersion) -> R {
    crate::support::reason(version, R::BadPassword, R::GeneralFailure)
}

#[test]
fn the_friendly_name_says_which_key_and_is_given_with_it() {
    let peer = Peer::new(ProtocolVersion::V2_1);
    let all = certified();
    let secret = password(&peer, PASSWORD);
    let by = link(LinkType::Pkcs12PasswordLink, &secret);
    let plain = CertifiedKey::new(all.clone()).unwrap().to_pkcs12(PASSWORD).unwrap();
    let named = |name: &str| vec![by.clone(), Attribute::Pkcs12FriendlyName(name.to_owned())];
    assert_eq!(register(&peer, plain.clone(), named("web")), Err(R::InvalidField), "no key is called so");
    let key = register(&peer, plain, vec![by.clone()]).unwrap();
    assert_eq!(peer.attributes(&key).pkcs12_friendly_name(), None);
    // What has no name is called `alias`, which is recorded where it is found.
    let aliased = get(&peer, &key).unwrap();
    let again = register(&peer, aliased.clone(), vec![by.clone()]).unwrap();
    assert_eq!(peer.attributes(&again).pkcs12_friendly_name(), Some("alias"));
    assert!(register(&peer, aliased, named("ALIAS")).is_ok());
}

#[test]
fn refuses_a_password_that_is_none() {
    let peer = Peer::new(ProtocolVersion::V2_1);
    let file = CertifiedKey::new(certified()).unwrap().to_pkcs12(PASSWORD).unwrap();
    let (right, other) = (password(&peer, PASSWORD), password(&peer, "another"));
    let key = peer.create([]);
    let by = |to: &UniqueIdentifier| link(LinkType::Pkcs12PasswordLink, to);
    let pre_active = Material::password(PASSWORD).to_register_request(Attributes::new()).unwrap();
    let pre_active = peer.call(pre_active).unwrap().unique_identifier;
    for (what, links) in [
        ("none", vec![]),
        ("two", vec![by(&right), by(&other)]),
        ("another", vec![by(&other)]),
        ("a key", vec![by(&key)]),
        ("nothing", vec![by(&"nobody".into())]),
        ("not active", vec![by(&pre_active)]),
    ] {
        assert_eq!(register(&peer, file.clone(), links), Err(R::BadPassword), "{what}");
    }
    assert_eq!(register(&peer, vec![0x30, 0], vec![by(&right)]), Err(R::InvalidField));
}
