//! Create, Create Key Pair and Get, and the formats of keys.

use kmip_sdk::types::attribute::{Attribute, Attributes, CryptographicDomainParameters, UniqueIdentifier};
use kmip_sdk::types::enumerations::{
    CryptographicAlgorithm as A, HashingAlgorithm, KeyCompressionType, KeyFormatType as F, KeyWrapType,
    LinkType, ObjectType, RecommendedCurve, ResultReason as R, WrappingMethod,
};
use kmip_sdk::types::masks::CryptographicUsageMask;
use kmip_sdk::types::object::{
    KeyBlock, KeyMaterial, KeyWrappingSpecification, ManagedObject, SymmetricKey, TransparentKey,
    TransparentSymmetricKey,
};
use kmip_sdk::types::operation::{CreateKeyPairRequest, CreateRequest, GetRequest, RegisterRequest};
use kmip_sdk::types::{BigInteger, ProtocolVersion};

use crate::support::{Peer, VERSIONS, create_aes, reason};

const V2_1: ProtocolVersion = ProtocolVersion::V2_1;

fn get(peer: &Peer, key: &UniqueIdentifier, format: Option<F>) -> Result<ManagedObject, R> {
    let mut request = GetRequest::new(key.clone());
    request.key_format_type = format;
    peer.call(request).map(|response| response.object)
}

fn pair_request(algorithm: A, length: Option<i32>, curve: Option<RecommendedCurve>) -> CreateKeyPairRequest {
    let mut common = Attributes::new().with(Attribute::CryptographicAlgorithm(algorithm));
    common.extend(length.map(Attribute::CryptographicLength));
    common.extend(curve.map(|curve| {
        Attribute::CryptographicDomainParameters(CryptographicDomainParameters {
            qlength: None,
            recommended_curve: Some(curve),
        })
    }));
    let mask = |mask| Some(Attributes::new().with(Attribute::CryptographicUsageMask(mask)));
    CreateKeyPairRequest {
        common_attributes: Some(common),
        private_key_attributes: mask(CryptographicUsageMask::SIGN),
        public_key_attributes: mask(CryptographicUsageMask::VERIFY),
        ..CreateKeyPairRequest::default()
    }
}

#[test]
fn creates_keys_of_each_length() {
    for version in VERSIONS {
        let peer = Peer::new(version);
        for bits in [128, 192, 256] {
            let mut request = create_aes([]);
            request.attributes.retain(|attribute| !matches!(attribute, Attribute::CryptographicLength(_)));
            request.attributes.push(Attribute::CryptographicLength(bits));
            let key = peer.call(request).unwrap().unique_identifier;
            let object = get(&peer, &key, None).unwrap();
            assert_eq!(object.object_type(), Some(ObjectType::SymmetricKey));
            let block = object.key_block().unwrap();
            assert_eq!(block.key_format_type, F::Raw);
            assert_eq!(block.key_bytes().unwrap().len(), bits as usize / 8);
            assert_eq!(
                (block.cryptographic_algorithm, block.cryptographic_length),
                (Some(A::Aes), Some(bits))
            );
        }
    }
}

#[test]
fn refuses_keys_that_it_cannot_make() {
    for version in VERSIONS {
        let peer = Peer::new(version);
        let create = |remove: fn(&Attribute) -> bool, add: Option<Attribute>| {
            let mut request = create_aes([]);
            request.attributes.retain(|attribute| !remove(attribute));
            request.attributes.extend(add);
            peer.call(request).unwrap_err()
        };
        let is_length = |attribute: &Attribute| matches!(attribute, Attribute::CryptographicLength(_));
        let is_algorithm = |attribute: &Attribute| matches!(attribute, Attribute::CryptographicAlgorithm(_));
        let is_mask = |attribute: &Attribute| matches!(attribute, Attribute::CryptographicUsageMask(_));
        let invalid = reason(version, R::InvalidAttributeValue, R::InvalidField);
        assert_eq!(create(is_length, Some(Attribute::CryptographicLength(129))), invalid);
        assert_eq!(create(is_algorithm, Some(Attribute::CryptographicAlgorithm(A::Rsa))), invalid);
        // Since KMIP 2.0 the server has an algorithm of its own.
        if !version.is_at_least(ProtocolVersion::V2_0) {
            assert_eq!(create(is_algorithm, None), R::InvalidMessage);
        }
        let mut without_mask = create_aes([]);
        without_mask.attributes.retain(|attribute| !is_mask(attribute));
        let key = peer.call(without_mask).unwrap().unique_identifier;
        let usual = CryptographicUsageMask::ENCRYPT | CryptographicUsageMask::DECRYPT;
        assert_eq!(peer.attributes(&key).cryptographic_usage_mask(), Some(usual));
        let other = CreateRequest::new(ObjectType::Certificate, create_aes([]).attributes);
        let wrong = reason(version, R::InvalidObjectType, R::InvalidField);
        assert_eq!(peer.call(other), Err(wrong));
    }
}

