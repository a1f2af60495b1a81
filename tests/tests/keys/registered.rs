//! Keys registered at the embedded server, and had back from it.

use kmip_sdk::keys::wrap::{Wrapping, WrappingKey};
use kmip_sdk::keys::{CertifiedKey, KeyError, Material};
use kmip_sdk::server::{Server, ServerOptions};
use kmip_sdk::types::attribute::{Attributes, Name, UniqueIdentifier};
use kmip_sdk::types::enumerations::{CryptographicAlgorithm, LinkType};
use kmip_sdk::types::masks::CryptographicUsageMask;
use kmip_sdk::types::operation::{GetAttributesRequest, GetRequest};
use kmip_sdk::types::{ProtocolVersion, Tag};
use kmip_sdk::{Client, ErrorKind};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};

use crate::made::{RSA, certificate};

const VERSIONS: [ProtocolVersion; 7] = [
    ProtocolVersion::V1_0,
    ProtocolVersion::V1_1,
    ProtocolVersion::V1_2,
    ProtocolVersion::V1_3,
    ProtocolVersion::V1_4,
    ProtocolVersion::V2_0,
    ProtocolVersion::V2_1,
];

fn client(version: ProtocolVersion) -> Client {
    let server = Server::new(ServerOptions::default());
    Client::builder().service(server).version(version).connect().unwrap()
}

/// The same, where a version has no algorithm EC.
fn for_version(material: &Material, version: ProtocolVersion) -> Material {
    let is_ec = material.algorithm() == Some(CryptographicAlgorithm::Ec);
    match material.clone().with_algorithm(CryptographicAlgorithm::Ecdsa) {
        Ok(ecdsa) if is_ec && !version.is_at_least(ProtocolVersion::V1_2) => ecdsa,
        _ => material.clone(),
    }
}

fn usage(mask: CryptographicUsageMask) -> Attributes {
    Attributes::new().with_cryptographic_usage_mask(mask)
}

fn links(client: &Client, identifier: &UniqueIdentifier) -> Vec<(LinkType, UniqueIdentifier)> {
    let attributes = client.call(GetAttributesRequest::all(identifier.clone())).send().unwrap().attributes;
    attributes.links().map(|link| (link.link_type, link.linked_object_identifier.clone())).collect()
}

#[test]
fn everything_registered_comes_back_the_same_in_every_version() {
    let (certificate, key) = certificate();
    let all = [
        RSA[0].clone(),
        RSA[0].public_key().unwrap(),
        key.public_key().unwrap(),
        key,
        certificate,
        Material::aes(vec![7; 32]).unwrap(),
        Material::symmetric(CryptographicAlgorithm::Des3, vec![7; 24]).unwrap(),
        Material::password("seventeen"),
        Material::opaque(vec![1, 2, 3]),
    ];
    for version in VERSIONS {
        let client = client(version);
        for material in &all {
            let material = &for_version(material, version);
            let request = material.to_register_request(usage(CryptographicUsageMask::SIGN)).unwrap();
            let identifier = client.call(request).send().unwrap().unique_identifier;
            let object = client.call(GetRequest::new(identifier.clone())).send().unwrap().object;
            assert_eq!(&Material::from_object(&object).unwrap(), material, "{version}");
            let known = client.call(GetAttributesRequest::all(identifier)).send().unwrap().attributes;
            for attribute in material.attributes().iter() {
                assert!(known.iter().any(|known| known == attribute), "{version}: {material}: {attribute:?}");
            }
        }
    }
}

/// What the client says of a certificate is what the server makes of it.
#[test]
fn the_server_makes_the_same_of_a_certificate() {
    let (certificate, _) = certificate();
    // Each of the two has attributes that the other has not.
    let known = [ProtocolVersion::V1_4, ProtocolVersion::V2_1].map(|version| {
        let client = client(version);
        let request = certificate.to_register_request(Attributes::new()).unwrap();
        let identifier = client.call(request).send().unwrap().unique_identifier;
        client.call(GetAttributesRequest::all(identifier)).send().unwrap().attributes
    });
    for attribute in certificate.certificate_attributes().unwrap().iter() {
        assert!(known.iter().flat_map(Attributes::iter).any(|known| known == attribute), "{attribute:?}");
    }
}

/// An issuer, a certificate by it, and the certificate's key; all in PEM, in no good order.
fn issued() -> String {
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.distinguished_name.push(rcgen::DnType::CommonName, "issuer");
    let issuer = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
    let key = KeyPair::generate().unwrap();
    let params = CertificateParams::new(["example.com".to_owned()]).unwrap();
    let certificate = params.signed_by(&key, &issuer).unwrap();
    [issuer.pem(), key.serialize_pem(), certificate.pem()].concat()
}

