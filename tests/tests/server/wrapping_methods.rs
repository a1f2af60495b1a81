//! Every Wrapping Method with keys of every kind: given by Get, taken back by Import, and read by the client.

use kmip_sdk::keys::Material;
use kmip_sdk::keys::wrap::{MacMode, SignatureMode, WrapError, Wrapping, WrappingKey};
use kmip_sdk::types::attribute::{
    Attribute, Attributes, CryptographicParameters, Link, Name, UniqueIdentifier,
};
use kmip_sdk::types::enumerations::{
    BlockCipherMode, CryptographicAlgorithm as A, DigitalSignatureAlgorithm, EncodingOption,
    HashingAlgorithm as H, KeyWrapType, LinkType, ObjectType, PaddingMethod, RecommendedCurve,
    ResultReason as R, WrappingMethod as M,
};
use kmip_sdk::types::masks::CryptographicUsageMask as Mask;
use kmip_sdk::types::object::{
    EncryptionKeyInformation, KeyValue, KeyWrappingSpecification, MacSignatureKeyInformation, ManagedObject,
};
use kmip_sdk::types::operation::{
    CreateKeyPairRequest, CreateRequest, GetRequest, ImportRequest, RegisterRequest,
};
use kmip_sdk::types::{DateTime, ProtocolVersion};

use crate::support::{Peer, START, reason};

fn active(algorithm: A, bits: i32, mask: Mask) -> Attributes {
    Attributes::new()
        .with(Attribute::CryptographicAlgorithm(algorithm))
        .with(Attribute::CryptographicLength(bits))
        .with(Attribute::CryptographicUsageMask(mask))
        .with(Attribute::ActivationDate(DateTime::from_seconds(START)))
}

fn key(peer: &Peer, algorithm: A, bits: i32, mask: Mask) -> UniqueIdentifier {
    let request = CreateRequest::new(ObjectType::SymmetricKey, active(algorithm, bits, mask));
    peer.call(request).unwrap().unique_identifier
}

/// The private and the public key of a new pair.
fn pair(peer: &Peer, algorithm: A, bits: i32, private: Mask, public: Mask) -> [UniqueIdentifier; 2] {
    let attributes = |mask| Some(active(algorithm, bits, mask));
    let request = CreateKeyPairRequest {
        private_key_attributes: attributes(private),
        public_key_attributes: attributes(public),
        ..CreateKeyPairRequest::default()
    };
    let made = peer.call(request).unwrap();
    [made.private_key_unique_identifier, made.public_key_unique_identifier]
}

fn by(
    method: M,
    key: Option<(&UniqueIdentifier, &CryptographicParameters)>,
    mac: Option<(&UniqueIdentifier, &CryptographicParameters)>,
    encoding_option: EncodingOption,
) -> KeyWrappingSpecification {
    KeyWrappingSpecification {
        wrapping_method: method,
        encryption_key_information: key.map(|(key, parameters)| EncryptionKeyInformation {
            unique_identifier: key.clone(),
            cryptographic_parameters: Some(Box::new(parameters.clone())),
        }),
        mac_signature_key_information: mac.map(|(key, parameters)| MacSignatureKeyInformation {
            unique_identifier: key.clone(),
            cryptographic_parameters: Some(Box::new(parameters.clone())),
        }),
        attribute_name: Vec::new(),
        encoding_option: Some(encoding_option),
    }
}

fn get(peer: &Peer, key: &UniqueIdentifier, by: KeyWrappingSpecification) -> Result<ManagedObject, R> {
    let specification = Some(Box::new(by));
    let request = GetRequest { key_wrapping_specification: specification, ..GetRequest::new(key.clone()) };
    peer.call(request).map(|response| response.object)
}

/// Imports a wrapped object unwrapped, and gives it back as the server has it.
fn import(peer: &Peer, name: &str, object: &ManagedObject) -> Result<ManagedObject, R> {
    peer.call(ImportRequest {
        unique_identifier: name.into(),
        object_type: Some(ObjectType::SymmetricKey),
        replace_existing: None,
        key_wrap_type: Some(KeyWrapType::NotWrapped),
        attributes: Attributes::new().with(Attribute::CryptographicUsageMask(Mask::ENCRYPT)),
        object: object.clone(),
    })?;
    Ok(peer.call(GetRequest::new(name)).unwrap().object)
}