/// The digests of the key 00 01 .. 1F, and of the Key Material structure that has it as its only field.
#[test]
fn the_digest_is_that_of_the_key() {
    const BYTES: &str = "630dcd2966c4336691125448bbb25b4ff412a49c732db2c8abc1b8581bd710dd";
    const STRUCTURE: &str = "dcc27d1187cfa22e246477eea198afa5239b66750641d5498ed672491b1d0b67";
    let peer = Peer::new(V2_1);
    let key: Vec<u8> = (0..32).collect();
    let transparent = TransparentKey::SymmetricKey(TransparentSymmetricKey { key: key.as_slice().into() });
    for (format, material, expected) in [
        (F::Raw, KeyMaterial::bytes(key), vec![(F::Raw, BYTES)]),
        (
            F::TransparentSymmetricKey,
            KeyMaterial::Transparent(transparent),
            vec![(F::TransparentSymmetricKey, STRUCTURE), (F::Raw, BYTES)],
        ),
    ] {
        let block = KeyBlock::plain(format, material, A::Aes, 256);
        let object = ManagedObject::SymmetricKey(SymmetricKey { key_block: block });
        let mask = Attributes::new().with(Attribute::CryptographicUsageMask(CryptographicUsageMask::ENCRYPT));
        let request = RegisterRequest::new(ObjectType::SymmetricKey, mask, object);
        let identifier = peer.call(request).unwrap().unique_identifier;
        let attributes = peer.attributes(&identifier);
        let digests: Vec<(F, String)> = attributes
            .digests()
            .map(|digest| {
                assert_eq!(digest.hashing_algorithm, HashingAlgorithm::Sha256);
                let value = digest.digest_value.as_ref().unwrap();
                (digest.key_format_type.unwrap(), value.iter().map(|byte| format!("{byte:02x}")).collect())
            })
            .collect();
        let expected: Vec<(F, String)> =
            expected.into_iter().map(|(format, value)| (format, value.to_owned())).collect();
        assert_eq!(digests, expected);
    }
}

#[test]
fn a_created_key_has_the_format_that_was_asked_for() {
    let peer = Peer::new(V2_1);
    let key = peer.create([Attribute::KeyFormatType(F::TransparentSymmetricKey)]);
    let object = get(&peer, &key, None).unwrap();
    assert_eq!(object.key_block().unwrap().key_format_type, F::TransparentSymmetricKey);
    let raw = get(&peer, &key, Some(F::Raw)).unwrap();
    assert_eq!(raw.key_block().unwrap().key_bytes(), object.key_block().unwrap().key_bytes());
    let other = create_aes([Attribute::KeyFormatType(F::Pkcs1)]);
    assert_eq!(peer.call(other), Err(R::InvalidAttributeValue));
}

