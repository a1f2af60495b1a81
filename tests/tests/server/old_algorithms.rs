//! What is served because it is old: RSA keys of 1024 bits, DSA, and Diffie-Hellman, in the group of 2048 bits with a subgroup
//! of 256 of RFC 5114 section 2.3.

use kmip_sdk::keys::Material;
use kmip_sdk::types::attribute::{
    Attribute, Attributes, CryptographicDomainParameters, CryptographicParameters, UniqueIdentifier,
};
use kmip_sdk::types::enumerations::{
    CryptographicAlgorithm as A, DerivationMethod, DigitalSignatureAlgorithm as D, HashingAlgorithm as H,
    KeyFormatType as F, ObjectType, ResultReason as R, ValidityIndicator,
};
use kmip_sdk::types::masks::CryptographicUsageMask as Mask;
use kmip_sdk::types::object::{
    KeyBlock, KeyMaterial, ManagedObject, PrivateKey, TransparentDhPrivateKey, TransparentDsaPrivateKey,
    TransparentKey,
};
use kmip_sdk::types::operation::{
    CreateKeyPairRequest, DerivationParameters, DeriveKeyRequest, GetRequest, RegisterRequest, SignRequest,
    SignatureVerifyRequest,
};
use kmip_sdk::types::{BigInteger, DateTime, ProtocolVersion, SecretBigInteger};

use crate::support::{Peer, START};

const V2_1: ProtocolVersion = ProtocolVersion::V2_1;

const P: &str = "87A8E61DB4B6663CFFBBD19C651959998CEEF608660DD0F25D2CEED4435E3B00E00DF8F1D61957D4FAF7DF4561B2AA3016C3D91134096FAA\
    3BF4296D830E9A7C209E0C6497517ABD5A8A9D306BCF67ED91F9E6725B4758C022E0B1EF4275BF7B6C5BFC11D45F9088B941F54EB1E59BB8BC39\
    A0BF12307F5C4FDB70C581B23F76B63ACAE1CAA6B7902D52526735488A0EF13C6D9A51BFA4AB3AD8347796524D8EF6A167B5A41825D967E144E5\
    140564251CCACB83E6B486F6B3CA3F7971506026C0B857F689962856DED4010ABD0BE621C3A3960A54E710C375F26375D7014103A4B54330C198\
    AF126116D2276E11715F693877FAD7EF09CADB094AE91E1A1597";
const G: &str = "3FB32C9B73134D0B2E77506660EDBD484CA7B18F21EF205407F4793A1A0BA12510DBC15077BE463FFF4FED4AAC0BB555BE3A6C1B0C6B47B1\
    BC3773BF7E8C6F62901228F8C28CBB18A55AE31341000A650196F931C77A57F2DDF463E5E9EC144B777DE62AAAB8A8628AC376D282D6ED3864E67\
    982428EBC831D14348F6F2F9193B5045AF2767164E1DFC967C1FB3F2E55A4BD1BFFE83B9C80D052B985D182EA0ADB2A3B7313D3FE14C8484B1E05\
    2588B9B7D2BBD2DF016199ECD06E1557CD0915B3353BBB64E0EC377FD028370DF92B52C7891428CDC67EB6184B523D1DB246C32F63078490F00EF\
    8D647D148D47954515E2327CFEF98C582664B4C0F6CC41659";
const Q: &str = "8CF83642A709A097B447997640129DA299B1A47D1EB3750BA308B0FE64F5FBD3";

fn number(digits: &str) -> BigInteger {
    let digits = if digits.len() % 2 == 1 { format!("0{digits}") } else { digits.to_owned() };
    let bytes = (0..digits.len()).step_by(2).map(|at| u8::from_str_radix(&digits[at..at + 2], 16).unwrap());
    BigInteger::from_unsigned_bytes(&bytes.collect::<Vec<_>>())
}

