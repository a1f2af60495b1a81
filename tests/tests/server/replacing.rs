//! Re-key, Re-key Key Pair, Certify, Re-certify and Validate.

use kmip_sdk::types::attribute::{Attribute, Attributes, Name, UniqueIdentifier, UsageLimits};
use kmip_sdk::types::enumerations::{
    CertificateRequestType, CryptographicAlgorithm as A, KeyFormatType, LinkType, ObjectType,
    ResultReason as R, RevocationReasonCode, State, UsageLimitsUnit, ValidityIndicator,
};
use kmip_sdk::types::masks::CryptographicUsageMask as Mask;
use kmip_sdk::types::object::{Certificate, KeyBlock, KeyMaterial, ManagedObject, PublicKey};
use kmip_sdk::types::operation::{
    CertifyRequest, CreateKeyPairRequest, CreateKeyPairResponse, GetRequest, ReCertifyRequest,
    ReKeyKeyPairRequest, ReKeyRequest, RegisterRequest, RevokeRequest, ValidateRequest,
};
use kmip_sdk::types::{DateTime, Interval, ProtocolVersion};

use crate::support::{Peer, START, VERSIONS, reason};

fn at(seconds: i64) -> DateTime {
    DateTime::from_seconds(START + seconds)
}

fn link(peer: &Peer, identifier: &UniqueIdentifier, link_type: LinkType) -> Option<UniqueIdentifier> {
    let attributes = peer.attributes(identifier);
    let mut links = attributes.links().filter(|link| link.link_type == link_type);
    links.next().map(|link| link.linked_object_identifier.clone())
}

fn names(peer: &Peer, identifier: &UniqueIdentifier) -> Vec<String> {
    peer.attributes(identifier).names().map(|name| name.name_value.clone()).collect()
}

#[test]
fn a_replacement_takes_over_the_name_and_the_dates() {
    for version in VERSIONS {
        let peer = Peer::new(version);
        let key = peer.create([
            Attribute::Name(Name::text("n")),
            Attribute::ActivationDate(at(-100)),
            Attribute::ProtectStopDate(at(1000)),
            Attribute::DeactivationDate(at(2000)),
            Attribute::ContactInformation("Joe".to_owned()),
            Attribute::UsageLimits(UsageLimits {
                usage_limits_total: 7,
                usage_limits_count: None,
                usage_limits_unit: UsageLimitsUnit::Object,
            }),
        ]);
        peer.wait(10);
        let request = ReKeyRequest {
            unique_identifier: Some(key.clone()),
            offset: Some(Interval::from_seconds(30)),
            ..ReKeyRequest::default()
        };
        let new = peer.call(request).unwrap().unique_identifier;
        assert_ne!(new, key);
        let attributes = peer.attributes(&new);
        assert_eq!(attributes.initial_date(), Some(at(10)));
        // By 140 seconds later, each.
        assert_eq!(attributes.activation_date(), Some(at(40)));
        assert_eq!(attributes.protect_stop_date(), Some(at(1140)));
        assert_eq!(attributes.deactivation_date(), Some(at(2140)));
        assert_eq!(attributes.contact_information(), Some("Joe"));
        assert_eq!(attributes.usage_limits().unwrap().usage_limits_count, Some(7));
        assert_eq!(attributes.cryptographic_length(), Some(256));
        assert_eq!((names(&peer, &new), names(&peer, &key)), (vec!["n".to_owned()], vec![]));
        assert_eq!((peer.state(&key), peer.state(&new)), (State::Active, State::PreActive));
        assert_eq!(link(&peer, &key, LinkType::ReplacementObjectLink).as_ref(), Some(&new));
        assert_eq!(link(&peer, &new, LinkType::ReplacedObjectLink), Some(key.clone()));
        let material = |key: &UniqueIdentifier| peer.call(GetRequest::new(key.clone())).unwrap().object;
        assert_ne!(material(&key), material(&new));
    }
}

#[test]
fn without_an_offset_the_dates_are_the_same_and_what_is_asked_for_counts_more() {
    let peer = Peer::new(ProtocolVersion::V2_1);
    let key = peer.create([
        Attribute::ActivationDate(at(0)),
        Attribute::DeactivationDate(at(500)),
        Attribute::ContactInformation("Joe".to_owned()),
    ]);
    let request = ReKeyRequest {
        unique_identifier: Some(key),
        attributes: Some(Attributes::new().with(Attribute::ContactInformation("Jane".to_owned()))),
        ..ReKeyRequest::default()
    };
    let new = peer.call(request).unwrap().unique_identifier;
    let attributes = peer.attributes(&new);
    assert_eq!((attributes.activation_date(), attributes.deactivation_date()), (Some(at(0)), Some(at(500))));
    assert_eq!(attributes.contact_information(), Some("Jane"));
    assert_eq!(peer.state(&new), State::Active);
}

