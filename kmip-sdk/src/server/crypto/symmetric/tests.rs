//! Known answers, round trips and refusals.

use super::*;

fn bytes(hex: &str) -> Vec<u8> {
    (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect()
}

fn parameters(mode: BlockCipherMode, padding: Option<PaddingMethod>) -> CryptographicParameters {
    CryptographicParameters {
        block_cipher_mode: Some(mode),
        padding_method: padding,
        ..CryptographicParameters::default()
    }
}

const AES: CryptographicAlgorithm = CryptographicAlgorithm::Aes;

/// The first block of the examples in SP 800-38A, appendix F.
#[test]
fn gives_the_known_answers_of_the_block_modes() {
    let key = "2b7e151628aed2a6abf7158809cf4f3c";
    let iv = "000102030405060708090a0b0c0d0e0f";
    let counter = "f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff";
    let plain = "6bc1bee22e409f96e93d7e117393172a";
    for (mode, key, iv, expected) in [
        (BlockCipherMode::Ecb, key, "", "3ad77bb40d7a3660a89ecaf32466ef97"),
        (BlockCipherMode::Cbc, key, iv, "7649abac8119b246cee98e9b12e9197d"),
        (BlockCipherMode::Cfb, key, iv, "3b3fd92eb72dad20333449f8e83cfb4a"),
        (BlockCipherMode::Ofb, key, iv, "3b3fd92eb72dad20333449f8e83cfb4a"),
        (BlockCipherMode::Ctr, key, counter, "874d6191b620e3261bef6864990db6ce"),
        (
            BlockCipherMode::Cbc,
            "8e73b0f7da0e6452c810f32b809079e562f8ead2522c6b7b",
            iv,
            "4f021db243bc633d7178183a9fa071e8",
        ),
        (
            BlockCipherMode::Cbc,
            "603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4",
            iv,
            "f58c4c04d6e5f1ba779eabfb5f7bfbd6",
        ),
    ] {
        let parameters = parameters(mode, None);
        let iv = Some(bytes(iv)).filter(|iv| !iv.is_empty());
        let (key, plain) = (bytes(key), bytes(plain));
        let encrypted = encrypt(AES, &key, &parameters, &plain, iv.as_deref(), &[]).unwrap();
        assert_eq!(encrypted.data.reveal(), bytes(expected), "{mode}");
        assert_eq!((encrypted.iv, encrypted.tag), (None, None));
        let data = encrypted.data.reveal();
        let decrypted = decrypt(AES, &key, &parameters, data, iv.as_deref(), &[], None).unwrap();
        assert_eq!(decrypted.reveal(), plain, "{mode}");
    }
}

/// Test case 4 of the GCM specification: with additional data, and the last block not whole.
#[test]
fn gives_the_known_answer_of_gcm_with_every_length_of_tag() {
    let key = bytes("feffe9928665731c6d6a8f9467308308");
    let iv = bytes("cafebabefacedbaddecaf888");
    let plain = bytes(
        "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525\
         b16aedf5aa0de657ba637b39",
    );
    let additional = bytes("feedfacedeadbeeffeedfacedeadbeefabaddad2");
    let expected = bytes(
        "42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e21d514b25466931c7d8f6a5aac84aa05\
         1ba30b396a0aac973d58e091",
    );
    let tag = bytes("5bc94fbc3221a5db94fae95ae7121a47");
    for length in [4, 8, 12, 13, 14, 15, 16] {
        let mut parameters = parameters(BlockCipherMode::Gcm, None);
        parameters.tag_length = Some(length as i32);
        let encrypted = encrypt(AES, &key, &parameters, &plain, Some(&iv), &additional).unwrap();
        assert_eq!(encrypted.data.reveal(), expected);
        assert_eq!(encrypted.tag.as_deref(), Some(&tag[..length]));
        let open = |data: &[u8], tag: &[u8], additional: &[u8]| {
            decrypt(AES, &key, &parameters, data, Some(&iv), additional, Some(tag))
        };
        assert_eq!(open(&expected, &tag[..length], &additional).unwrap().reveal(), plain, "{length}");
        let mut wrong = tag[..length].to_vec();
        wrong[0] ^= 1;
        let mut other = expected.clone();
        other[59] ^= 0x80;
        for refused in [
            open(&expected, &wrong, &additional),
            open(&other, &tag[..length], &additional),
            open(&expected, &tag[..length], &additional[1..]),
            open(&expected, &tag[..length - 1], &additional),
        ] {
            assert_eq!(refused.unwrap_err().reason, ResultReason::CryptographicFailure, "{length}");
        }
    }
}

#[test]
fn padding_is_added_and_taken_away() {
    let key = [7; 32];
    for mode in [BlockCipherMode::Cbc, BlockCipherMode::Ecb] {
        let parameters = parameters(mode, Some(PaddingMethod::Pkcs5));
        let iv = [9; 16];
        for length in [0, 1, 15, 16, 17, 100] {
            let plain = vec![0xA5; length];
            let encrypted = encrypt(AES, &key, &parameters, &plain, Some(&iv), &[]).unwrap();
            assert_eq!(encrypted.data.reveal().len(), (length / 16 + 1) * 16);
            let data = encrypted.data.reveal();
            let decrypted = decrypt(AES, &key, &parameters, data, Some(&iv), &[], None).unwrap();
            assert_eq!(decrypted.reveal(), plain);
        }
        let refused = decrypt(AES, &key, &parameters, &[0; 16], Some(&iv), &[], None);
        assert_eq!(refused.unwrap_err().reason, ResultReason::CryptographicFailure);
    }
}

#[test]
fn a_random_vector_is_made_only_if_it_is_asked_for() {
    let mut parameters = parameters(BlockCipherMode::Cbc, Some(PaddingMethod::Pkcs5));
    let missing = encrypt(AES, &[7; 16], &parameters, b"a", None, &[]).unwrap_err();
    assert_eq!(missing.reason, ResultReason::MissingInitializationVector);
    parameters.random_iv = Some(true);
    let encrypted = encrypt(AES, &[7; 16], &parameters, b"a", None, &[]).unwrap();
    let iv = encrypted.iv.unwrap();
    let data = encrypted.data.reveal();
    let decrypted = decrypt(AES, &[7; 16], &parameters, data, Some(&iv), &[], None).unwrap();
    assert_eq!(decrypted.reveal(), b"a");
    let missing = decrypt(AES, &[7; 16], &parameters, data, None, &[], None).unwrap_err();
    assert_eq!(missing.reason, ResultReason::MissingInitializationVector);
}

#[test]
fn refuses_what_does_not_fit() {
    use BlockCipherMode as M;
    use ResultReason as R;
    let none = CryptographicParameters::default();
    let zeros = parameters(M::Cbc, Some(PaddingMethod::Zeros));
    let mut long = parameters(M::Gcm, None);
    long.tag_length = Some(17);
    for (algorithm, key, parameters, data, iv, expected) in [
        (AES, 16, none.clone(), 16, 16, R::BadCryptographicParameters),
        (AES, 15, parameters(M::Cbc, None), 16, 16, R::UnsupportedCryptographicParameters),
        (AES, 16, parameters(M::Xts, None), 16, 16, R::UnsupportedCryptographicParameters),
        (AES, 16, zeros, 16, 16, R::UnsupportedCryptographicParameters),
        (AES, 16, parameters(M::Cbc, None), 15, 16, R::CryptographicFailure),
        (AES, 16, parameters(M::Cbc, None), 16, 15, R::BadCryptographicParameters),
        (AES, 16, long, 16, 12, R::BadCryptographicParameters),
        (
            CryptographicAlgorithm::Des3,
            24,
            parameters(M::Cbc, None),
            16,
            8,
            R::UnsupportedCryptographicParameters,
        ),
    ] {
        let refused = encrypt(algorithm, &vec![1; key], &parameters, &vec![2; data], Some(&vec![3; iv]), &[]);
        assert_eq!(refused.unwrap_err().reason, expected, "{algorithm} {parameters:?}");
    }
}

#[test]
fn keys_have_the_lengths_of_their_algorithms() {
    for (algorithm, bits, expected) in [
        (AES, Some(128), Some(16)),
        (AES, Some(192), Some(24)),
        (AES, None, Some(32)),
        (AES, Some(127), None),
        (AES, Some(-8), None),
        (CryptographicAlgorithm::Des3, Some(168), Some(24)),
        (CryptographicAlgorithm::Des3, Some(112), Some(16)),
        (CryptographicAlgorithm::HmacSha256, Some(512), Some(64)),
        (CryptographicAlgorithm::HmacSha256, Some(i32::MAX), None),
        (CryptographicAlgorithm::Rsa, Some(2048), None),
    ] {
        let made = generate(algorithm, bits).map(|key| key.unwrap().0.reveal().len());
        assert_eq!(made, expected, "{algorithm} {bits:?}");
    }
    let (key, _) = generate(CryptographicAlgorithm::Des3, Some(168)).unwrap().unwrap();
    assert!(key.reveal().iter().all(|byte| byte.count_ones() % 2 == 1));
}