fn secret(bytes: &[u8]) -> SecretBigInteger {
    SecretBigInteger::new(BigInteger::from_unsigned_bytes(bytes))
}

fn dsa(x: &[u8]) -> (A, F, TransparentKey) {
    let key = TransparentDsaPrivateKey { p: number(P), q: number(Q), g: number(G), x: secret(x) };
    (A::Dsa, F::TransparentDsaPrivateKey, TransparentKey::DsaPrivateKey(key))
}

fn dh(x: &[u8]) -> (A, F, TransparentKey) {
    let (p, q, g) = (number(P), Some(number(Q)), number(G));
    let key = TransparentDhPrivateKey { p, q, g, j: None, x: secret(x) };
    (A::Dh, F::TransparentDhPrivateKey, TransparentKey::DhPrivateKey(key))
}

fn usable(mask: Mask) -> Attributes {
    Attributes::new()
        .with(Attribute::CryptographicUsageMask(mask))
        .with(Attribute::ActivationDate(DateTime::from_seconds(START)))
}

/// The private and the public key, registered.
fn register(
    peer: &Peer,
    (algorithm, format, key): (A, F, TransparentKey),
    [private, public]: [Mask; 2],
) -> [UniqueIdentifier; 2] {
    let key_block = KeyBlock::plain(format, KeyMaterial::Transparent(key), algorithm, 2048);
    let object = ManagedObject::PrivateKey(PrivateKey { key_block });
    let other = Material::from_object(&object).unwrap().public_key().unwrap();
    let request = RegisterRequest::new(ObjectType::PrivateKey, usable(private), object);
    let private = peer.call(request).unwrap().unique_identifier;
    let request = other.to_register_request(usable(public)).unwrap();
    [private, peer.call(request).unwrap().unique_identifier]
}

/// Whether a signature by one key is valid by the other, and one of other data is not.
fn signs(peer: &Peer, [private, public]: &[UniqueIdentifier; 2], parameters: &CryptographicParameters) {
    let parameters = Some(Box::new(parameters.clone()));
    let signed = peer.call(SignRequest {
        unique_identifier: Some(private.clone()),
        cryptographic_parameters: parameters.clone(),
        data: Some(b"sample".as_slice().into()),
        ..SignRequest::default()
    });
    let signature = signed.unwrap().signature_data;
    for (data, expected) in
        [(b"sample".as_slice(), ValidityIndicator::Valid), (b"simple", ValidityIndicator::Invalid)]
    {
        let request = SignatureVerifyRequest {
            unique_identifier: Some(public.clone()),
            cryptographic_parameters: parameters.clone(),
            data: Some(data.into()),
            signature_data: signature.clone(),
            ..SignatureVerifyRequest::default()
        };
        assert_eq!(peer.call(request).unwrap().validity_indicator, Some(expected));
    }
}

