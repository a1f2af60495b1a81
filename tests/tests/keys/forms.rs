//! Every form outside KMIP, there and back.

use kmip_sdk::keys::{CertifiedKey, KeyEncoding, KeyError, Material};
use kmip_sdk::types::enumerations::{CryptographicAlgorithm, ObjectType, RecommendedCurve};
use proptest::prelude::*;

use crate::made::{RSA, certificate, on_a_curve, private_key, symmetric_key};

const ENCODINGS: [KeyEncoding; 5] =
    [KeyEncoding::Pkcs8, KeyEncoding::Pkcs1, KeyEncoding::Sec1, KeyEncoding::Spki, KeyEncoding::X509];

/// The encodings that material is to be had in; every other is refused.
fn encodings(material: &Material) -> Vec<KeyEncoding> {
    let is_rsa = material.algorithm() == Some(CryptographicAlgorithm::Rsa);
    match material.object_type() {
        ObjectType::PrivateKey if is_rsa => vec![KeyEncoding::Pkcs8, KeyEncoding::Pkcs1],
        ObjectType::PrivateKey if material.curve() == Some(RecommendedCurve::Curve25519) => {
            vec![KeyEncoding::Pkcs8]
        }
        ObjectType::PrivateKey => vec![KeyEncoding::Pkcs8, KeyEncoding::Sec1],
        ObjectType::PublicKey if is_rsa => vec![KeyEncoding::Spki, KeyEncoding::Pkcs1],
        ObjectType::PublicKey => vec![KeyEncoding::Spki],
        ObjectType::Certificate => vec![KeyEncoding::X509],
        _ => vec![],
    }
}

fn goes_through_der_and_pem(material: &Material) {
    let possible = encodings(material);
    for encoding in ENCODINGS {
        if !possible.contains(&encoding) {
            let refused = material.to_der_as(encoding).unwrap_err();
            assert!(matches!(refused, KeyError::Unavailable { .. }), "{refused}");
            continue;
        }
        let der = material.to_der_as(encoding).unwrap();
        assert_eq!(&Material::from_der(der.reveal()).unwrap(), material, "{encoding:?}");
        let pem = material.to_pem_as(encoding).unwrap();
        assert_eq!(&Material::from_pem(pem.reveal()).unwrap(), material, "{encoding:?}");
        // As Windows writes it, and with text around it.
        let text = format!("before\n{}after", pem.reveal().replace('\n', "\r\n"));
        assert_eq!(&Material::from_pem(text).unwrap(), material, "{encoding:?}");
    }
}

fn goes_through_jwk(key: &Material) {
    let jwk = key.to_jwk().unwrap();
    serde_json::from_str::<serde_json::Value>(jwk.reveal()).unwrap();
    let read = Material::from_jwk(jwk.reveal()).unwrap();
    // Only HMAC has an `alg` of its own.
    let read = match key.algorithm() {
        Some(algorithm) if key.object_type() == ObjectType::SymmetricKey => {
            read.with_algorithm(algorithm).unwrap()
        }
        _ => read,
    };
    assert_eq!(&read, key);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn key_pairs_go_through_der_and_pem_and_back(key in private_key()) {
        goes_through_der_and_pem(&key);
        goes_through_der_and_pem(&key.public_key().unwrap());
    }

    #[test]
    fn keys_go_through_json_web_keys_and_back(key in prop_oneof![private_key(), symmetric_key()]) {
        goes_through_jwk(&key);
        if key.object_type() == ObjectType::PrivateKey {
            goes_through_jwk(&key.public_key().unwrap());
        }
    }

    #[test]
    fn symmetric_keys_are_their_bytes(key in symmetric_key()) {
        let bytes = key.to_bytes().unwrap();
        prop_assert_eq!(&Material::symmetric(key.algorithm().unwrap(), bytes).unwrap(), &key);
    }
}

proptest! {
    // A password is hashed 600 000 times.
    #![proptest_config(ProptestConfig::with_cases(1))]

    #[test]
    fn private_keys_go_through_encryption_and_back(key in on_a_curve(), password in ".{0,40}") {
        let der = key.to_encrypted_der(&password).unwrap();
        prop_assert_eq!(&Material::from_der_with_password(der.reveal(), &password).unwrap(), &key);
        let wrong = Material::from_der_with_password(der.reveal(), &(password + "x")).unwrap_err();
        prop_assert!(matches!(wrong, KeyError::WrongPassword { .. }), "{}", wrong);
    }
}

