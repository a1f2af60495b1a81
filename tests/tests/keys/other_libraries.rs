//! Keys of other libraries.

use ed25519_dalek::{SigningKey, VerifyingKey};
use kmip_sdk::keys::{KeyError, Material};
use proptest::prelude::*;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn keys_of_rustcrypto_go_there_and_back(mut number in any::<[u8; 48]>()) {
        number[0] &= 0x7F;
        number[47] |= 1;
        let p384 = p384::SecretKey::from_slice(&number).unwrap();
        let material = Material::from_private_key(&p384).unwrap();
        prop_assert_eq!(material.to_string(), "a private key (EC, P-384)");
        prop_assert!(material.to_private_key::<p384::SecretKey>().unwrap() == p384);
        let public = material.public_key().unwrap();
        prop_assert_eq!(public.to_public_key::<p384::PublicKey>().unwrap(), p384.public_key());
        prop_assert_eq!(Material::from_public_key(&p384.public_key()).unwrap(), public);

        number[16] |= 1;
        number[16] &= 0x7F;
        let p256 = p256::SecretKey::from_slice(&number[16..]).unwrap();
        let material = Material::from_private_key(&p256).unwrap();
        prop_assert!(material.to_private_key::<p256::SecretKey>().unwrap() == p256);

        let seed: [u8; 32] = number[..32].try_into().unwrap();
        let ed25519 = SigningKey::from_bytes(&seed);
        let material = Material::from_private_key(&ed25519).unwrap();
        prop_assert_eq!(material.to_string(), "a private key (Ed25519)");
        prop_assert_eq!(&material.to_private_key::<SigningKey>().unwrap(), &ed25519);
        let public = material.public_key().unwrap();
        prop_assert_eq!(public.to_public_key::<VerifyingKey>().unwrap(), ed25519.verifying_key());
    }
}

#[test]
fn a_key_of_another_kind_is_refused_with_words() {
    let p256 = p256::SecretKey::from_slice(&[7; 32]).unwrap();
    let material = Material::from_private_key(&p256).unwrap();
    let refused = material.to_private_key::<SigningKey>().unwrap_err();
    assert_eq!(
        refused.to_string(),
        "a private key (EC, P-256) cannot be had as `ed25519_dalek::signing::SigningKey`: the type does not take it"
    );
    let refused = material.to_public_key::<VerifyingKey>().unwrap_err();
    assert!(matches!(refused, KeyError::Unavailable { .. }), "{refused}");
}
