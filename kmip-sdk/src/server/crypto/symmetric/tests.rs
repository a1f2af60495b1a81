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

/// What encryption at once yields.
#[derive(Debug)]
struct Encrypted {
    data: SecretBytes,
    iv: Option<Vec<u8>>,
    tag: Option<Vec<u8>>,
}

fn encrypt_with(inputs: Inputs<'_>, data: &[u8]) -> Result<Encrypted, Failure> {
    let Started { stream, made_iv: iv } = start(Direction::Encrypt, inputs)?;
    let (data, tag) = at_once(stream, data, None)?;
    Ok(Encrypted { data: data.into(), iv, tag })
}

fn decrypt_with(inputs: Inputs<'_>, data: &[u8]) -> Result<SecretBytes, Failure> {
    let Started { stream, .. } = start(Direction::Decrypt, inputs)?;
    Ok(at_once(stream, data, inputs.tag)?.0.into())
}

fn encrypt(
    algorithm: CryptographicAlgorithm,
    key: &[u8],
    parameters: &CryptographicParameters,
    data: &[u8],
    iv: Option<&[u8]>,
    additional: &[u8],
) -> Result<Encrypted, Failure> {
    encrypt_with(Inputs { algorithm, key, parameters, iv, additional, tag: None }, data)
}

fn decrypt(
    algorithm: CryptographicAlgorithm,
    key: &[u8],
    parameters: &CryptographicParameters,
    data: &[u8],
    iv: Option<&[u8]>,
    additional: &[u8],
    tag: Option<&[u8]>,
) -> Result<SecretBytes, Failure> {
    decrypt_with(Inputs { algorithm, key, parameters, iv, additional, tag }, data)
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
    let oaep = parameters(M::Cbc, Some(PaddingMethod::Oaep));
    let mut long = parameters(M::Gcm, None);
    long.tag_length = Some(17);
    for (algorithm, key, parameters, data, iv, expected) in [
        (AES, 16, none.clone(), 16, 16, R::BadCryptographicParameters),
        (AES, 15, parameters(M::Cbc, None), 16, 16, R::UnsupportedCryptographicParameters),
        (AES, 16, parameters(M::Xts, None), 16, 16, R::UnsupportedCryptographicParameters),
        (AES, 32, parameters(M::Xts, None), 15, 16, R::CryptographicFailure),
        (AES, 16, oaep, 16, 16, R::UnsupportedCryptographicParameters),
        (AES, 16, parameters(M::Gcm, None), 16, 12, R::BadCryptographicParameters),
        (AES, 16, parameters(M::Cbc, None), 15, 16, R::CryptographicFailure),
        (AES, 16, parameters(M::Cbc, None), 16, 15, R::BadCryptographicParameters),
        (AES, 16, long, 16, 12, R::GeneralFailure),
        (
            CryptographicAlgorithm::Des3,
            24,
            parameters(M::Gcm, None),
            16,
            8,
            R::UnsupportedCryptographicParameters,
        ),
        (
            CryptographicAlgorithm::Des3,
            23,
            parameters(M::Cbc, None),
            16,
            8,
            R::UnsupportedCryptographicParameters,
        ),
        (CryptographicAlgorithm::Rc4, 16, none, 16, 8, R::UnsupportedCryptographicParameters),
    ] {
        let refused = encrypt(algorithm, &vec![1; key], &parameters, &vec![2; data], Some(&vec![3; iv]), &[]);
        assert_eq!(refused.unwrap_err().reason, expected, "{algorithm} {parameters:?}");
    }
}

/// What a cipher makes of data that comes in parts of so many bytes, with the tag.
fn in_parts(
    direction: Direction,
    inputs: Inputs<'_>,
    data: &[u8],
    size: usize,
) -> (Vec<u8>, Option<Vec<u8>>) {
    let mut stream = start(direction, inputs).unwrap().stream;
    let mut output = Vec::new();
    for part in data.chunks(size) {
        output.extend_from_slice(&stream.update(part).unwrap());
    }
    let (last, tag) = stream.finish(inputs.tag).unwrap();
    output.extend_from_slice(&last);
    (output, tag)
}

