//! Keys of DSA and Diffie-Hellman, in the group of 2048 bits with a subgroup of 256 of RFC 5114 section 2.3.

use kmip_sdk::keys::{KeyEncoding, KeyError, Material};
use kmip_sdk::types::enumerations::{CryptographicAlgorithm, KeyFormatType};
use kmip_sdk::types::object::{
    KeyBlock, KeyMaterial, ManagedObject, PrivateKey, TransparentDhPrivateKey, TransparentDsaPrivateKey,
    TransparentKey,
};
use kmip_sdk::types::{BigInteger, SecretBigInteger};
use proptest::prelude::*;

use crate::objects::goes_through_every_format;
use crate::wrap::hex;

const P: &str = "87A8E61DB4B6663CFFBBD19C651959998CEEF608660DD0F25D2CEED4435E3B00E00DF8F1D61957D4FAF7DF4561B2AA3016C3D91134096FAA\
    3BF4296D830E9A7C209E0C6497517ABD5A8A9D306BCF67ED91F9E6725B4758C022E0B1EF4275BF7B6C5BFC11D45F9088B941F54EB1E59BB8BC39\
    A0BF12307F5C4FDB70C581B23F76B63ACAE1CAA6B7902D52526735488A0EF13C6D9A51BFA4AB3AD8347796524D8EF6A167B5A41825D967E144E5\
    140564251CCACB83E6B486F6B3CA3F7971506026C0B857F689962856DED4010ABD0BE621C3A3960A54E710C375F26375D7014103A4B54330C198\
    AF126116D2276E11715F693877FAD7EF09CADB094AE91E1A1597";
const G: &str = "3FB32C9B73134D0B2E77506660EDBD484CA7B18F21EF205407F4793A1A0BA12510DBC15077BE463FFF4FED4AAC0BB555BE3A6C1B0C6B47B1\
    BC3773BF7E8C6F62901228F8C28CBB18A55AE31341000A650196F931C77A57F2DDF463E5E9EC144B777DE62AAAB8A8628AC376D282D6ED3864E67\
    982428EBC831D14348F6F2F9193B5045AF2767164E1DFC967C1FB3F2E55A4BD1BFFE83B9C80D052B985D182EA0ADB2A3B7313D3FE14C8484B1E05\
    2588B9B7D2BBD2DF016199ECD06E1557CD0915B3353BBB64E0EC377FD028370DF92B52C7891428CDC67EB6184B523D1DB246C32F63078490F00EF\
    8D647D148D47954515E2327CFEF98C582664B4C0F6CC41659";
const Q: &str = "8CF83642A709A097B447997640129DA299B1A47D1EB3750BA308B0FE64F5FBD3";

fn number(digits: &str) -> BigInteger {
    BigInteger::from_unsigned_bytes(&hex(digits))
}

fn secret(bytes: &[u8]) -> SecretBigInteger {
    SecretBigInteger::new(BigInteger::from_unsigned_bytes(bytes))
}

fn read(
    format: KeyFormatType,
    algorithm: CryptographicAlgorithm,
    key: TransparentKey,
) -> Result<Material, KeyError> {
    let key_block = KeyBlock::plain(format, KeyMaterial::Transparent(key), algorithm, 2048);
    Material::from_object(&ManagedObject::PrivateKey(PrivateKey { key_block }))
}

fn dsa(x: &[u8]) -> Result<Material, KeyError> {
    let key = TransparentDsaPrivateKey { p: number(P), q: number(Q), g: number(G), x: secret(x) };
    let key = TransparentKey::DsaPrivateKey(key);
    read(KeyFormatType::TransparentDsaPrivateKey, CryptographicAlgorithm::Dsa, key)
}

fn dh(x: &[u8], with_q: bool) -> Result<Material, KeyError> {
    let q = with_q.then(|| number(Q));
    let key = TransparentDhPrivateKey { p: number(P), q, g: number(G), j: None, x: secret(x) };
    let key = TransparentKey::DhPrivateKey(key);
    read(KeyFormatType::TransparentDhPrivateKey, CryptographicAlgorithm::Dh, key)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4))]

    #[test]
    fn keys_go_through_every_form_and_back(mut x in any::<[u8; 32]>()) {
        x[0] &= 0x7F;
        x[31] |= 1;
        for key in [dsa(&x), dh(&x, true), dh(&x, false)] {
            let key = key.unwrap();
            let public = key.public_key().unwrap();
            for material in [&key, &public] {
                prop_assert_eq!(&Material::from_pem(material.to_pem().unwrap().reveal()).unwrap(), material);
                prop_assert_eq!(&Material::from_der(material.to_der().unwrap().reveal()).unwrap(), material);
                prop_assert_eq!(material.length(), Some(2048));
                goes_through_every_format(material);
                prop_assert!(material.to_jwk().is_err());
            }
            prop_assert!(key.to_der_as(KeyEncoding::Sec1).is_err());
        }
    }
}

/// Test data of RFC 5114 appendix A.3 for this group: a private number and its public one.
#[test]
fn works_out_the_public_number() {
    let x = hex("0881382CDB87660C6DC13E614938D5B9C8B2F248581CC5E31B35454397FCE50E");
    let y = "2E9380C8323AF97545BC4941DEB0EC3742C62FE0ECE824A6ABDBE66C59BEE0242911BFB967235CEBA35AE13E4EC752BE630B92DC4BDE2847\
        A9C62CB8152745421FB7EB60A63C0FE9159FCCE726CE7CD8523D7450667EF840E4919121EB5F01C8C9B0D3D648A93BFB75689E8244AC134AF544\
        711CE79A02DCC34226684780DDDCB498594106C37F5BC79856487AF5AB022A2E5E42F09897C1A85A11EA0212AF04D9B4CEBC937C3C1A3E15A8A0\
        342E337615C84E7FE3B8B9B87FB1E73A15AF12A30D746E06DFC34F290D797CE51AA13AA785BF6658AFF5E4B093003CBEAF665B3C2E113A3A4E90\
        5269341DC0711426685F4EF37E868A8126FF3F2279B57CA67E29";
    let public = dh(&x, true).unwrap().public_key().unwrap();
    let block = public.to_key_block_as(KeyFormatType::TransparentDhPublicKey).unwrap();
    let Some(KeyMaterial::Transparent(TransparentKey::DhPublicKey(key))) = block.key_material() else {
        panic!()
    };
    assert_eq!(key.y, number(y));
}

#[test]
fn says_what_it_is_and_how_long_q_is() {
    let key = dsa(&[7]).unwrap();
    assert_eq!(key.to_string(), "a private key (DSA, 2048 bits)");
    let attributes = key.attributes();
    assert_eq!(attributes.cryptographic_domain_parameters().unwrap().qlength, Some(256));
}

#[test]
fn refuses_numbers_that_are_none_of_the_group() {
    for x in [vec![], vec![0], hex(Q), hex(P)] {
        assert_eq!(dsa(&x).unwrap_err(), KeyError::InconsistentKey);
    }
    for (p, q, g) in [("00", Q, G), (P, P, G), (P, Q, "01"), (P, Q, P), ("0A", Q, G)] {
        let key = TransparentDsaPrivateKey { p: number(p), q: number(q), g: number(g), x: secret(&[1]) };
        let key = TransparentKey::DsaPrivateKey(key);
        let read = read(KeyFormatType::TransparentDsaPrivateKey, CryptographicAlgorithm::Dsa, key);
        assert_eq!(read.unwrap_err(), KeyError::InconsistentKey);
    }
}
