//! Message authentication codes, of data that comes in parts.

use hmac::{KeyInit, SimpleHmac};
use kmip_types::attribute::CryptographicParameters;
use kmip_types::enumerations::{BlockCipherMode, CryptographicAlgorithm, HashingAlgorithm, ResultReason};

use super::hash::with_hash;
use crate::answer::Failure;

/// A code over data that comes in parts.
pub(crate) trait Mac: Send {
    /// Takes a part.
    fn update(&mut self, data: &[u8]);

    /// The code of all of it.
    fn finish(self: Box<Self>) -> Vec<u8>;
}

impl<M: hmac::Mac + Send> Mac for M {
    fn update(&mut self, data: &[u8]) {
        hmac::Mac::update(self, data);
    }

    fn finish(self: Box<Self>) -> Vec<u8> {
        self.finalize().into_bytes().to_vec()
    }
}

/// The hash of an HMAC.
pub(crate) fn hash_of(algorithm: CryptographicAlgorithm) -> Option<HashingAlgorithm> {
    use CryptographicAlgorithm as A;
    use HashingAlgorithm as H;
    Some(match algorithm {
        A::HmacMd5 => H::Md5,
        A::HmacSha1 => H::Sha1,
        A::HmacSha224 => H::Sha224,
        A::HmacSha256 => H::Sha256,
        A::HmacSha384 => H::Sha384,
        A::HmacSha512 => H::Sha512,
        A::HmacSha3_224 => H::Sha3_224,
        A::HmacSha3_256 => H::Sha3_256,
        A::HmacSha3_384 => H::Sha3_384,
        A::HmacSha3_512 => H::Sha3_512,
        _ => return None,
    })
}

/// Begins HMAC with a hash.
pub(crate) fn hmac(hash: HashingAlgorithm, key: &[u8]) -> Result<Box<dyn Mac>, Failure> {
    let started = with_hash!(hash, D => {
        // A key of any length is one.
        SimpleHmac::<D>::new_from_slice(key).ok().map(|mac| Box::new(mac) as Box<dyn Mac>)
    });
    started.flatten().ok_or_else(|| super::hash::no_such_hash(hash))
}

/// Begins a code: of the algorithm in the parameters, or else of the key's own.
pub(crate) fn start(
    own: CryptographicAlgorithm,
    key: &[u8],
    parameters: &CryptographicParameters,
) -> Result<Box<dyn Mac>, Failure> {
    use CryptographicAlgorithm as A;
    let algorithm = parameters.cryptographic_algorithm.unwrap_or(own);
    if let Some(hash) = hash_of(algorithm) {
        return hmac(hash, key);
    }
    let is_cmac = parameters.block_cipher_mode == Some(BlockCipherMode::Cmac);
    match (algorithm, key.len()) {
        (A::Aes, 16) if is_cmac => mac::<cmac::Cmac<aes::Aes128>>(key),
        (A::Aes, 24) if is_cmac => mac::<cmac::Cmac<aes::Aes192>>(key),
        (A::Aes, 32) if is_cmac => mac::<cmac::Cmac<aes::Aes256>>(key),
        (A::Des3, 16) if is_cmac => mac::<cmac::Cmac<des::TdesEde2>>(key),
        (A::Des3, 24) if is_cmac => mac::<cmac::Cmac<des::TdesEde3>>(key),
        (A::Aes | A::Des3, _) => {
            let message = "a block cipher needs the Block Cipher Mode CMAC here, and a key of its length";
            Err(Failure::new(ResultReason::BadCryptographicParameters, message))
        }
        _ => {
            let message = format!("a code with {algorithm} is not supported");
            Err(Failure::new(ResultReason::UnsupportedCryptographicParameters, message))
        }
    }
}

fn mac<M: hmac::Mac + KeyInit + Send + 'static>(key: &[u8]) -> Result<Box<dyn Mac>, Failure> {
    let failed = |_| super::cryptographic_failure("taking the key");
    <M as KeyInit>::new_from_slice(key).map(|mac| Box::new(mac) as Box<dyn Mac>).map_err(failed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(hex: &str) -> Vec<u8> {
        (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect()
    }

    fn code(algorithm: CryptographicAlgorithm, key: &str, cmac: bool, data: &str) -> Vec<u8> {
        let parameters = CryptographicParameters {
            block_cipher_mode: cmac.then_some(BlockCipherMode::Cmac),
            ..CryptographicParameters::default()
        };
        let mut mac = start(algorithm, &bytes(key), &parameters).unwrap();
        bytes(data).chunks(5).for_each(|part| mac.update(part));
        mac.finish()
    }

    /// RFC 2202, RFC 4231 test case 2, NIST's examples of SHA-3 with HMAC, SP 800-38B, and RFC 4493.
    #[test]
    fn gives_the_known_answers() {
        use CryptographicAlgorithm as A;
        // "Jefe" and "what do ya want for nothing?"
        let (key, data) = ("4a656665", "7768617420646f2079612077616e7420666f72206e6f7468696e673f");
        let block = "6bc1bee22e409f96e93d7e117393172a";
        for (algorithm, key, cmac, data, expected) in [
            (A::HmacMd5, key, false, data, "750c783e6ab0b503eaa86e310a5db738"),
            (A::HmacSha1, key, false, data, "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"),
            (A::HmacSha224, key, false, data, "a30e01098bc6dbbf45690f3a7e9e6d0f8bbea2a39e6148008fd05e44"),
            (
                A::HmacSha256,
                key,
                false,
                data,
                "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
            ),
            (
                A::HmacSha384,
                key,
                false,
                data,
                "af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e8e2240ca5e69e2c78b3239ecfab21649",
            ),
            (
                A::HmacSha512,
                key,
                false,
                data,
                "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea2505549758bf75c05a994a6d034f65f8f0e6fd\
                 caeab1a34d4a6b4b636e070a38bce737",
            ),
            (
                A::HmacSha3_256,
                key,
                false,
                data,
                "c7d4072e788877ae3596bbb0da73b887c9171f93095b294ae857fbe2645e1ba5",
            ),
            (A::Aes, "2b7e151628aed2a6abf7158809cf4f3c", true, "", "bb1d6929e95937287fa37d129b756746"),
            (A::Aes, "2b7e151628aed2a6abf7158809cf4f3c", true, block, "070a16b46b4d4144f79bdd9dd04a287c"),
            (
                A::Aes,
                "8e73b0f7da0e6452c810f32b809079e562f8ead2522c6b7b",
                true,
                block,
                "9e99a7bf31e710900662f65e617c5184",
            ),
            (
                A::Aes,
                "603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4",
                true,
                block,
                "28a7023f452e8f82bd4bf28d8c37c35c",
            ),
            (A::Des3, "8aa83bf8cbda10620bc1bf19fbb6cd58bc313d4a371ca8b5", true, "", "b7a688e122ffaf95"),
            (
                A::Des3,
                "8aa83bf8cbda10620bc1bf19fbb6cd58bc313d4a371ca8b5",
                true,
                "6bc1bee22e409f96",
                "8e8f293136283797",
            ),
        ] {
            assert_eq!(code(algorithm, key, cmac, data), bytes(expected), "{algorithm} {data}");
        }
    }
}