#[test]
fn refuses_to_replace_by_something_else() {
    for version in VERSIONS {
        let peer = Peer::new(version);
        let key = peer.create([Attribute::DeactivationDate(at(500))]);
        let request = |offset: Option<u32>, attributes: Vec<Attribute>| ReKeyRequest {
            unique_identifier: Some(key.clone()),
            offset: offset.map(Interval::from_seconds),
            attributes: Some(attributes.into_iter().collect()),
            ..ReKeyRequest::default()
        };
        for (request, expected) in [
            (request(Some(5), vec![Attribute::ActivationDate(at(9))]), R::InvalidMessage),
            (request(Some(5), vec![]), reason(version, R::InvalidField, R::IllegalOperation)),
            (request(None, vec![Attribute::CryptographicLength(128)]), R::InvalidField),
            (request(None, vec![Attribute::CryptographicAlgorithm(A::Des3)]), R::InvalidField),
        ] {
            assert_eq!(peer.call(request), Err(expected), "{version}");
        }
    }
}

fn pair(peer: &Peer, algorithm: A, length: i32, more: Vec<Attribute>) -> CreateKeyPairResponse {
    let mask = |mask, name: &str| {
        Some(
            Attributes::new()
                .with(Attribute::CryptographicUsageMask(mask))
                .with(Attribute::Name(Name::text(name))),
        )
    };
    let mut common = Attributes::new()
        .with(Attribute::CryptographicAlgorithm(algorithm))
        .with(Attribute::CryptographicLength(length));
    common.extend(more);
    let request = CreateKeyPairRequest {
        common_attributes: Some(common),
        private_key_attributes: mask(Mask::SIGN, "private"),
        public_key_attributes: mask(Mask::VERIFY, "public"),
        ..CreateKeyPairRequest::default()
    };
    peer.call(request).unwrap()
}

#[test]
fn both_keys_of_a_pair_are_replaced() {
    for version in [ProtocolVersion::V1_1, ProtocolVersion::V1_4, ProtocolVersion::V2_1] {
        let peer = Peer::new(version);
        let old = pair(&peer, A::Ecdsa, 384, vec![Attribute::ActivationDate(at(0))]);
        let request = ReKeyKeyPairRequest {
            private_key_unique_identifier: Some(old.private_key_unique_identifier.clone()),
            ..ReKeyKeyPairRequest::default()
        };
        let new = peer.call(request).unwrap();
        for (old, new, name) in [
            (&old.private_key_unique_identifier, &new.private_key_unique_identifier, "private"),
            (&old.public_key_unique_identifier, &new.public_key_unique_identifier, "public"),
        ] {
            assert_eq!(names(&peer, new), [name]);
            assert!(names(&peer, old).is_empty());
            assert_eq!(link(&peer, old, LinkType::ReplacementObjectLink).as_ref(), Some(new));
            assert_eq!(link(&peer, new, LinkType::ReplacedObjectLink).as_ref(), Some(old));
            assert_eq!(peer.attributes(new).cryptographic_length(), Some(384));
            assert_eq!(peer.state(new), State::Active);
        }
        let (private, public) = (&new.private_key_unique_identifier, &new.public_key_unique_identifier);
        assert_eq!(link(&peer, private, LinkType::PublicKeyLink).as_ref(), Some(public));
        assert_eq!(link(&peer, public, LinkType::PrivateKeyLink).as_ref(), Some(private));
    }
}

fn certificate(peer: &Peer, identifier: &UniqueIdentifier) -> Certificate {
    match peer.call(GetRequest::new(identifier.clone())).unwrap().object {
        ManagedObject::Certificate(certificate) => certificate,
        other => panic!("{other:?}"),
    }
}

fn validity(peer: &Peer, identifiers: &[&UniqueIdentifier], date: Option<DateTime>) -> ValidityIndicator {
    let request = ValidateRequest {
        unique_identifier: identifiers.iter().map(|identifier| (*identifier).clone()).collect(),
        validity_date: date,
        ..ValidateRequest::default()
    };
    peer.call(request).unwrap().validity_indicator
}

