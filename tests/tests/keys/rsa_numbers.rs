//! RSA private keys of which servers give some numbers only.

use kmip_sdk::keys::{KeyError, Material};
use kmip_sdk::types::enumerations::{CryptographicAlgorithm, KeyFormatType};
use kmip_sdk::types::object::{
    KeyBlock, KeyMaterial, ManagedObject, PrivateKey, TransparentKey, TransparentRsaPrivateKey,
};
use kmip_sdk::types::{BigInteger, SecretBigInteger};

use crate::made::RSA;

fn numbers(key: &Material) -> TransparentRsaPrivateKey {
    let block = key.to_key_block_as(KeyFormatType::TransparentRsaPrivateKey).unwrap();
    match block.key_material() {
        Some(KeyMaterial::Transparent(TransparentKey::RsaPrivateKey(key))) => key.clone(),
        other => panic!("{other:?}"),
    }
}

fn read(numbers: TransparentRsaPrivateKey) -> Result<Material, KeyError> {
    let material = KeyMaterial::Transparent(TransparentKey::RsaPrivateKey(numbers));
    let format = KeyFormatType::TransparentRsaPrivateKey;
    let key_block = KeyBlock::plain(format, material, CryptographicAlgorithm::Rsa, 2048);
    Material::from_object(&ManagedObject::PrivateKey(PrivateKey { key_block }))
}

/// Nothing but the modulus.
fn modulus(all: &TransparentRsaPrivateKey) -> TransparentRsaPrivateKey {
    TransparentRsaPrivateKey {
        modulus: all.modulus.clone(),
        private_exponent: None,
        public_exponent: None,
        p: None,
        q: None,
        prime_exponent_p: None,
        prime_exponent_q: None,
        crt_coefficient: None,
    }
}

/// The key, where the primes may have come in the other order.
fn is_the_same(found: &Material, key: &Material) {
    let (found, expected) = (numbers(found), numbers(key));
    let primes = |key: &TransparentRsaPrivateKey| {
        let mut primes =
            [&key.p, &key.q].map(|prime| prime.as_ref().unwrap().reveal().padded_bytes().to_vec());
        primes.sort();
        primes
    };
    assert_eq!(primes(&found), primes(&expected));
    assert_eq!(found.modulus, expected.modulus);
    assert_eq!(found.public_exponent, expected.public_exponent);
}

#[test]
fn works_out_the_numbers_that_are_missing() {
    for key in &RSA[..2] {
        let all = numbers(key);
        let (e, d) = (all.public_exponent.clone(), all.private_exponent.clone());
        let (p, q) = (all.p.clone(), all.q.clone());
        let n = || modulus(&all);
        let partial = [
            all.clone(),
            TransparentRsaPrivateKey { public_exponent: e.clone(), private_exponent: d.clone(), ..n() },
            TransparentRsaPrivateKey { private_exponent: d.clone(), ..n() },
            TransparentRsaPrivateKey { public_exponent: e.clone(), p: p.clone(), q: q.clone(), ..n() },
            TransparentRsaPrivateKey { public_exponent: e.clone(), p: p.clone(), ..n() },
            TransparentRsaPrivateKey { public_exponent: e.clone(), q: q.clone(), ..n() },
            TransparentRsaPrivateKey {
                public_exponent: e.clone(),
                private_exponent: d.clone(),
                p: p.clone(),
                q: q.clone(),
                ..n()
            },
        ];
        for (index, numbers) in partial.into_iter().enumerate() {
            let found = read(numbers).unwrap_or_else(|error| panic!("{index}: {error}"));
            is_the_same(&found, key);
        }
    }
}

#[test]
fn refuses_numbers_that_are_too_few_or_not_of_one_key() {
    let all = numbers(&RSA[0]);
    let other = numbers(&RSA[1]);
    assert_eq!(read(modulus(&all)).unwrap_err(), KeyError::TooFewNumbers);
    let only_e = TransparentRsaPrivateKey { public_exponent: all.public_exponent.clone(), ..modulus(&all) };
    assert_eq!(read(only_e).unwrap_err(), KeyError::TooFewNumbers);
    let secret = |number| Some(SecretBigInteger::new(BigInteger::from(number)));
    let (e, d) = (all.public_exponent.clone(), all.private_exponent.clone());
    for numbers in [
        TransparentRsaPrivateKey { private_exponent: other.private_exponent.clone(), ..all.clone() },
        TransparentRsaPrivateKey { crt_coefficient: other.crt_coefficient.clone(), ..all.clone() },
        TransparentRsaPrivateKey { p: all.q.clone(), ..all.clone() },
        TransparentRsaPrivateKey {
            public_exponent: e.clone(),
            private_exponent: other.private_exponent.clone(),
            ..modulus(&all)
        },
        TransparentRsaPrivateKey { private_exponent: secret(3), ..modulus(&all) },
        TransparentRsaPrivateKey { private_exponent: secret(0), ..modulus(&all) },
        TransparentRsaPrivateKey { public_exponent: e.clone(), p: secret(1), ..modulus(&all) },
        TransparentRsaPrivateKey { public_exponent: e.clone(), p: secret(0), q: secret(0), ..modulus(&all) },
        TransparentRsaPrivateKey { public_exponent: e, p: secret(-7), ..modulus(&all) },
        TransparentRsaPrivateKey { private_exponent: d.clone(), ..modulus(&other) },
        TransparentRsaPrivateKey { modulus: BigInteger::from(0), ..all.clone() },
        TransparentRsaPrivateKey { modulus: BigInteger::from(0), p: None, q: None, ..all },
    ] {
        assert_eq!(read(numbers).unwrap_err(), KeyError::InconsistentKey);
    }
}

#[test]
fn refuses_a_modulus_that_takes_too_long() {
    let all = numbers(&RSA[0]);
    let long = BigInteger::from_unsigned_bytes(&[0xFF; 1025]);
    let d = all.private_exponent.clone();
    let numbers = TransparentRsaPrivateKey { modulus: long, private_exponent: d, ..modulus(&all) };
    assert_eq!(read(numbers).unwrap_err().to_string(), "an RSA key of more than 8192 bits is not supported");
}
