//! What is cut or changed is an error, or another key, and never a panic.

use std::sync::LazyLock;

use kmip_sdk::keys::{KeyEncoding, Material};
use kmip_sdk::types::enumerations::{CryptographicAlgorithm, KeyFormatType, RecommendedCurve};
use kmip_sdk::types::object::{
    KeyBlock, KeyMaterial, ManagedObject, PrivateKey, PublicKey, TransparentDhPrivateKey,
    TransparentEcPrivateKey, TransparentEcPublicKey, TransparentKey, TransparentRsaPrivateKey,
};
use kmip_sdk::types::{BigInteger, SecretBigInteger};
use proptest::prelude::*;

use crate::made::{RSA, certificate};

/// One of each form in DER.
static DER: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    let (certificate, key) = certificate();
    let of = |material: &Material, encoding| material.to_der_as(encoding).unwrap().reveal().to_vec();
    vec![
        of(&RSA[0], KeyEncoding::Pkcs8),
        of(&RSA[0], KeyEncoding::Pkcs1),
        of(&RSA[0].public_key().unwrap(), KeyEncoding::Pkcs1),
        of(&RSA[0].public_key().unwrap(), KeyEncoding::Spki),
        of(&key, KeyEncoding::Pkcs8),
        of(&key, KeyEncoding::Sec1),
        of(&key.public_key().unwrap(), KeyEncoding::Spki),
        of(&certificate, KeyEncoding::X509),
    ]
});

static TEXTS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let (certificate, key) = certificate();
    let all = [&RSA[0], &key, &certificate].map(|material| material.to_pem().unwrap().reveal().to_owned());
    let mut texts = vec![all.concat(), include_str!("../client/keys/aes256-sha256.pem").to_owned()];
    texts.extend([RSA[0].to_jwk(), key.to_jwk()].map(|jwk| jwk.unwrap().reveal().to_owned()));
    texts
});

/// What is had of what was read is had without a panic too.
fn look_at(material: &Material) {
    let _ = (material.to_string(), material.length(), material.attributes(), material.public_key());
    let _ = (material.to_der(), material.to_jwk(), material.to_object(), material.certificate_attributes());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn der_that_is_cut_is_an_error(which in 0..8_usize, at in any::<prop::sample::Index>()) {
        let der = &DER[which];
        prop_assert!(Material::from_der(&der[..at.index(der.len())]).is_err());
    }

    #[test]
    fn der_with_more_behind_it_is_an_error(which in 0..8_usize, more in prop::collection::vec(any::<u8>(), 1..9)) {
        prop_assert!(Material::from_der([DER[which].as_slice(), &more].concat()).is_err());
    }

    #[test]
    fn der_that_is_changed_is_read_without_a_panic(
        which in 0..8_usize,
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
    ) {
        let mut der = DER[which].clone();
        for (at, byte) in changes {
            let at = at.index(der.len());
            der[at] = byte;
        }
        if let Ok(material) = Material::from_der(&der) {
            look_at(&material);
        }
    }

    #[test]
    fn private_numbers_that_are_changed_are_an_error(at in 29..1190_usize, bit in 0..8_usize) {
        let mut der = DER[1].clone();
        let at = at % der.len();
        der[at] ^= 1_u8 << bit;
        prop_assert!(Material::from_der(&der).is_err(), "byte {}", at);
    }

    #[test]
    fn text_that_is_cut_or_changed_is_read_without_a_panic(
        which in 0..4_usize,
        cut in any::<prop::sample::Index>(),
        at in any::<prop::sample::Index>(),
        byte in any::<u8>(),
    ) {
        let mut text = TEXTS[which].clone().into_bytes();
        let at = at.index(text.len());
        text[at] = byte;
        text.truncate(cut.index(text.len() + 1));
        let found = Material::all_from_pem(&text).into_iter().flatten().chain(Material::from_jwk(&text));
        found.for_each(|material| look_at(&material));
    }

    #[test]
    fn files_of_pkcs12_that_are_changed_are_read_without_a_panic(
        at in any::<prop::sample::Index>(),
        byte in any::<u8>(),
        cut in any::<prop::sample::Index>(),
    ) {
        // Without a MAC, so that what was changed is read; and not encrypted, which is quicker.
        let mut file = include_bytes!("../client/keys/pkcs12/unencrypted-no-mac.p12").to_vec();
        let at = at.index(file.len());
        file[at] = byte;
        for material in Material::all_from_pkcs12(&file, "").into_iter().flatten() {
            look_at(&material);
        }
        file.truncate(cut.index(file.len()));
        prop_assert!(Material::all_from_pkcs12(&file, "").is_err());
    }

    #[test]
    fn key_blocks_of_any_bytes_are_read_without_a_panic(
        bytes in prop::collection::vec(any::<u8>(), 0..100),
        format in prop::sample::select(vec![
            KeyFormatType::Raw, KeyFormatType::Opaque, KeyFormatType::Pkcs1, KeyFormatType::Pkcs8,
            KeyFormatType::X509, KeyFormatType::EcPrivateKey, KeyFormatType::TransparentEcPrivateKey,
        ]),
    ) {
        let (_, key) = &*CERTIFIED;
        for mut object in [key.to_object().unwrap(), key.public_key().unwrap().to_object().unwrap()] {
            let block = match &mut object {
                ManagedObject::PrivateKey(key) => &mut key.key_block,
                ManagedObject::PublicKey(key) => &mut key.key_block,
                _ => unreachable!(),
            };
            block.key_format_type = format;
            let material = KeyMaterial::bytes(bytes.as_slice());
            *block = KeyBlock::plain(format, material, CryptographicAlgorithm::Ec, 256);
            prop_assert!(Material::from_object(&object).is_err());
        }
    }
}