#[test]
fn a_public_key_is_certified_and_certified_again() {
    for version in VERSIONS {
        // KMIP 1.0 certifies requests alone.
        if version == ProtocolVersion::V1_0 {
            continue;
        }
        for (algorithm, length) in [(A::Ecdsa, 256), (A::Rsa, 2048)] {
            let peer = Peer::new(version);
            let public = pair(&peer, algorithm, length, vec![]).public_key_unique_identifier;
            let request = CertifyRequest {
                unique_identifier: Some(public.clone()),
                attributes: Some(Attributes::new().with(Attribute::Name(Name::text("c")))),
                ..CertifyRequest::default()
            };
            let first = peer.call(request).unwrap().unique_identifier;
            assert_eq!(link(&peer, &public, LinkType::CertificateLink).as_ref(), Some(&first));
            assert_eq!(link(&peer, &first, LinkType::PublicKeyLink).as_ref(), Some(&public));
            let subject = |identifier| {
                peer.attributes(identifier).iter().find_map(|attribute| match attribute {
                    Attribute::X509CertificateSubject(subject) => Some(subject.clone()),
                    _ => None,
                })
            };
            assert!(subject(&first).is_some());
            assert_eq!(validity(&peer, &[&first], None), ValidityIndicator::Valid);
            let later = DateTime::from_seconds(START + 400 * 86_400);
            assert_eq!(validity(&peer, &[&first], Some(later)), ValidityIndicator::Invalid);

            let request =
                ReCertifyRequest { unique_identifier: Some(first.clone()), ..ReCertifyRequest::default() };
            let second = peer.call(request).unwrap().unique_identifier;
            assert_ne!(certificate(&peer, &second), certificate(&peer, &first));
            assert_eq!(subject(&second), subject(&first));
            assert_eq!((names(&peer, &second), names(&peer, &first)), (vec!["c".to_owned()], vec![]));
            assert_eq!(link(&peer, &public, LinkType::CertificateLink).as_ref(), Some(&second));
            assert_eq!(link(&peer, &first, LinkType::ReplacementObjectLink).as_ref(), Some(&second));
            assert_eq!(validity(&peer, &[&second], None), ValidityIndicator::Valid);
            peer.call(RevokeRequest::new(second.clone(), RevocationReasonCode::KeyCompromise)).unwrap();
            assert_eq!(validity(&peer, &[&second], None), ValidityIndicator::Invalid);
        }
    }
}

/// The public half of a key, which the server has then.
fn registered(peer: &Peer, key: &rcgen::KeyPair) -> UniqueIdentifier {
    let material = KeyMaterial::bytes(rcgen::PublicKeyData::subject_public_key_info(key));
    let key_block = KeyBlock::plain(KeyFormatType::X509, material, A::Ecdsa, 256);
    let attributes = Attributes::new().with(Attribute::CryptographicUsageMask(Mask::VERIFY));
    let object = ManagedObject::PublicKey(PublicKey { key_block });
    peer.call(RegisterRequest::new(ObjectType::PublicKey, attributes, object)).unwrap().unique_identifier
}

#[test]
fn a_request_for_another_key_is_not_certified() {
    for version in VERSIONS {
        let peer = Peer::new(version);
        let [key, other] = [(); 2].map(|()| rcgen::KeyPair::generate().unwrap());
        let csr = |key| {
            let params = rcgen::CertificateParams::new(["example.com".to_owned()]).unwrap();
            Some(params.serialize_request(key).unwrap().der().to_vec())
        };
        let public = registered(&peer, &key);
        let certify = |key| CertifyRequest {
            unique_identifier: Some(public.clone()),
            certificate_request_type: Some(CertificateRequestType::Pkcs10),
            certificate_request_value: csr(key),
            ..CertifyRequest::default()
        };
        assert_eq!(peer.call(certify(&other)), Err(R::InvalidField), "{version}");
        assert_eq!(link(&peer, &public, LinkType::CertificateLink), None);
        let first = peer.call(certify(&key)).unwrap().unique_identifier;
        assert_eq!(link(&peer, &public, LinkType::CertificateLink).as_ref(), Some(&first));

        // A certificate is made anew for its own key.
        let re_certify = |key| ReCertifyRequest {
            unique_identifier: Some(first.clone()),
            certificate_request_type: Some(CertificateRequestType::Pkcs10),
            certificate_request_value: csr(key),
            ..ReCertifyRequest::default()
        };
        assert_eq!(peer.call(re_certify(&other)), Err(R::InvalidField), "{version}");
        let second = peer.call(re_certify(&key)).unwrap().unique_identifier;
        assert_eq!(link(&peer, &public, LinkType::CertificateLink).as_ref(), Some(&second));
    }
}