#[test]
fn rsa_keys_can_be_had_in_every_format() {
    let peer = Peer::new(V2_1);
    let pair = peer.call(pair_request(A::Rsa, Some(2048), None)).unwrap();
    let (private, public) = (pair.private_key_unique_identifier, pair.public_key_unique_identifier);
    let material = |key: &UniqueIdentifier, format| {
        get(&peer, key, Some(format)).unwrap().key_block().unwrap().key_material().unwrap().clone()
    };
    let KeyMaterial::Transparent(TransparentKey::RsaPublicKey(numbers)) =
        material(&public, F::TransparentRsaPublicKey)
    else {
        panic!("the fields of a public key")
    };
    assert_eq!(numbers.public_exponent, BigInteger::from(65537));
    assert_eq!(numbers.modulus.to_unsigned_bytes().unwrap().len(), 256);
    let KeyMaterial::Transparent(TransparentKey::RsaPrivateKey(secrets)) =
        material(&private, F::TransparentRsaPrivateKey)
    else {
        panic!("the fields of a private key")
    };
    assert_eq!(secrets.modulus, numbers.modulus);
    assert!(secrets.crt_coefficient.is_some());
    let modulus = numbers.modulus.to_unsigned_bytes().unwrap();
    for (key, formats) in [(&private, [F::Pkcs1, F::Pkcs8]), (&public, [F::Pkcs1, F::X509])] {
        for format in formats {
            let material = material(key, format);
            let der = material.as_bytes().unwrap();
            assert_eq!(der[0], 0x30, "{format} is a SEQUENCE");
            assert!(der.windows(modulus.len()).any(|part| part == modulus), "{format} has the modulus");
        }
    }
    for format in [F::Raw, F::EcPrivateKey, F::TransparentSymmetricKey] {
        assert_eq!(get(&peer, &private, Some(format)).unwrap_err(), R::KeyFormatTypeNotSupported);
    }
    let links = |key: &UniqueIdentifier, link_type: LinkType, to: &UniqueIdentifier| {
        let attributes = peer.attributes(key);
        attributes.links().any(|link| link.link_type == link_type && link.linked_object_identifier == *to)
    };
    assert!(links(&private, LinkType::PublicKeyLink, &public));
    assert!(links(&public, LinkType::PrivateKeyLink, &private));
}

#[test]
fn elliptic_curve_keys_can_be_had_in_every_format() {
    for (algorithm, length, curve, expected_length) in [
        (A::Ecdsa, None, Some(RecommendedCurve::P256), 256),
        (A::Ecdh, Some(384), None, 384),
        (A::Ec, Some(521), Some(RecommendedCurve::P521), 521),
        (A::Ecdh, Some(256), Some(RecommendedCurve::Curve25519), 256),
        (A::Ed25519, None, Some(RecommendedCurve::Curve25519), 256),
        (A::Ecdh, Some(448), Some(RecommendedCurve::Curve448), 448),
        (A::Ed448, None, None, 456),
        (A::Ed448, Some(448), Some(RecommendedCurve::Curve448), 448),
        (A::Ecdsa, None, Some(RecommendedCurve::Secp256K1), 256),
    ] {
        let peer = Peer::new(V2_1);
        let pair = peer.call(pair_request(algorithm, length, curve)).unwrap();
        let (private, public) = (pair.private_key_unique_identifier, pair.public_key_unique_identifier);
        let attributes = peer.attributes(&private);
        assert_eq!(attributes.cryptographic_length(), Some(expected_length));
        assert_eq!(attributes.key_format_type(), Some(F::TransparentEcPrivateKey));
        let object = get(&peer, &public, None).unwrap();
        let KeyMaterial::Transparent(TransparentKey::EcPublicKey(point)) =
            object.key_block().unwrap().key_material().unwrap()
        else {
            panic!("the fields of a public key")
        };
        let spki = get(&peer, &public, Some(F::X509)).unwrap();
        assert!(spki.key_block().unwrap().key_bytes().unwrap().ends_with(&point.q_string));
        for format in [F::Pkcs8, F::EcPrivateKey, F::TransparentEcPrivateKey] {
            let object = get(&peer, &private, Some(format)).unwrap();
            // What the server gives out, it can take back, and it is the same key.
            let mask =
                Attributes::new().with(Attribute::CryptographicUsageMask(CryptographicUsageMask::SIGN));
            let request = RegisterRequest::new(ObjectType::PrivateKey, mask, object);
            let again = peer.call(request).unwrap().unique_identifier;
            let transparent = Some(F::TransparentEcPrivateKey);
            let material = |key: &UniqueIdentifier| {
                get(&peer, key, transparent).unwrap().key_block().unwrap().key_material().unwrap().clone()
            };
            assert_eq!(material(&again), material(&private), "{algorithm} {format}");
        }
        assert_eq!(get(&peer, &private, Some(F::Pkcs1)).unwrap_err(), R::KeyFormatTypeNotSupported);
    }
}

