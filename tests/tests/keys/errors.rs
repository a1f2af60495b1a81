//! The words of errors: what the material is, what was wanted, and what to do.

use kmip_sdk::keys::wrap::{WrapError, Wrapping, WrappingKey};
use kmip_sdk::keys::{CertifiedKey, KeyEncoding, KeyError, Material};
use kmip_sdk::types::attribute::Attributes;
use kmip_sdk::types::enumerations::{
    BlockCipherMode, CryptographicAlgorithm, KeyFormatType, RecommendedCurve, SplitKeyMethod, WrappingMethod,
};
use kmip_sdk::types::object::{
    KeyBlock, KeyMaterial, ManagedObject, PublicKey, SplitKey, TransparentEcPublicKey, TransparentKey,
};

use crate::made::{RSA, certificate};

fn words<T>(errors: impl IntoIterator<Item = (&'static str, Result<T, KeyError>)>) -> String {
    let mut words = String::new();
    for (what, result) in errors {
        let Err(error) = result else { panic!("{what}: no error") };
        words.push_str(&format!("{what}:\n    {error}\n"));
    }
    words
}

#[test]
fn say_what_cannot_be_read() {
    let (certificate, key) = certificate();
    let pem = key.to_pem().unwrap();
    let der = key.to_der().unwrap();
    let pkcs12 = include_bytes!("../client/keys/pkcs12/aes256.p12");
    let two = [pem.reveal(), certificate.to_pem().unwrap().reveal()].concat();
    let read = [
        ("no PEM", Material::from_pem("hello")),
        ("DER for PEM", Material::from_pem(der.reveal())),
        ("PEM for DER", Material::from_der(pem.reveal())),
        ("cut PEM", Material::from_pem(&pem.reveal()[..100])),
        ("bad Base64", Material::from_pem(pem.reveal().replace("MIG", "!!!"))),
        ("another label", Material::from_pem("-----BEGIN X509 CRL-----\nMAA=\n-----END X509 CRL-----\n")),
        ("a wrong label", Material::from_pem(pem.reveal().replace("PRIVATE KEY", "CERTIFICATE"))),
        ("two in a text", Material::from_pem(two)),
        ("without line breaks", Material::from_pem(pem.reveal().replace('\n', " "))),
        ("with line breaks in words", Material::from_pem(pem.reveal().replace('\n', "\\n"))),
        ("no end of a label", Material::from_pem("-----BEGIN PRIVATE KEY\nMIIB\n")),
        ("no password", Material::from_pem(include_str!("../client/keys/aes256-sha256.pem"))),
        (
            "another password",
            Material::from_pem_with_password(include_str!("../client/keys/aes256-sha256.pem"), "eighteen"),
        ),
        (
            "another cipher",
            Material::from_pem_with_password(include_str!("../client/keys/camellia256.pem"), "seventeen"),
        ),
        ("traditional", Material::from_pem(include_str!("../client/keys/traditional.pem"))),
        ("no DER", Material::from_der([1, 2, 3])),
        (
            "PKCS#12 with another password",
            Material::all_from_pkcs12(pkcs12, "x").map(|mut all| all.remove(0)),
        ),
        ("no PKCS#12", Material::all_from_pkcs12([0x30, 0], "x").map(|mut all| all.remove(0))),
        ("no JWK", Material::from_jwk("{}")),
        ("a JWK of another kind", Material::from_jwk(r#"{"kty":"AKP"}"#)),
        ("a JWK on another curve", Material::from_jwk(r#"{"kty":"EC","crv":"P-1","x":"AA","y":"AA"}"#)),
        ("a JWK without a point", Material::from_jwk(r#"{"kty":"OKP","crv":"Ed25519","x":"AA"}"#)),
        ("an AES key of 5 bytes", Material::aes(vec![0; 5])),
        ("a 3DES key of 5 bytes", Material::symmetric(CryptographicAlgorithm::Des3, vec![0; 5])),
        ("an HMAC key of none", Material::symmetric(CryptographicAlgorithm::HmacSha256, vec![])),
        ("an algorithm for a certificate", certificate.with_algorithm(CryptographicAlgorithm::Aes)),
    ];
    insta::assert_snapshot!("not_read", words(read));
}

#[test]
fn say_what_cannot_be_had() {
    let (certificate, key) = certificate();
    let aes = Material::aes(vec![0; 32]).unwrap();
    let public = key.public_key().unwrap();
    let had = [
        ("PKCS#1 on a curve", key.to_der_as(KeyEncoding::Pkcs1).map(drop)),
        ("SEC1 of RSA", RSA[0].to_der_as(KeyEncoding::Sec1).map(drop)),
        ("SPKI of a private key", key.to_der_as(KeyEncoding::Spki).map(drop)),
        ("PKCS#8 of a public key", public.to_der_as(KeyEncoding::Pkcs8).map(drop)),
        ("X.509 of a key", public.to_der_as(KeyEncoding::X509).map(drop)),
        ("PEM of AES", aes.to_pem().map(drop)),
        ("bytes of a key pair", key.to_bytes().map(drop)),
        ("bytes of a certificate", certificate.to_bytes().map(drop)),
        ("JWK of a certificate", certificate.to_jwk().map(drop)),
        ("encrypted public key", public.to_encrypted_pem("x").map(drop)),
        ("public key of AES", aes.public_key().map(drop)),
        ("names of a key", key.certificate_attributes().map(drop)),
        ("PKCS#8 of AES", aes.to_object_as(KeyFormatType::Pkcs8).map(drop)),
        (
            "PKCS#1 on a curve, registered",
            key.to_register_request_as(KeyFormatType::Pkcs1, Attributes::new()).map(drop),
        ),
        ("X.509 of a private key", RSA[0].to_object_as(KeyFormatType::X509).map(drop)),
        ("Raw of a public key", public.to_object_as(KeyFormatType::Raw).map(drop)),
        ("Raw of an RSA public key", RSA[0].public_key().unwrap().to_object_as(KeyFormatType::Raw).map(drop)),
        ("Raw of a certificate", certificate.to_object_as(KeyFormatType::Raw).map(drop)),
        ("PKCS#8 of a password", Material::password("x").to_object_as(KeyFormatType::Pkcs8).map(drop)),
        ("Raw of opaque bytes", Material::opaque(vec![1]).to_object_as(KeyFormatType::Raw).map(drop)),
        ("no certificate", CertifiedKey::new([key.clone()]).map(drop)),
        ("another's certificate", CertifiedKey::new([certificate.clone(), RSA[0].clone()]).map(drop)),
        ("something else", CertifiedKey::new([certificate, aes]).map(drop)),
    ];
    insta::assert_snapshot!("not_had", words(had));
}

#[test]
fn say_which_objects_are_not_read() {
    let (_, key) = certificate();
    let public = |format, material| {
        let key_block = KeyBlock::plain(format, material, CryptographicAlgorithm::Ec, 256);
        ManagedObject::PublicKey(PublicKey { key_block })
    };
    let transparent = |recommended_curve, q_string| {
        let key = TransparentEcPublicKey { recommended_curve, q_string };
        let material = KeyMaterial::Transparent(TransparentKey::EcPublicKey(key));
        public(KeyFormatType::TransparentEcPublicKey, material)
    };
    let mut elsewhere = key.to_object().unwrap();
    if let ManagedObject::PrivateKey(key) = &mut elsewhere {
        key.key_block.key_value = None;
    }
    let split = ManagedObject::SplitKey(SplitKey {
        split_key_parts: 2,
        key_part_identifier: 1,
        split_key_threshold: 2,
        split_key_method: SplitKeyMethod::Xor,
        prime_field_size: None,
        key_block: key.to_key_block_as(KeyFormatType::Pkcs8).unwrap(),
    });
    let objects = [
        ("a part of a key", split),
        ("a key that is elsewhere", elsewhere),
        ("bytes in another format", public(KeyFormatType::EcPrivateKey, KeyMaterial::bytes(vec![1]))),
        ("no SubjectPublicKeyInfo", public(KeyFormatType::X509, KeyMaterial::bytes(vec![1]))),
        ("another curve", transparent(RecommendedCurve::B163, vec![4; 65])),
        ("no point", transparent(RecommendedCurve::P256, vec![4; 65])),
    ];
    let read = objects.iter().map(|(what, object)| (*what, Material::from_object(object)));
    insta::assert_snapshot!("objects_not_read", words(read));
}

#[test]
fn say_what_is_not_wrapped() {
    let (certificate, key) = certificate();
    let aes = Material::aes(vec![1; 32]).unwrap();
    let wrapping_key = WrappingKey::new("kek-1", &aes).unwrap();
    let object = aes.to_object().unwrap();
    let wrapped = wrapping_key.wrap(&object, &Wrapping::aes_gcm()).unwrap();
    let change = |change: fn(&mut kmip_sdk::types::object::KeyWrappingData)| {
        let mut changed = wrapped.clone();
        if let ManagedObject::SymmetricKey(key) = &mut changed {
            change(key.key_block.key_wrapping_data.as_mut().unwrap());
        }
        wrapping_key.unwrap(&changed).map(drop)
    };
    let transparent = key.to_object_as(KeyFormatType::TransparentEcPrivateKey).unwrap();
    let errors: [(&str, Result<(), WrapError>); 12] = [
        ("no AES key", WrappingKey::new("kek-1", &key).map(drop)),
        (
            "a certificate",
            wrapping_key.wrap(&certificate.to_object().unwrap(), &Wrapping::aes_gcm()).map(drop),
        ),
        ("a structure", wrapping_key.wrap(&transparent, &Wrapping::aes_gcm()).map(drop)),
        (
            "no whole blocks",
            wrapping_key
                .wrap(&Material::password("seventeen").to_object().unwrap(), &Wrapping::aes_key_wrap())
                .map(drop),
        ),
        ("wrapped twice", wrapping_key.wrap(&wrapped, &Wrapping::aes_gcm()).map(drop)),
        ("not wrapped", wrapping_key.unwrap(&object).map(drop)),
        ("another's", WrappingKey::new("kek-2", &aes).unwrap().unwrap(&wrapped).map(drop)),
        (
            "other bytes",
            WrappingKey::new("kek-1", &Material::aes(vec![2; 32]).unwrap())
                .unwrap()
                .unwrap(&wrapped)
                .map(drop),
        ),
        ("another method", change(|data| data.wrapping_method = WrappingMethod::MacSign)),
        (
            "another mode",
            change(|data| {
                let information = data.encryption_key_information.as_mut().unwrap();
                information.cryptographic_parameters.as_mut().unwrap().block_cipher_mode =
                    Some(BlockCipherMode::Cbc);
            }),
        ),
        ("no nonce", change(|data| data.iv_counter_nonce = None)),
        ("no key", change(|data| data.encryption_key_information = None)),
    ];
    let mut words = String::new();
    for (what, result) in errors {
        words.push_str(&format!("{what}:\n    {}\n", result.unwrap_err()));
    }
    insta::assert_snapshot!("not_wrapped", words);
}

#[test]
fn debug_shows_no_secret() {
    let (_, key) = certificate();
    let aes = Material::aes(vec![0x5A; 16]).unwrap();
    let wrapping_key = WrappingKey::new("kek-1", &aes).unwrap();
    insta::assert_debug_snapshot!(
        "opaque",
        (&key, &RSA[0], &aes, Material::password("seventeen"), wrapping_key)
    );
}