#[test]
fn an_encrypted_rsa_key_goes_through_pem_and_back() {
    let pem = RSA[0].to_encrypted_pem("seventeen").unwrap();
    assert!(pem.reveal().starts_with("-----BEGIN ENCRYPTED PRIVATE KEY-----"));
    assert_eq!(Material::from_pem_with_password(pem.reveal(), "seventeen").unwrap(), RSA[0]);
    let locked = Material::from_pem(pem.reveal()).unwrap_err();
    assert!(matches!(locked, KeyError::NoPassword { .. }), "{locked}");
}

#[test]
fn certificates_go_through_der_and_pem_and_know_their_key() {
    let (certificate, key) = certificate();
    goes_through_der_and_pem(&certificate);
    assert_eq!(certificate.public_key().unwrap(), key.public_key().unwrap());
    assert_eq!((certificate.algorithm(), certificate.length()), (key.algorithm(), key.length()));
    let attributes = certificate.certificate_attributes().unwrap();
    assert!(attributes.x509_certificate_subject().is_some());
    assert!(certificate.attributes().is_empty());
}

#[test]
fn reads_all_that_is_in_a_text_in_its_order() {
    let (certificate, key) = certificate();
    let sec1 = key.to_pem_as(KeyEncoding::Sec1).unwrap();
    // As `openssl ecparam -genkey` writes it.
    let parameters = "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n";
    let text = [parameters, sec1.reveal(), certificate.to_pem().unwrap().reveal()].concat();
    assert_eq!(Material::all_from_pem(&text).unwrap(), [key, certificate]);
}

/// The same key, encrypted by `openssl pkcs8 -topk8`.
#[test]
fn reads_keys_that_openssl_encrypted() {
    let plain = Material::from_pem(include_str!("../client/keys/plain.pem")).unwrap();
    for encrypted in [
        include_str!("../client/keys/aes256-sha256.pem"),
        include_str!("../client/keys/aes256-scrypt.pem"),
        include_str!("../client/keys/aes128-sha1.pem"),
    ] {
        assert_eq!(Material::from_pem_with_password(encrypted, "seventeen").unwrap(), plain);
    }
}

#[test]
fn reads_keys_and_certificates_of_pkcs12_with_the_chain_in_order() {
    let all = Material::all_from_pkcs12(include_bytes!("../client/keys/pkcs12/with-root.p12"), "seventeen")
        .unwrap();
    let (key, certificates) = all.split_first().unwrap();
    assert_eq!(key.object_type(), ObjectType::PrivateKey);
    assert_eq!(key.public_key().unwrap(), certificates[0].public_key().unwrap());
    let root = Material::from_pem(include_str!("../client/keys/pkcs12/root.pem")).unwrap();
    assert_eq!(certificates.last(), Some(&root));
    assert_eq!(certificates.len(), 3);
}

#[test]
fn a_certificate_with_its_key_goes_through_pkcs12_and_back() {
    let file = include_bytes!("../client/keys/pkcs12/with-root.p12");
    let all = Material::all_from_pkcs12(file, "seventeen").unwrap();
    let pair = CertifiedKey::new(all.clone()).unwrap();
    let text = Material::all_from_pem(pair.to_pem().unwrap().reveal()).unwrap();
    assert_eq!(text, [&all[1..], &all[..1]].concat());
    assert_eq!((pair.private_key(), pair.certificate(), pair.issuers()), (Some(&all[0]), &all[1], &all[2..]));
    for password in ["", "seventeen", "Schlüssel 🔑"] {
        let written = pair.to_pkcs12(password).unwrap();
        assert_eq!(Material::all_from_pkcs12(&written, password).unwrap(), all);
        let wrong = Material::all_from_pkcs12(&written, "eighteen").unwrap_err();
        assert!(matches!(wrong, KeyError::WrongPassword { .. }), "{wrong}");
    }
    let (certificate, _) = certificate();
    let without = CertifiedKey::new([certificate]).unwrap().to_pkcs12("seventeen").unwrap_err();
    assert!(matches!(without, KeyError::OtherMaterial { .. }), "{without}");
}