#[test]
fn dsa_keys_sign_and_are_had_in_every_format() {
    let peer = Peer::new(V2_1);
    let pair = register(&peer, dsa(&[0x5A; 20]), [Mask::SIGN, Mask::VERIFY]);
    for algorithm in [D::DsaWithSha1, D::DsaWithSha224, D::DsaWithSha256] {
        let digital_signature_algorithm = Some(algorithm);
        let parameters = CryptographicParameters { digital_signature_algorithm, ..Default::default() };
        signs(&peer, &pair, &parameters);
    }
    let parameters = CryptographicParameters { hashing_algorithm: Some(H::Sha3_512), ..Default::default() };
    signs(&peer, &pair, &parameters);
    let other = CryptographicParameters {
        digital_signature_algorithm: Some(D::EcdsaWithSha256),
        ..CryptographicParameters::default()
    };
    let request = SignRequest {
        unique_identifier: Some(pair[0].clone()),
        cryptographic_parameters: Some(Box::new(other)),
        data: Some(b"sample".as_slice().into()),
        ..SignRequest::default()
    };
    assert_eq!(peer.call(request), Err(R::BadCryptographicParameters));
    let formats = [
        (&pair[0], [F::TransparentDsaPrivateKey, F::Pkcs8], F::TransparentDsaPrivateKey),
        (&pair[1], [F::TransparentDsaPublicKey, F::X509], F::TransparentDsaPublicKey),
    ];
    for (key, formats, default) in formats {
        let digests: Vec<_> = peer.attributes(key).digests().map(|digest| digest.key_format_type).collect();
        assert!(digests.contains(&Some(default)), "{digests:?}");
        let mut had = formats.map(|format| {
            let request = GetRequest { key_format_type: Some(format), ..GetRequest::new(key.clone()) };
            let object = peer.call(request).unwrap().object;
            assert_eq!(object.key_block().unwrap().key_format_type, format);
            Material::from_object(&object).unwrap()
        });
        let [one, other] = &mut had;
        assert_eq!(one, other);
        let request = GetRequest { key_format_type: Some(F::Pkcs1), ..GetRequest::new(key.clone()) };
        assert_eq!(peer.call(request), Err(R::KeyFormatTypeNotSupported));
    }
}

/// What two keys agree on.
fn derive(
    peer: &Peer,
    private: &UniqueIdentifier,
    public: &UniqueIdentifier,
    bits: i32,
) -> Result<Vec<u8>, R> {
    let request = DeriveKeyRequest {
        object_type: ObjectType::SecretData,
        unique_identifier: vec![private.clone(), public.clone()],
        derivation_method: DerivationMethod::AsymmetricKey,
        derivation_parameters: DerivationParameters::default(),
        attributes: Attributes::new().with(Attribute::CryptographicLength(bits)),
    };
    let derived = peer.call(request)?.unique_identifier;
    let object = peer.call(GetRequest::new(derived)).unwrap().object;
    Ok(object.key_block().unwrap().key_bytes().unwrap().to_vec())
}

/// Has a pair made, with a length and one of its Qlength in bits.
fn create(
    peer: &Peer,
    algorithm: A,
    length: Option<i32>,
    qlength: Option<i32>,
    mask: Mask,
) -> Result<[UniqueIdentifier; 2], R> {
    let mut common = usable(mask).with(Attribute::CryptographicAlgorithm(algorithm));
    common.extend(length.map(Attribute::CryptographicLength));
    common.extend(qlength.map(|qlength| {
        let qlength = Some(qlength);
        Attribute::CryptographicDomainParameters(CryptographicDomainParameters {
            qlength,
            recommended_curve: None,
        })
    }));
    let request = CreateKeyPairRequest { common_attributes: Some(common), ..CreateKeyPairRequest::default() };
    let made = peer.call(request)?;
    Ok([made.private_key_unique_identifier, made.public_key_unique_identifier])
}