/// The GCM specification's test cases 5 and 6, SP 800-38C examples 1 to 3, IEEE 1619 vectors 1 and 15, RFC 8439 sections
/// 2.4.2 and 2.8.2, and SP 800-67 appendix B.1: at once, and in parts.
#[test]
fn gives_the_known_answers_in_parts_of_any_size() {
    use BlockCipherMode as M;
    use CryptographicAlgorithm as A;
    let gcm_key = "feffe9928665731c6d6a8f9467308308";
    let gcm_plain = "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525\
         b16aedf5aa0de657ba637b39";
    let gcm_additional = "feedfacedeadbeeffeedfacedeadbeefabaddad2";
    let ccm_key = "404142434445464748494a4b4c4d4e4f";
    let sunscreen = "4c616469657320616e642047656e746c656d656e206f662074686520636c617373206f66202739393a204966204920636f75\
         6c64206f6666657220796f75206f6e6c79206f6e652074697020666f7220746865206675747572652c2073756e73637265656e20776f75\
         6c642062652069742e";
    for (algorithm, mode, key, iv, additional, plain, expected, tag) in [
        (
            A::Aes,
            M::Gcm,
            gcm_key,
            "cafebabefacedbad",
            gcm_additional,
            gcm_plain,
            "61353b4c2806934a777ff51fa22a4755699b2a714fcdc6f83766e5f97b6c742373806900e49f24b22b097544d4896b42\
             4989b5e1ebac0f07c23f4598",
            "3612d2e79e3b0785561be14aaca2fccb",
        ),
        (
            A::Aes,
            M::Gcm,
            gcm_key,
            "9313225df88406e555909c5aff5269aa6a7a9538534f7da1e4c303d2a318a728c3c0c95156809539fcf0e2429a6b5254\
             16aedbf5a0de6a57a637b39b",
            gcm_additional,
            gcm_plain,
            "8ce24998625615b603a033aca13fb894be9112a5c3a211a8ba262a3cca7e2ca701e4a9a4fba43c90ccdcb281d48c7c6f\
             d62875d2aca417034c34aee5",
            "619cc5aefffe0bfa462af43c1699d050",
        ),
        (A::Aes, M::Ccm, ccm_key, "10111213141516", "0001020304050607", "20212223", "7162015b", "4dac255d"),
        (
            A::Aes,
            M::Ccm,
            ccm_key,
            "1011121314151617",
            "000102030405060708090a0b0c0d0e0f",
            "202122232425262728292a2b2c2d2e2f",
            "d2a1f0e051ea5f62081a7792073d593d",
            "1fc64fbfaccd",
        ),
        (
            A::Aes,
            M::Ccm,
            ccm_key,
            "101112131415161718191a1b",
            "000102030405060708090a0b0c0d0e0f10111213",
            "202122232425262728292a2b2c2d2e2f3031323334353637",
            "e3b201a9f5b71a7a9b1ceaeccd97e70b6176aad9a4428aa5",
            "484392fbc1b09951",
        ),
        (
            A::Aes,
            M::Xts,
            "0000000000000000000000000000000000000000000000000000000000000000",
            "00000000000000000000000000000000",
            "",
            "0000000000000000000000000000000000000000000000000000000000000000",
            "917cf69ebd68b2ec9b9fe9a3eadda692cd43d2f59598ed858c02c2652fbf922e",
            "",
        ),
        (
            A::Aes,
            M::Xts,
            "fffefdfcfbfaf9f8f7f6f5f4f3f2f1f0bfbebdbcbbbab9b8b7b6b5b4b3b2b1b0",
            "9a785634120000000000000000000000",
            "",
            "000102030405060708090a0b0c0d0e0f10",
            "6c1625db4671522d3d7599601de7ca09ed",
            "",
        ),
        (
            A::ChaCha20,
            M::Ctr,
            "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
            "000000000000004a00000000",
            "",
            sunscreen,
            "6e2e359a2568f98041ba0728dd0d6981e97e7aec1d4360c20a27afccfd9fae0bf91b65c5524733ab8f593dabcd62b3571639d6\
             24e65152ab8f530c359f0861d807ca0dbf500d6a6156a38e088a22b65e52bc514d16ccf806818ce91ab77937365af90bbf74\
             a35be6b40b8eedf2785e42874d",
            "",
        ),
        (
            A::ChaCha20Poly1305,
            M::Aead,
            "808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f",
            "070000004041424344454647",
            "50515253c0c1c2c3c4c5c6c7",
            sunscreen,
            "d31a8d34648e60db7b86afbc53ef7ec2a4aded51296e08fea9e2b5a736ee62d63dbea45e8ca9671282fafb69da92728b1a71de\
             0a9e060b2905d6a5b67ecd3b3692ddbd7f2d778b8c9803aee328091b58fab324e4fad675945585808b4831d7bc3ff4def08e\
             4b7a9de576d26586cec64b6116",
            "1ae10b594f09e26a7e902ecbd0600691",
        ),
        (
            A::Des3,
            M::Ecb,
            "0123456789abcdef23456789abcdef01456789abcdef0123",
            "",
            "",
            "5468652071756663 6b2062726f776e20 666f78206a756d70",
            "a826fd8ce53b855fcce21c8112256fe668d5c05dd9b6b900",
            "",
        ),
    ] {
        let [key, iv, additional, plain, expected, tag] =
            [key, iv, additional, plain, expected, tag].map(|hex| bytes(&hex.replace(' ', "")));
        let parameters = CryptographicParameters {
            tag_length: (!tag.is_empty()).then(|| i32::try_from(tag.len()).unwrap()),
            initial_counter_value: (algorithm == A::ChaCha20).then_some(1),
            ..parameters(mode, None)
        };
        let (key, parameters, additional) = (key.as_slice(), &parameters, additional.as_slice());
        let inputs = Inputs { algorithm, key, parameters, iv: Some(&iv), additional, tag: None };
        let given = Some(tag.as_slice()).filter(|tag| !tag.is_empty());
        for size in [1, 7, 16, 33, 1000] {
            let (encrypted, made) = in_parts(Direction::Encrypt, inputs, &plain, size);
            assert_eq!((&encrypted, made.as_deref()), (&expected, given), "{algorithm} {mode} by {size}");
            let (decrypted, _) =
                in_parts(Direction::Decrypt, Inputs { tag: given, ..inputs }, &expected, size);
            assert_eq!(decrypted, plain, "{algorithm} {mode} by {size}");
        }
        let encrypted = encrypt_with(inputs, &plain).unwrap();
        assert_eq!((encrypted.data.reveal(), encrypted.tag.as_deref()), (&*expected, given));
        let mut wrong = tag.clone();
        if let Some(first) = wrong.first_mut() {
            *first ^= 1;
            let refused = decrypt_with(Inputs { tag: Some(&wrong), ..inputs }, &expected).unwrap_err();
            assert_eq!(refused.reason, ResultReason::CryptographicFailure, "{algorithm} {mode}");
        }
    }
}