#[test]
fn a_request_is_certified_if_its_own_key_signed_it() {
    for version in VERSIONS {
        let peer = Peer::new(version);
        let key = rcgen::KeyPair::generate().unwrap();
        let params = rcgen::CertificateParams::new(["example.com".to_owned()]).unwrap();
        let csr = params.serialize_request(&key).unwrap();
        let public = registered(&peer, &key);
        let request = |kind, value: Vec<u8>| CertifyRequest {
            // KMIP 1.0 has no certificate without a key that the server knows.
            unique_identifier: (version == ProtocolVersion::V1_0).then(|| public.clone()),
            certificate_request_type: Some(kind),
            certificate_request_value: Some(value),
            ..CertifyRequest::default()
        };
        for (kind, value) in [
            (CertificateRequestType::Pkcs10, csr.der().to_vec()),
            (CertificateRequestType::Pem, csr.pem().unwrap().into_bytes()),
        ] {
            let issued = peer.call(request(kind, value)).unwrap().unique_identifier;
            let der = certificate(&peer, &issued).certificate_value;
            let contains = |part: &[u8]| der.windows(part.len()).any(|window| window == part);
            assert!(contains(b"example.com") && contains(key.public_key_raw()));
            assert_eq!(validity(&peer, &[&issued], None), ValidityIndicator::Valid);
        }
        let mut wrong = csr.der().to_vec();
        let last = wrong.len() - 1;
        wrong[last] ^= 1;
        let invalid = reason(version, R::InvalidCsr, R::InvalidField);
        assert_eq!(peer.call(request(CertificateRequestType::Pkcs10, wrong)), Err(invalid));
        let garbage = request(CertificateRequestType::Pkcs10, vec![1, 2, 3]);
        assert_eq!(peer.call(garbage), Err(invalid));
        let other = request(CertificateRequestType::Crmf, vec![1, 2, 3]);
        assert_eq!(peer.call(other), Err(R::FeatureNotSupported));
    }
}

#[test]
fn a_chain_is_valid_if_it_leads_to_what_is_trusted() {
    let peer = Peer::new(ProtocolVersion::V2_1);
    let made = |ca: bool, name: &str| {
        let mut params = rcgen::CertificateParams::default();
        params.distinguished_name.push(rcgen::DnType::CommonName, name);
        if ca {
            params.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
        }
        params
    };
    let key = || rcgen::KeyPair::generate().unwrap();
    let root = rcgen::CertifiedIssuer::self_signed(made(true, "root"), key()).unwrap();
    let leaf_key = key();
    let leaf = made(false, "leaf").signed_by(&leaf_key, &root).unwrap();
    let impostor = rcgen::CertifiedIssuer::self_signed(made(true, "root"), key()).unwrap();
    let wire = |der: &[u8]| Certificate {
        certificate_type: kmip_sdk::types::enumerations::CertificateType::X509,
        certificate_value: der.to_vec(),
    };
    let ask = |certificates: &[&[u8]], kept: &[&UniqueIdentifier]| {
        let request = ValidateRequest {
            certificate: certificates.iter().map(|der| wire(der)).collect(),
            unique_identifier: kept.iter().map(|identifier| (*identifier).clone()).collect(),
            ..ValidateRequest::default()
        };
        peer.call(request).map(|response| response.validity_indicator)
    };
    let register = |der: &[u8]| {
        let object = ManagedObject::Certificate(wire(der));
        let request = RegisterRequest::new(ObjectType::Certificate, Attributes::new(), object);
        peer.call(request).unwrap().unique_identifier
    };
    let kept = register(root.der());
    assert_eq!(ask(&[leaf.der()], &[&kept]), Ok(ValidityIndicator::Valid));
    assert_eq!(ask(&[leaf.der(), root.der()], &[]), Ok(ValidityIndicator::Unknown), "nobody trusts it");
    assert_eq!(ask(&[leaf.der()], &[]), Ok(ValidityIndicator::Unknown), "its issuer is not there");
    let kept = register(impostor.der());
    assert_eq!(ask(&[leaf.der()], &[&kept]), Ok(ValidityIndicator::Invalid), "another signed it");
    assert_eq!(ask(&[], &[]), Err(R::InvalidField));
    assert_eq!(ask(&[b"no certificate"], &[]), Err(R::InvalidField));
    let key = peer.create([]);
    assert_eq!(ask(&[], &[&key]), Err(R::InvalidObjectType));
}