#[test]
fn dsa_and_diffie_hellman_keys_are_made() {
    let peer = Peer::new(V2_1);
    let mask = Mask::SIGN | Mask::VERIFY;
    let transparent = |key: &UniqueIdentifier| {
        let object = peer.call(GetRequest::new(key.clone())).unwrap().object;
        let Some(KeyMaterial::Transparent(key)) = object.key_block().unwrap().key_material() else {
            panic!("{object:?}")
        };
        key.clone()
    };
    let bits = |number: &BigInteger| number.to_unsigned_bytes().unwrap().len() * 8;
    for (length, qlength, due) in [(Some(1024), None, (1024, 160)), (Some(1024), Some(160), (1024, 160))] {
        let pair = create(&peer, A::Dsa, length, qlength, mask).unwrap();
        let TransparentKey::DsaPublicKey(key) = transparent(&pair[1]) else { panic!() };
        assert_eq!((bits(&key.p), bits(&key.q)), due);
        assert_eq!(peer.attributes(&pair[0]).cryptographic_length(), length);
        let digital_signature_algorithm = Some(D::DsaWithSha1);
        signs(&peer, &pair, &CryptographicParameters { digital_signature_algorithm, ..Default::default() });
    }
    for (length, qlength) in [(None, None), (Some(2048), Some(2047)), (Some(3072), None)] {
        let one = create(&peer, A::Dh, length, qlength, Mask::DERIVE_KEY).unwrap();
        let other = create(&peer, A::Dh, length, qlength, Mask::DERIVE_KEY).unwrap();
        let length = length.unwrap_or(2048);
        let TransparentKey::DhPublicKey(key) = transparent(&one[1]) else { panic!() };
        assert_eq!(bits(&key.p), length.unsigned_abs() as usize);
        let secret = derive(&peer, &one[0], &other[1], length).unwrap();
        assert_eq!(derive(&peer, &other[0], &one[1], length), Ok(secret));
    }
    for (algorithm, length, qlength) in [
        (A::Dsa, Some(512), None),
        (A::Dsa, Some(1024), Some(256)),
        (A::Dsa, Some(3072), Some(256)),
        (A::Dsa, Some(-1), Some(-1)),
        (A::Dh, Some(1024), None),
        (A::Dh, Some(2048), Some(256)),
        (A::Dh, Some(i32::MIN), Some(i32::MAX)),
    ] {
        let refused = create(&peer, algorithm, length, qlength, mask);
        assert_eq!(refused, Err(R::InvalidAttributeValue), "{algorithm} {length:?} {qlength:?}");
    }
}

#[test]
fn diffie_hellman_keys_agree() {
    let peer = Peer::new(V2_1);
    let mask = [Mask::DERIVE_KEY; 2];
    let agree =
        |private: &UniqueIdentifier, public: &UniqueIdentifier, bits| derive(&peer, private, public, bits);
    let (one, other) = (register(&peer, dh(&[0x5A; 32]), mask), register(&peer, dh(&[0x33; 32]), mask));
    let secret = agree(&one[0], &other[1], 2048).unwrap();
    assert_eq!(agree(&other[0], &one[1], 2048), Ok(secret.clone()));
    assert_eq!(agree(&other[0], &one[1], 256).unwrap(), secret[..32]);
    assert_eq!(agree(&other[0], &one[1], 2056), Err(R::CryptographicFailure), "the secret is as long as p");
    // To the power of 1: the other's public number itself.
    let [first, _] = register(&peer, dh(&[1]), mask);
    let request =
        GetRequest { key_format_type: Some(F::TransparentDhPublicKey), ..GetRequest::new(other[1].clone()) };
    let object = peer.call(request).unwrap().object;
    let Some(KeyMaterial::Transparent(TransparentKey::DhPublicKey(public))) =
        object.key_block().unwrap().key_material()
    else {
        panic!("{object:?}")
    };
    assert_eq!(agree(&first, &other[1], 2048).unwrap(), public.y.to_unsigned_bytes().unwrap());
    // A key of DSA in the same group is none for this.
    let [_, dsa] = register(&peer, dsa(&[7]), mask);
    assert_eq!(agree(&one[0], &dsa, 256), Err(R::BadCryptographicParameters));
}

#[test]
fn rsa_keys_of_1024_bits_are_made_and_used() {
    let peer = Peer::new(V2_1);
    let create = |bits| create(&peer, A::Rsa, Some(bits), None, Mask::SIGN | Mask::VERIFY);
    let pair = create(1024).unwrap();
    assert_eq!(peer.attributes(&pair[0]).cryptographic_length(), Some(1024));
    let parameters = CryptographicParameters {
        digital_signature_algorithm: Some(D::Sha256WithRsaEncryption),
        ..CryptographicParameters::default()
    };
    signs(&peer, &pair, &parameters);
    for bits in [512, 1000, 2047] {
        assert_eq!(create(bits), Err(R::InvalidAttributeValue), "{bits}");
    }
}