#[test]
fn keys_of_a_later_version_are_given_in_a_format_of_an_earlier_one() {
    let peer = Peer::new(V2_1);
    let pair = peer.call(pair_request(A::Ecdsa, Some(256), None)).unwrap();
    let old = peer.in_version(ProtocolVersion::V1_2);
    for (key, format) in
        [(pair.private_key_unique_identifier, F::EcPrivateKey), (pair.public_key_unique_identifier, F::X509)]
    {
        assert_eq!(get(&old, &key, None).unwrap().key_block().unwrap().key_format_type, format);
    }
}

#[test]
fn common_attributes_give_way_to_a_keys_own() {
    let peer = Peer::new(V2_1);
    let mut request = pair_request(A::Ecdh, Some(256), Some(RecommendedCurve::Curve25519));
    let common = request.common_attributes.take().unwrap();
    let mask = CryptographicUsageMask::KEY_AGREEMENT;
    request.common_attributes = Some(
        common
            .with(Attribute::CryptographicUsageMask(mask))
            .with(Attribute::ObjectGroup("both".to_owned()))
            // These can only be meant for the private key.
            .with(Attribute::ObjectType(ObjectType::PrivateKey))
            .with(Attribute::KeyFormatType(F::EcPrivateKey)),
    );
    request.public_key_attributes = Some(Attributes::new().with(Attribute::ObjectGroup("public".to_owned())));
    let pair = peer.call(request).unwrap();
    let private = peer.attributes(&pair.private_key_unique_identifier);
    let public = peer.attributes(&pair.public_key_unique_identifier);
    assert_eq!(private.cryptographic_usage_mask(), Some(CryptographicUsageMask::SIGN));
    assert_eq!(public.cryptographic_usage_mask(), Some(mask));
    assert_eq!(private.key_format_type(), Some(F::EcPrivateKey));
    assert_eq!(public.key_format_type(), Some(F::TransparentEcPublicKey));
    assert_eq!(public.object_groups().collect::<Vec<_>>(), ["public", "both"]);
}

#[test]
fn refuses_key_pairs_that_it_cannot_make() {
    for version in VERSIONS {
        let peer = Peer::new(version);
        let invalid = reason(version, R::InvalidAttributeValue, R::InvalidField);
        for (algorithm, length, curve) in [
            (A::Rsa, Some(512), None),
            (A::Rsa, Some(i32::MAX), None),
            (A::Aes, Some(256), None),
            (A::Ecdsa, Some(257), None),
            (A::Ecdsa, None, Some(RecommendedCurve::K163)),
            (A::Ecdsa, Some(384), Some(RecommendedCurve::P256)),
        ] {
            let refused = peer.call(pair_request(algorithm, length, curve)).unwrap_err();
            assert_eq!(refused, invalid, "{algorithm} {length:?} {curve:?}");
        }
        let mut request = pair_request(A::Rsa, None, None);
        request.public_key_attributes = None;
        let unsaid = peer.call(request).err();
        assert_eq!(
            unsaid,
            (!version.is_at_least(ProtocolVersion::V2_0)).then_some(R::InvalidMessage),
            "no usage mask"
        );
    }
}