static CERTIFIED: LazyLock<(Material, Material)> = LazyLock::new(certificate);

/// A number of few bytes: zero, one, negative and even ones among them.
fn number() -> impl Strategy<Value = BigInteger> {
    prop_oneof![
        (-3..300_i64).prop_map(BigInteger::from),
        prop::collection::vec(any::<u8>(), 0..20).prop_map(|bytes| BigInteger::from_unsigned_bytes(&bytes)),
        prop::collection::vec(any::<u8>(), 8..9).prop_map(|bytes| BigInteger::from_signed_bytes(&bytes)),
        // Products and their parts.
        prop::sample::select(vec![15, 21, 33, 35, 77, 91, 143, 221, 3233, 17 * 17, 61, 53, 17, 2753, 413])
            .prop_map(BigInteger::from),
    ]
}

fn secret() -> impl Strategy<Value = Option<SecretBigInteger>> {
    prop::option::of(number().prop_map(SecretBigInteger::new))
}

fn private(format: KeyFormatType, algorithm: CryptographicAlgorithm, key: TransparentKey) -> ManagedObject {
    let key_block = KeyBlock::plain(format, KeyMaterial::Transparent(key), algorithm, 64);
    ManagedObject::PrivateKey(PrivateKey { key_block })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn rsa_keys_of_any_numbers_are_read_without_a_panic(
        modulus in number(), private_exponent in secret(), public_exponent in prop::option::of(number()),
        p in secret(), q in secret(), prime_exponent_p in secret(), prime_exponent_q in secret(),
        crt_coefficient in secret(),
    ) {
        let key = TransparentRsaPrivateKey {
            modulus, private_exponent, public_exponent, p, q, prime_exponent_p, prime_exponent_q, crt_coefficient,
        };
        let format = KeyFormatType::TransparentRsaPrivateKey;
        let object = private(format, CryptographicAlgorithm::Rsa, TransparentKey::RsaPrivateKey(key));
        if let Ok(material) = Material::from_object(&object) {
            look_at(&material);
        }
    }

    #[test]
    fn keys_in_any_group_are_read_without_a_panic(
        p in number(), q in prop::option::of(number()), g in number(), j in prop::option::of(number()), x in number(),
    ) {
        let x = SecretBigInteger::new(x);
        let format = KeyFormatType::TransparentDhPrivateKey;
        let key = TransparentKey::DhPrivateKey(TransparentDhPrivateKey { p, q, g, j, x });
        if let Ok(material) = Material::from_object(&private(format, CryptographicAlgorithm::Dh, key)) {
            look_at(&material);
        }
    }

    #[test]
    fn keys_on_any_curve_are_read_without_a_panic(
        curve in 1..80_u32, d in number(), point in prop::collection::vec(any::<u8>(), 0..140),
    ) {
        let recommended_curve = RecommendedCurve::from(curve);
        let key = TransparentEcPrivateKey { recommended_curve, d: SecretBigInteger::new(d) };
        let format = KeyFormatType::TransparentEcPrivateKey;
        let object = private(format, CryptographicAlgorithm::Ec, TransparentKey::EcPrivateKey(key));
        if let Ok(material) = Material::from_object(&object) {
            look_at(&material);
        }
        let key = TransparentKey::EcPublicKey(TransparentEcPublicKey { recommended_curve, q_string: point });
        let format = KeyFormatType::TransparentEcPublicKey;
        let key_block = KeyBlock::plain(format, KeyMaterial::Transparent(key), CryptographicAlgorithm::Ec, 64);
        if let Ok(material) = Material::from_object(&ManagedObject::PublicKey(PublicKey { key_block })) {
            look_at(&material);
        }
    }
}