/// The object with a bit of its wrapped bytes, or of its MAC, changed.
fn changed(object: &ManagedObject, mac: bool) -> ManagedObject {
    let mut object = object.clone();
    let block = object.key_block_mut().unwrap();
    if mac {
        let data = block.key_wrapping_data.as_mut().unwrap();
        data.mac_signature.as_mut().unwrap()[3] ^= 1;
    } else if let Some(KeyValue::Wrapped(bytes)) = &mut block.key_value {
        let mut other = bytes.reveal().to_vec();
        *other.last_mut().unwrap() ^= 1;
        *bytes = other.into();
    }
    object
}

fn mode(
    mode: BlockCipherMode,
    tag_length: Option<i32>,
    padding: Option<PaddingMethod>,
) -> CryptographicParameters {
    CryptographicParameters {
        block_cipher_mode: Some(mode),
        tag_length,
        padding_method: padding,
        ..CryptographicParameters::default()
    }
}

fn oaep(hash: H, mask: H) -> CryptographicParameters {
    CryptographicParameters {
        padding_method: Some(PaddingMethod::Oaep),
        hashing_algorithm: Some(hash),
        mask_generator_hashing_algorithm: Some(mask),
        ..CryptographicParameters::default()
    }
}

#[test]
fn every_key_encrypts_and_authenticates_in_every_order() {
    let peer = Peer::new(ProtocolVersion::V2_1);
    let aes =
        key(&peer, A::Aes, 256, Mask::WRAP_KEY | Mask::UNWRAP_KEY | Mask::MAC_GENERATE | Mask::MAC_VERIFY);
    let [rsa, rsa_public] =
        pair(&peer, A::Rsa, 2048, Mask::UNWRAP_KEY | Mask::SIGN, Mask::WRAP_KEY | Mask::VERIFY);
    let [ec, ec_public] = pair(&peer, A::Ec, 256, Mask::SIGN, Mask::VERIFY);
    let hmac = key(&peer, A::HmacSha3_256, 256, Mask::MAC_GENERATE | Mask::MAC_VERIFY);
    let [gcm, ccm, cbc] = [
        mode(BlockCipherMode::Gcm, Some(12), None),
        mode(BlockCipherMode::Ccm, Some(8), None),
        mode(BlockCipherMode::Cbc, None, Some(PaddingMethod::Pkcs5)),
    ];
    let pkcs1 = CryptographicParameters {
        padding_method: Some(PaddingMethod::Pkcs1V1_5),
        ..CryptographicParameters::default()
    };
    let (wide, narrow) = (oaep(H::Sha256, H::Sha1), oaep(H::Sha512, H::Sha512));
    let encrypters = [
        (&aes, &mode(BlockCipherMode::NistKeyWrap, None, None)),
        (&aes, &mode(BlockCipherMode::AesKeyWrapPadding, None, None)),
        (&aes, &gcm),
        (&aes, &ccm),
        (&aes, &cbc),
        (&rsa_public, &wide),
        // The private key stands for its public key, and the other way round.
        (&rsa, &narrow),
        (&rsa_public, &pkcs1),
    ];
    let signed = |algorithm| CryptographicParameters {
        digital_signature_algorithm: Some(algorithm),
        ..CryptographicParameters::default()
    };
    let pss = CryptographicParameters {
        padding_method: Some(PaddingMethod::Pss),
        hashing_algorithm: Some(H::Sha384),
        ..CryptographicParameters::default()
    };
    let authenticators = [
        (&hmac, &CryptographicParameters::default()),
        (&aes, &mode(BlockCipherMode::Cmac, None, None)),
        (&rsa, &pss),
        (&rsa_public, &signed(DigitalSignatureAlgorithm::Sha256WithRsaEncryption)),
        (&ec, &signed(DigitalSignatureAlgorithm::EcdsaWithSha256)),
        (&ec_public, &signed(DigitalSignatureAlgorithm::EcdsaWithSha512)),
    ];
    let plain = peer.create([Attribute::Name(Name::text("n"))]);
    let value = peer.call(GetRequest::new(plain.clone())).unwrap().object;
    let mut ways = Vec::new();
    for encoding in [EncodingOption::NoEncoding, EncodingOption::TtlvEncoding] {
        ways.extend(encrypters.iter().map(|key| by(M::Encrypt, Some(*key), None, encoding)));
        ways.extend(authenticators.iter().map(|mac| by(M::MacSign, None, Some(*mac), encoding)));
        for (number, mac) in authenticators.iter().enumerate() {
            let key = encrypters[number];
            ways.push(by(M::EncryptThenMacSign, Some(key), Some(*mac), encoding));
            ways.push(by(M::MacSignThenEncrypt, Some(key), Some(*mac), encoding));
        }
    }
    for (number, way) in ways.into_iter().enumerate() {
        let given = get(&peer, &plain, way.clone()).unwrap_or_else(|reason| panic!("{way:?}: {reason}"));
        let data = given.key_block().unwrap().key_wrapping_data.as_ref().unwrap();
        assert_eq!(data.wrapping_method, way.wrapping_method);
        assert_eq!(data.mac_signature.is_some(), way.wrapping_method != M::Encrypt, "{way:?}");
        assert_eq!(data.encryption_key_information, way.encryption_key_information);
        let back = import(&peer, &format!("i-{number}"), &given)
            .unwrap_or_else(|reason| panic!("{way:?}: {reason}"));
        assert_eq!(back, value, "{way:?}");
        if way.wrapping_method != M::Encrypt {
            for mac in [true, false] {
                let refused = import(&peer, "changed", &changed(&given, mac));
                assert_eq!(refused, Err(R::CryptographicFailure), "{way:?} {mac}");
            }
        }
    }
}

