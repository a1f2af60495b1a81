//! Keys of every kind that can be made.

use std::sync::LazyLock;

use kmip_sdk::keys::Material;
use kmip_sdk::types::enumerations::{CryptographicAlgorithm, SecretDataType};
use proptest::prelude::*;
use rcgen::{KeyPair, PKCS_RSA_SHA256, RsaKeySize};

/// Three RSA keys, of 2048, 3072 and 4096 bits, which take long to make.
pub(crate) static RSA: LazyLock<[Material; 3]> = LazyLock::new(|| {
    [RsaKeySize::_2048, RsaKeySize::_3072, RsaKeySize::_4096].map(|size| {
        let key = KeyPair::generate_rsa_for(&PKCS_RSA_SHA256, size).unwrap();
        Material::from_der(key.serialized_der()).unwrap()
    })
});

/// A curve by the beginning and the end of the DER of a private key on it, and how long its number is.
struct Curve {
    name: &'static str,
    before: &'static [u8],
    length: usize,
    after: &'static [u8],
    /// What the first byte may be, so that the number is one of the curve's.
    first: u8,
}

/// ECPrivateKey (RFC 5915) with the name of the curve and without the public key, and PrivateKeyInfo (RFC 8410).
const CURVES: [Curve; 6] = [
    Curve {
        name: "P-256",
        before: &[0x30, 0x31, 2, 1, 1, 4, 32],
        length: 32,
        after: &[0xA0, 10, 6, 8, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 3, 1, 7],
        first: 0x7F,
    },
    Curve {
        name: "P-384",
        before: &[0x30, 0x3E, 2, 1, 1, 4, 48],
        length: 48,
        after: &[0xA0, 7, 6, 5, 0x2B, 0x81, 4, 0, 0x22],
        first: 0x7F,
    },
    Curve {
        name: "P-521",
        before: &[0x30, 0x50, 2, 1, 1, 4, 66],
        length: 66,
        after: &[0xA0, 7, 6, 5, 0x2B, 0x81, 4, 0, 0x23],
        first: 0,
    },
    Curve {
        name: "secp256k1",
        before: &[0x30, 0x2E, 2, 1, 1, 4, 32],
        length: 32,
        after: &[0xA0, 7, 6, 5, 0x2B, 0x81, 4, 0, 0x0A],
        first: 0x7F,
    },
    Curve {
        name: "Ed25519",
        before: &[0x30, 0x2E, 2, 1, 0, 0x30, 5, 6, 3, 0x2B, 0x65, 0x70, 4, 34, 4, 32],
        length: 32,
        after: &[],
        first: 0xFF,
    },
    Curve {
        name: "X25519",
        before: &[0x30, 0x2E, 2, 1, 0, 0x30, 5, 6, 3, 0x2B, 0x65, 0x6E, 4, 34, 4, 32],
        length: 32,
        after: &[],
        first: 0xFF,
    },
];

/// Private keys of every algorithm and on every curve.
pub(crate) fn private_key() -> impl Strategy<Value = Material> {
    let rsa = (0..RSA.len()).prop_map(|index| RSA[index].clone());
    prop_oneof![1 => rsa, 6 => on_a_curve()]
}

/// Private keys on every curve, numbers with zeros in front among them.
pub(crate) fn on_a_curve() -> impl Strategy<Value = Material> {
    let number = (prop::collection::vec(any::<u8>(), 66), 0..4_usize);
    (0..CURVES.len(), number).prop_map(|(curve, (mut number, zeros))| {
        let curve = &CURVES[curve];
        number.truncate(curve.length);
        number[0] &= curve.first;
        number[..zeros].fill(0);
        // Any number but none.
        number[curve.length - 1] |= 1;
        let key = Material::from_der([curve.before, &number, curve.after].concat()).unwrap();
        assert!(key.to_string().contains(curve.name), "{key}");
        key
    })
}

/// Symmetric keys of every algorithm that the standard has a length for, and of others.
pub(crate) fn symmetric_key() -> impl Strategy<Value = Material> {
    use CryptographicAlgorithm as A;
    prop_oneof![
        (prop::sample::select(vec![16, 24, 32]), any::<[u8; 32]>())
            .prop_map(|(length, key)| Material::aes(&key[..length]).unwrap()),
        (prop::sample::select(vec![16, 24]), any::<[u8; 32]>())
            .prop_map(|(length, key)| Material::symmetric(A::Des3, &key[..length]).unwrap()),
        any::<[u8; 32]>().prop_map(|key| Material::symmetric(A::ChaCha20, &key[..]).unwrap()),
        (
            prop::sample::select(vec![A::HmacSha256, A::HmacSha384, A::HmacSha512, A::Camellia]),
            prop::collection::vec(any::<u8>(), 1..200)
        )
            .prop_map(|(algorithm, key)| Material::symmetric(algorithm, key).unwrap()),
    ]
}

/// Secrets and opaque bytes.
pub(crate) fn secret() -> impl Strategy<Value = Material> {
    prop_oneof![
        ".*".prop_map(|password| Material::password(&password)),
        prop::collection::vec(any::<u8>(), 0..200)
            .prop_map(|seed| Material::secret(SecretDataType::Seed, seed)),
        prop::collection::vec(any::<u8>(), 0..200).prop_map(Material::opaque),
    ]
}

/// A certificate of its own, and its key.
pub(crate) fn certificate() -> (Material, Material) {
    let made = rcgen::generate_simple_self_signed(["example.com".to_owned()]).unwrap();
    let certificate = Material::from_der(made.cert.der()).unwrap();
    (certificate, Material::from_der(made.signing_key.serialized_der()).unwrap())
}