/// SEC 1 section 2.3.3: the first byte of a point says its form, and how y is known where it is left out.
#[test]
fn points_are_given_in_every_form() {
    use KeyCompressionType as C;
    let peer = Peer::new(V2_1);
    for (curve, length) in [
        (RecommendedCurve::P256, 32),
        (RecommendedCurve::P384, 48),
        (RecommendedCurve::P521, 66),
        (RecommendedCurve::Secp256K1, 32),
    ] {
        let key = peer.call(pair_request(A::Ec, None, Some(curve))).unwrap().public_key_unique_identifier;
        let point = |key: &UniqueIdentifier, compression| {
            let request = GetRequest { key_compression_type: compression, ..GetRequest::new(key.clone()) };
            let object = peer.call(request).unwrap().object;
            let block = object.key_block().unwrap();
            let Some(KeyMaterial::Transparent(TransparentKey::EcPublicKey(key))) = block.key_material()
            else {
                panic!("{object:?}")
            };
            (key.q_string.clone(), block.key_compression_type)
        };
        let (whole, said) = point(&key, None);
        assert_eq!((whole.len(), whole[0], said), (1 + 2 * length, 4, None), "{curve}");
        let odd = whole[2 * length] & 1;
        assert_eq!(point(&key, Some(C::EcPublicKeyTypeUncompressed)), (whole.clone(), None), "{curve}");
        let compressed = [&[2 | odd], &whole[1..=length]].concat();
        let said = Some(C::EcPublicKeyTypeX962CompressedPrime);
        assert_eq!(point(&key, said), (compressed.clone(), said), "{curve}");
        let hybrid = [&[6 | odd], &whole[1..]].concat();
        let said = Some(C::EcPublicKeyTypeX962Hybrid);
        assert_eq!(point(&key, said), (hybrid, said), "{curve}");
        let request = |compression, format| GetRequest {
            key_compression_type: Some(compression),
            key_format_type: Some(format),
            ..GetRequest::new(key.clone())
        };
        let spki = peer.call(request(C::EcPublicKeyTypeX962CompressedPrime, F::X509)).unwrap().object;
        assert!(spki.key_block().unwrap().key_bytes().unwrap().ends_with(&compressed), "{curve}");
        let other = peer.call(request(C::EcPublicKeyTypeX962CompressedChar2, F::X509));
        assert_eq!(other, Err(R::KeyCompressionTypeNotSupported), "{curve}");
        // What is registered compressed is had uncompressed.
        let registered = RegisterRequest::new(
            ObjectType::PublicKey,
            Attributes::new().with(Attribute::CryptographicUsageMask(CryptographicUsageMask::VERIFY)),
            spki,
        );
        let registered = peer.call(registered).unwrap().unique_identifier;
        let request = GetRequest {
            key_compression_type: Some(C::EcPublicKeyTypeUncompressed),
            key_format_type: Some(F::TransparentEcPublicKey),
            ..GetRequest::new(registered)
        };
        let object = peer.call(request).unwrap().object;
        let Some(KeyMaterial::Transparent(TransparentKey::EcPublicKey(key))) =
            object.key_block().unwrap().key_material()
        else {
            panic!("{object:?}")
        };
        assert_eq!(key.q_string, whole, "{curve}");
    }
    let rsa = peer.call(pair_request(A::Rsa, None, None)).unwrap().public_key_unique_identifier;
    for compression in [C::EcPublicKeyTypeUncompressed, C::EcPublicKeyTypeX962CompressedPrime] {
        let request = GetRequest { key_compression_type: Some(compression), ..GetRequest::new(rsa.clone()) };
        assert_eq!(peer.call(request), Err(R::KeyCompressionTypeNotSupported));
    }
}

#[test]
fn gives_no_object_that_is_to_stay() {
    let peer = Peer::new(V2_1);
    let sensitive = peer.create([Attribute::Sensitive(true)]);
    let kept = peer.create([Attribute::Extractable(false)]);
    let key = peer.create([]);
    assert_eq!(get(&peer, &sensitive, None).unwrap_err(), R::Sensitive);
    assert_eq!(get(&peer, &kept, None).unwrap_err(), R::NotExtractable);
    assert_eq!(get(&peer, &"nobody".into(), None).unwrap_err(), R::ObjectNotFound);
    let request = || GetRequest::new(key.clone());
    let wrapped = GetRequest {
        key_wrapping_specification: Some(Box::new(KeyWrappingSpecification {
            wrapping_method: WrappingMethod::Encrypt,
            encryption_key_information: None,
            mac_signature_key_information: None,
            attribute_name: Vec::new(),
            encoding_option: None,
        })),
        ..request()
    };
    assert_eq!(peer.call(wrapped), Err(R::InvalidField), "it is not said by which key");
    let compressed = GetRequest {
        key_compression_type: Some(KeyCompressionType::EcPublicKeyTypeX962CompressedPrime),
        ..request()
    };
    assert_eq!(peer.call(compressed), Err(R::KeyCompressionTypeNotSupported));
    let plain = GetRequest { key_wrap_type: Some(KeyWrapType::NotWrapped), ..request() };
    assert!(peer.call(plain).is_ok());
    assert_eq!(peer.attributes(&key).fresh(), Some(false), "it was given out");
    assert_eq!(peer.attributes(&kept).fresh(), Some(true));
}