#[test]
fn what_the_client_wraps_the_server_unwraps_and_the_other_way_round() {
    let peer = Peer::new(ProtocolVersion::V2_1);
    let register = |material: &Material, mask: Mask| -> UniqueIdentifier {
        let attributes = Attributes::new()
            .with(Attribute::CryptographicUsageMask(mask))
            .with(Attribute::ActivationDate(DateTime::from_seconds(START)));
        peer.call(material.to_register_request(attributes).unwrap()).unwrap().unique_identifier
    };
    let aes = Material::aes(vec![1; 32]).unwrap();
    let hmac = Material::symmetric(A::HmacSha512, vec![2; 64]).unwrap();
    let rsa = Material::generate_rsa(2048).unwrap();
    let kek = register(&aes, Mask::WRAP_KEY | Mask::UNWRAP_KEY);
    let macs = register(&hmac, Mask::MAC_GENERATE | Mask::MAC_VERIFY);
    let private = register(&rsa, Mask::UNWRAP_KEY);
    let by_aes = WrappingKey::new(&kek, &aes).unwrap().with_mac_key(&macs, &hmac).unwrap();
    let by_rsa = WrappingKey::new(&private, &rsa).unwrap();
    let mac = MacMode::Hmac(H::Sha512);
    let plain = peer.create([]);
    let value = peer.call(GetRequest::new(plain.clone())).unwrap().object;
    for (number, (key, wrapping, server_wraps)) in [
        (&by_aes, Wrapping::aes_key_wrap().then_mac(&macs, mac), true),
        (&by_aes, Wrapping::aes_gcm().mac_first(&macs, mac), true),
        (&by_aes, Wrapping::mac(&macs, mac).ttlv_encoding(), true),
        // The server has the private key alone, whose public half nothing says to it.
        (&by_rsa, Wrapping::rsa_oaep(H::Sha1), false),
        (&by_rsa, Wrapping::rsa_oaep(H::Sha256), false),
        (&by_rsa, Wrapping::rsa_oaep_with_mask(H::Sha256, H::Sha1), false),
        (&by_rsa, Wrapping::rsa_oaep_with_mask(H::Sha384, H::Sha3_256), false),
        (&by_rsa, Wrapping::rsa_pkcs1(), false),
    ]
    .into_iter()
    .enumerate()
    {
        let wrapping = wrapping.in_version(peer.version);
        let wrapped = key.wrap(&value, &wrapping).unwrap();
        assert_eq!(import(&peer, &format!("i-{number}"), &wrapped), Ok(value.clone()), "{wrapping:?}");
        assert_eq!(key.unwrap(&wrapped).unwrap(), value, "{wrapping:?}");
        if server_wraps {
            let given = get(&peer, &plain, wrapping.specification(&kek)).unwrap();
            assert_eq!(key.unwrap(&given).unwrap(), value, "{wrapping:?}");
            assert!(key.unwrap(&changed(&given, true)).is_err());
        }
    }
}