#[test]
fn a_certificate_with_its_keys_is_registered_and_linked_in_every_version() {
    use LinkType::{CertificateLink, PrivateKeyLink, PublicKeyLink};
    for version in VERSIONS {
        let client = client(version);
        let all = Material::all_from_pem(issued()).unwrap();
        let pair = CertifiedKey::new(all.iter().map(|material| for_version(material, version)))
            .unwrap()
            .private_key_attributes(usage(CryptographicUsageMask::SIGN).with_name(Name::text("key")))
            .certificate_attributes(Attributes::new().with_name(Name::text("certificate")));
        let (batch, registration) = pair.register().unwrap();
        let registered = registration.read(&mut client.call_batch(batch).send().unwrap()).unwrap();
        let (batch, handles) = registered.link();
        assert_eq!(handles.len(), 7);
        let mut results = client.call_batch(batch).send().unwrap();
        for handle in handles {
            results.take(handle).unwrap();
        }
        let certificate = registered.certificate.clone();
        let (private, public) = (registered.private_key.unwrap(), registered.public_key.unwrap());
        let [issuer] = &registered.issuers[..] else { panic!() };
        assert_eq!(
            links(&client, &private),
            [(CertificateLink, certificate.clone()), (PublicKeyLink, public.clone())],
            "{version}"
        );
        assert_eq!(
            links(&client, &public),
            [(CertificateLink, certificate.clone()), (PrivateKeyLink, private.clone())]
        );
        assert_eq!(
            links(&client, &certificate),
            [(PrivateKeyLink, private), (PublicKeyLink, public), (CertificateLink, issuer.clone())]
        );
        assert_eq!(links(&client, issuer), []);
    }
}

#[test]
fn a_certificate_without_its_keys_needs_no_links() {
    let (certificate, _) = certificate();
    let pair = CertifiedKey::new([certificate]).unwrap().without_public_key();
    let client = client(ProtocolVersion::V1_4);
    let (batch, registration) = pair.register().unwrap();
    let registered = registration.read(&mut client.call_batch(batch).send().unwrap()).unwrap();
    assert!(registered.link().0.is_empty());
}

#[test]
fn what_is_not_registered_says_why() {
    // Without a Cryptographic Usage Mask.
    let pair = CertifiedKey::new(Material::all_from_pem(issued()).unwrap()).unwrap();
    let client = client(ProtocolVersion::V2_1);
    let (batch, registration) = pair.register().unwrap();
    let error = registration.read(&mut client.call_batch(batch).send().unwrap()).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Server(_)), "{error}");
}

#[test]
fn refuses_what_does_not_belong_together() {
    let ((certificate, key), (stranger, strange_key)) = (certificate(), certificate());
    let new = |all: Vec<&Material>| CertifiedKey::new(all.into_iter().cloned()).unwrap_err();
    assert_eq!(new(vec![]), KeyError::NoCertificate);
    assert_eq!(new(vec![&key]), KeyError::NoCertificate);
    assert!(matches!(new(vec![&certificate, &strange_key]), KeyError::OtherCertificate { .. }));
    assert!(matches!(new(vec![&certificate, &key, &stranger]), KeyError::OtherCertificate { .. }));
    assert!(matches!(new(vec![&certificate, &key, &strange_key]), KeyError::Several { .. }));
    let public = strange_key.public_key().unwrap();
    assert!(matches!(new(vec![&certificate, &key, &public]), KeyError::OtherCertificate { .. }));
    assert!(matches!(
        new(vec![&certificate, &RSA[0].public_key().unwrap()]),
        KeyError::OtherCertificate { .. }
    ));
    assert!(matches!(new(vec![&certificate, &Material::password("x")]), KeyError::OtherMaterial { .. }));
    CertifiedKey::new([key.public_key().unwrap(), key, certificate]).unwrap();
}

/// The server keeps it as it is, and gives it so; it is unwrapped here.
#[test]
fn a_wrapped_key_is_registered_and_comes_back_wrapped() {
    let wrapping_key = WrappingKey::new("kek-1", &Material::aes(vec![1; 32]).unwrap()).unwrap();
    let key = Material::aes(vec![7; 32]).unwrap();
    for version in VERSIONS {
        let client = client(version);
        let mut request = key.to_register_request(usage(CryptographicUsageMask::ENCRYPT)).unwrap();
        let wrapping = Wrapping::aes_key_wrap().ttlv_encoding().in_version(version);
        request.object = Some(wrapping_key.wrap(&request.object.unwrap(), &wrapping).unwrap());
        let identifier = client.call(request).send().unwrap().unique_identifier;
        let object = client.call(GetRequest::new(identifier.clone())).send().unwrap().object;
        assert_eq!(
            Material::from_object(&object).unwrap_err().to_string(),
            "the key is wrapped by the key `kek-1`: it is to be unwrapped first"
        );
        let unwrapped = wrapping_key.unwrap(&object).unwrap();
        assert_eq!(Material::from_object(&unwrapped).unwrap(), key, "{version}");
        let known = client.call(GetAttributesRequest::all(identifier)).send().unwrap().attributes;
        assert!(known.get(Tag::CRYPTOGRAPHIC_LENGTH).is_some());
    }
}
