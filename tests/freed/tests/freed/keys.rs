//! What reading, writing, wrapping and sealing keys leaves of them.

use kmip_sdk::keys::envelope::{self, DataKey, EnvelopeError};
use kmip_sdk::keys::wrap::{WrapMode, Wrapping, WrappingKey};
use kmip_sdk::keys::{KeyEncoding, Material};
use kmip_sdk::types::enumerations::{KeyFormatType as F, RecommendedCurve};
use kmip_sdk::types::operation::DecryptRequest;

use crate::Found;
use crate::marks::MARK;

const PASSWORD: &str = "seventeen seventeen";

/// Another key of AES.
const KEY: &[u8; 32] = b"9kcT4wLs8RpYb3HuN7vQ2mXzuN7vQ2mX";

/// The members of a JSON Web Key that are secret, and what they are in Base64.
fn secrets(key: &Material) -> Vec<Vec<u8>> {
    let jwk = key.to_jwk().unwrap();
    let mut secrets = Vec::new();
    for name in ["d", "p", "q", "dp", "dq", "qi", "k"] {
        if let Some((_, rest)) = jwk.reveal().split_once(&format!("\"{name}\":\"")) {
            secrets.push(rest.split('"').next().unwrap().as_bytes().to_vec());
        }
    }
    if let Ok(pem) = key.to_pem() {
        // Lines in the middle: what is at the beginning and at the end is no secret.
        let lines: Vec<&str> = pem.reveal().lines().collect();
        secrets.push(lines[lines.len() / 2].as_bytes().to_vec());
    }
    let number = match key.to_object_as(F::TransparentEcPrivateKey) {
        Ok(_) => key.to_der_as(KeyEncoding::Pkcs8).unwrap().reveal().to_vec(),
        Err(_) => Vec::new(),
    };
    let before = [0x02, 0x01, 0x01, 0x04, 0x20];
    if let Some(at) = number.windows(before.len()).position(|bytes| bytes == before) {
        secrets.push(number[at + before.len()..][..32].to_vec());
    }
    secrets.retain(|secret| secret.len() >= 16);
    secrets
}

#[test]
fn forms_leave_nothing() {
    let mut found = Found::default();
    let aes = Material::aes(MARK.as_slice()).unwrap();
    for key in [
        Material::generate_rsa(2048).unwrap(),
        Material::generate_on_curve(RecommendedCurve::P256).unwrap(),
        Material::generate_on_curve(RecommendedCurve::Secp256K1).unwrap(),
        Material::generate_ed25519().unwrap(),
        aes,
    ] {
        let all = secrets(&key);
        let all: Vec<&[u8]> = all.iter().map(Vec::as_slice).collect();
        let jwk = key.to_jwk().unwrap();
        found.look(&format!("{key} as JWK"), &all, || {
            Material::from_jwk(jwk.reveal()).unwrap().to_jwk().unwrap();
        });
        found.look(&format!("{key} as object"), &all, || {
            Material::from_object(&key.to_object().unwrap()).unwrap();
        });
        let Ok(pem) = key.to_pem() else { continue };
        found.look(&format!("{key} as PEM"), &all, || {
            Material::from_pem(pem.reveal()).unwrap().to_pem().unwrap();
        });
        found.look(&format!("{key} as DER"), &all, || {
            for encoding in [KeyEncoding::Pkcs8, KeyEncoding::Pkcs1, KeyEncoding::Sec1] {
                if let Ok(der) = key.to_der_as(encoding) {
                    Material::from_der(der.reveal()).unwrap();
                }
            }
        });
        found.look(&format!("{key}, encrypted"), &[all.as_slice(), &[PASSWORD.as_bytes()]].concat(), || {
            let encrypted = key.to_encrypted_pem(PASSWORD).unwrap();
            Material::from_pem_with_password(encrypted.reveal(), PASSWORD).unwrap();
        });
        let cut = &pem.reveal()[..pem.reveal().len() - 30];
        found.look(&format!("{key}, cut"), &all, || Material::from_pem(cut).unwrap_err());
    }
    found.assert_none();
}

#[test]
fn wrapping_leaves_nothing() {
    let mut found = Found::default();
    let wrapping_key = Material::aes(KEY.as_slice()).unwrap();
    let secrets: [&[u8]; 2] = [MARK, KEY];
    let object = Material::aes(MARK.as_slice()).unwrap().to_object().unwrap();
    for mode in [WrapMode::AesKeyWrap, WrapMode::AesKeyWrapWithPadding, WrapMode::AesGcm] {
        for wrapping in [Wrapping::by(mode), Wrapping::by(mode).ttlv_encoding()] {
            found.look(&format!("{wrapping:?}"), &secrets, || {
                let key = WrappingKey::new("kek-1", &wrapping_key).unwrap();
                let wrapped = key.wrap(&object, &wrapping).unwrap();
                key.unwrap(&wrapped).unwrap();
            });
        }
    }
    found.assert_none();
}

#[test]
fn envelopes_leave_nothing_of_the_data_or_the_data_key() {
    let mut found = Found::default();
    let data = MARK.repeat(10_000);
    let wrap = || Ok::<_, EnvelopeError>(DecryptRequest::new("kek-1", vec![0; 40]));
    found.look("sealing and opening", &[MARK, KEY], || {
        let mut sealer = DataKey::from_bytes(KEY.as_slice()).unwrap().seal(wrap().unwrap()).unwrap();
        let mut sealed = sealer.header().to_vec();
        sealer.update(&data, &mut sealed).unwrap();
        sealer.finish(&mut sealed).unwrap();
        envelope::open(&sealed, |_| DataKey::from_bytes(KEY.as_slice())).unwrap();
        let mut out = Nothing;
        envelope::open_stream(sealed.as_slice(), &mut out, |_| {
            Ok::<_, Box<dyn std::error::Error>>(DataKey::from_bytes(KEY.as_slice())?)
        })
        .unwrap();
        sealed.pop();
        envelope::open(&sealed, |_| DataKey::from_bytes(KEY.as_slice())).unwrap_err();
    });
    found.assert_none();
}

/// A writer that keeps nothing.
struct Nothing;

impl std::io::Write for Nothing {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