/// What the client signs the server verifies, and the other way round; and the signatures of those that have one only are the same.
#[test]
fn signatures_of_wrapped_keys_are_those_of_the_server() {
    let p521 = |hash| (Material::generate_on_curve(RecommendedCurve::P521), SignatureMode::Ecdsa(hash));
    for version in [ProtocolVersion::V1_2, ProtocolVersion::V1_4, ProtocolVersion::V2_1] {
        let peer = Peer::new(version);
        let aes = Material::aes(vec![1; 32]).unwrap();
        let register = |material: &Material, mask: Mask, link: Option<(LinkType, &UniqueIdentifier)>| {
            let mut attributes = Attributes::new()
                .with(Attribute::CryptographicUsageMask(mask))
                .with(Attribute::ActivationDate(DateTime::from_seconds(START)));
            attributes.extend(link.map(|(link_type, identifier)| {
                Attribute::Link(Link { link_type, linked_object_identifier: identifier.clone() })
            }));
            peer.call(material.to_register_request(attributes).unwrap()).unwrap().unique_identifier
        };
        let kek = register(&aes, Mask::WRAP_KEY | Mask::UNWRAP_KEY, None);
        let plain = peer.create([]);
        let value = peer.call(GetRequest::new(plain.clone())).unwrap().object;
        let rsa = Material::generate_rsa(2048).unwrap();
        let curve = |curve, hash| (Material::generate_on_curve(curve), SignatureMode::Ecdsa(hash));
        for (number, (signing, mode)) in [
            (Ok(rsa.clone()), SignatureMode::RsaPkcs1(H::Sha256)),
            (Ok(rsa.clone()), SignatureMode::RsaPkcs1(H::Sha512)),
            (Ok(rsa), SignatureMode::RsaPss(H::Sha384)),
            curve(RecommendedCurve::P256, H::Sha256),
            curve(RecommendedCurve::P384, H::Sha384),
            p521(H::Sha256),
            p521(H::Sha512),
            curve(RecommendedCurve::Secp256K1, H::Sha256),
            (Material::generate_ed25519(), SignatureMode::Ed25519),
        ]
        .into_iter()
        .enumerate()
        {
            let signing = signing.unwrap();
            let what = format!("{version} {mode:?}");
            if mode == SignatureMode::Ed25519 && version != ProtocolVersion::V2_1 {
                // There is no such algorithm before KMIP 2.0.
                continue;
            }
            let public = signing.public_key().unwrap();
            let public_key = register(&public, Mask::VERIFY, None);
            let private = register(&signing, Mask::SIGN, Some((LinkType::PublicKeyLink, &public_key)));
            let own = WrappingKey::new(&kek, &aes).unwrap().with_signing_key(&private, &signing).unwrap();
            let reader = WrappingKey::new(&kek, &aes).unwrap().with_signing_key(&private, &public).unwrap();
            for (way, wrapping) in [
                Wrapping::aes_key_wrap().then_sign(&private, mode),
                Wrapping::aes_key_wrap().sign_first(&private, mode),
                Wrapping::signature(&private, mode),
            ]
            .into_iter()
            .enumerate()
            {
                let wrapping = wrapping.in_version(version);
                let wrapped = own.wrap(&value, &wrapping).unwrap();
                let given = get(&peer, &plain, wrapping.specification(&kek));
                let given = given.unwrap_or_else(|reason| panic!("{what} {way}: {reason}"));
                for object in [&wrapped, &given] {
                    assert_eq!(reader.unwrap(object).unwrap(), value, "{what} {way}");
                    for mac in [true, false] {
                        assert_eq!(
                            reader.unwrap(&changed(object, mac)),
                            Err(WrapError::Refused),
                            "{what} {way}"
                        );
                    }
                }
                if matches!(mode, SignatureMode::RsaPkcs1(_) | SignatureMode::Ed25519) {
                    assert_eq!(wrapped, given, "{what} {way}: there is one signature only");
                }
                assert_eq!(reader.wrap(&value, &wrapping), Err(WrapError::NoPrivateKey), "{what} {way}");
                if version == ProtocolVersion::V2_1 {
                    let name = format!("i-{number}-{way}");
                    assert_eq!(import(&peer, &name, &wrapped), Ok(value.clone()), "{what} {way}");
                    let refused = import(&peer, "changed", &changed(&wrapped, true));
                    assert_eq!(refused, Err(R::CryptographicFailure), "{what} {way}");
                }
            }
        }
    }
}