#[test]
fn every_padding_is_added_and_taken_away_in_parts_of_any_size() {
    use CryptographicAlgorithm as A;
    let paddings = [
        PaddingMethod::Pkcs5,
        PaddingMethod::Ssl3,
        PaddingMethod::AnsiX923,
        PaddingMethod::Iso10126,
        PaddingMethod::Zeros,
    ];
    for (algorithm, key, block) in [(A::Aes, &[7; 16][..], 16), (A::Des3, &[7; 24], 8)] {
        for padding in paddings {
            let parameters = parameters(BlockCipherMode::Cbc, Some(padding));
            let iv = vec![9; block];
            let inputs =
                Inputs { algorithm, key, parameters: &parameters, iv: Some(&iv), additional: &[], tag: None };
            for length in [0, 1, 7, 8, 15, 16, 17, 40] {
                let plain = vec![0xA5; length];
                let whole = encrypt_with(inputs, &plain).unwrap().data;
                assert_eq!(whole.reveal().len() % block, 0, "{padding} {length}");
                for size in [1, 5, 8, 16, 17, 100] {
                    let (encrypted, _) = in_parts(Direction::Encrypt, inputs, &plain, size);
                    if padding != PaddingMethod::Iso10126 {
                        assert_eq!(encrypted, whole.reveal(), "{padding} {length} by {size}");
                    }
                    let (decrypted, _) = in_parts(Direction::Decrypt, inputs, &encrypted, size);
                    assert_eq!(decrypted, plain, "{padding} {length} by {size}");
                }
            }
        }
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