#[test]
fn a_wrapping_key_is_used_as_its_parameters_say() {
    for version in [ProtocolVersion::V1_4, ProtocolVersion::V2_1] {
        let peer = Peer::new(version);
        let attributes = active(A::Aes, 128, Mask::WRAP_KEY)
            .with(Attribute::CryptographicParameters(Box::new(mode(
                BlockCipherMode::NistKeyWrap,
                None,
                None,
            ))))
            .with(Attribute::CryptographicParameters(Box::new(mode(BlockCipherMode::Gcm, Some(16), None))));
        let request = CreateRequest::new(ObjectType::SymmetricKey, attributes);
        let kek = peer.call(request).unwrap().unique_identifier;
        let plain = peer.create([]);
        let wrapped = |parameters: &CryptographicParameters| {
            get(&peer, &plain, by(M::Encrypt, Some((&kek, parameters)), None, EncodingOption::NoEncoding))
                .map(drop)
        };
        assert_eq!(wrapped(&mode(BlockCipherMode::NistKeyWrap, None, None)), Ok(()));
        assert_eq!(wrapped(&mode(BlockCipherMode::Gcm, Some(16), None)), Ok(()));
        let refused = Err(reason(version, R::BadCryptographicParameters, R::InvalidField));
        assert_eq!(wrapped(&mode(BlockCipherMode::Gcm, Some(12), None)), refused);
        assert_eq!(wrapped(&mode(BlockCipherMode::AesKeyWrapPadding, None, None)), refused);
        // The key for the encryption, and for the MAC, must be there, and be allowed to do it.
        let missing = by(M::EncryptThenMacSign, None, None, EncodingOption::NoEncoding);
        assert_eq!(get(&peer, &plain, missing), Err(R::InvalidField));
        let cmac = mode(BlockCipherMode::Cmac, None, None);
        let refused =
            get(&peer, &plain, by(M::MacSign, None, Some((&kek, &cmac)), EncodingOption::NoEncoding));
        let expected = reason(version, R::IncompatibleCryptographicUsageMask, R::PermissionDenied);
        assert_eq!(refused, Err(expected));
    }
}

/// What is registered wrapped stays so, and is linked to what wraps it.
#[test]
fn a_key_with_a_mac_alone_is_registered_as_it_is() {
    let peer = Peer::new(ProtocolVersion::V2_1);
    let hmac = key(&peer, A::HmacSha256, 256, Mask::MAC_GENERATE | Mask::MAC_VERIFY);
    let plain = peer.create([]);
    let none = CryptographicParameters::default();
    let given =
        get(&peer, &plain, by(M::MacSign, None, Some((&hmac, &none)), EncodingOption::NoEncoding)).unwrap();
    let attributes = Attributes::new().with(Attribute::CryptographicUsageMask(Mask::ENCRYPT));
    let request = RegisterRequest::new(ObjectType::SymmetricKey, attributes, given.clone());
    let registered = peer.call(request).unwrap().unique_identifier;
    assert_eq!(peer.call(GetRequest::new(registered.clone())).unwrap().object, given);
    let attributes = peer.attributes(&registered);
    assert_eq!(attributes.links().next().unwrap().linked_object_identifier, hmac);
    let request = GetRequest { key_wrap_type: Some(KeyWrapType::NotWrapped), ..GetRequest::new(registered) };
    assert_eq!(peer.call(request).unwrap().object, peer.call(GetRequest::new(plain)).unwrap().object);
}

/// A MAC leaves the key readable.
#[test]
fn what_is_sensitive_is_not_given_with_a_mac_alone() {
    let peer = Peer::new(ProtocolVersion::V2_1);
    let mac = key(&peer, A::HmacSha256, 256, Mask::MAC_GENERATE | Mask::MAC_VERIFY);
    let attributes = active(A::Aes, 256, Mask::ENCRYPT).with(Attribute::Sensitive(true));
    let request = CreateRequest::new(ObjectType::SymmetricKey, attributes);
    let sensitive = peer.call(request).unwrap().unique_identifier;
    let open = key(&peer, A::Aes, 256, Mask::ENCRYPT);
    let parameters = CryptographicParameters::default();
    for encoding in [EncodingOption::NoEncoding, EncodingOption::TtlvEncoding] {
        let with_mac = || by(M::MacSign, None, Some((&mac, &parameters)), encoding);
        assert!(get(&peer, &open, with_mac()).is_ok());
        assert_eq!(get(&peer, &sensitive, with_mac()), Err(R::Sensitive));
    }
    // Nor is what was registered so.
    let with_mac = by(M::MacSign, None, Some((&mac, &parameters)), EncodingOption::NoEncoding);
    let object = get(&peer, &open, with_mac).unwrap();
    let attributes = active(A::Aes, 256, Mask::ENCRYPT).with(Attribute::Sensitive(true));
    let request = RegisterRequest::new(ObjectType::SymmetricKey, attributes, object);
    let registered = peer.call(request).unwrap().unique_identifier;
    assert_eq!(peer.call(GetRequest::new(registered)), Err(R::Sensitive));
}
