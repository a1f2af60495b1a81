//! Deriving keys: PBKDF2 (RFC 8018), hashes, codes, ciphers, the three modes of NIST SP 800-108, key agreement, AWS
//! Signature Version 4, and HKDF (RFC 5869).

use aws_lc_rs::agreement::{self, UnparsedPublicKey};
use hkdf::SimpleHkdf;
use kmip_types::SecretBytes;
use kmip_types::attribute::CryptographicParameters;
use kmip_types::enumerations::{BlockCipherMode, CryptographicAlgorithm, HashingAlgorithm, ResultReason};
use zeroize::Zeroizing;

use super::hash::{no_such_hash, with_hash};
use super::mac::{self, Mac};
use super::{cryptographic_failure, hash};
use crate::answer::Failure;
use crate::keys::{Curve, PrivateKey, PublicKey, curve448};

/// What a derivation yields.
type Derived = Result<Zeroizing<Vec<u8>>, Failure>;

/// How often PBKDF2 hashes at most, so that no request takes minutes.
const MAXIMUM_ITERATIONS: i32 = 2_000_000;

/// How often it does for all blocks of a key together.
const MAXIMUM_ROUNDS: u64 = 4 * MAXIMUM_ITERATIONS as u64;

/// How many bytes a derivation hashes or encrypts anew for the blocks of its output together at most, for the same reason: the
/// salt of PBKDF2, the info of HKDF, and the fixed data of SP 800-108.
const MAXIMUM_BYTES: usize = 1 << 28;

/// PBKDF2 with HMAC.
pub(crate) fn pbkdf2(
    hash: HashingAlgorithm,
    password: &[u8],
    salt: &[u8],
    iterations: i32,
    length: usize,
) -> Derived {
    if !(1..=MAXIMUM_ITERATIONS).contains(&iterations) {
        let message = format!("the Iteration Count is from 1 to {MAXIMUM_ITERATIONS} here");
        return Err(Failure::new(ResultReason::InvalidField, message));
    }
    let rounds = iterations.unsigned_abs();
    // Each block of the output costs as much (RFC 8018 section 5.2).
    let block = hash::hash(hash, &[])?.len().max(1);
    let blocks = u32::try_from(length.div_ceil(block)).unwrap_or(u32::MAX);
    let is_costly = u64::from(rounds).saturating_mul(blocks.into()) > MAXIMUM_ROUNDS;
    if is_costly || !is_cheap(blocks as usize, salt.len()) {
        return Err(too_much());
    }
    let mut output = Zeroizing::new(vec![0; length]);
    let derived = with_hash!(hash, D => {
        pbkdf2::pbkdf2::<hmac::SimpleHmac<D>>(password, salt, rounds, &mut output).is_ok()
    });
    match derived {
        Some(true) => Ok(output),
        Some(false) => Err(too_long()),
        None => Err(no_such_hash(hash)),
    }
}

/// Whether something may be hashed so often, once for each block of the output.
fn is_cheap(blocks: usize, length: usize) -> bool {
    blocks.saturating_mul(length) <= MAXIMUM_BYTES
}

/// The first bytes of a hash.
pub(crate) fn by_hash(hash: HashingAlgorithm, data: &[u8], length: usize) -> Derived {
    cut(Zeroizing::new(hash::hash(hash, data)?), length)
}

/// The first bytes of a code.
pub(crate) fn by_mac(mac: Box<dyn Mac>, data: &[u8], length: usize) -> Derived {
    cut(code(mac, &[data]), length)
}

/// The first bytes of what a derivation yields.
pub(crate) fn cut(mut output: Zeroizing<Vec<u8>>, length: usize) -> Derived {
    if output.len() < length {
        return Err(too_long());
    }
    output.truncate(length);
    Ok(output)
}

fn too_long() -> Failure {
    let message = "the derivation does not yield so many bits";
    Failure::new(ResultReason::CryptographicFailure, message)
}

fn too_much() -> Failure {
    let message = "so long a key costs more than one derivation may here";
    Failure::new(ResultReason::ServerLimitExceeded, message)
}

fn code(mut mac: Box<dyn Mac>, parts: &[&[u8]]) -> Zeroizing<Vec<u8>> {
    parts.iter().for_each(|part| mac.update(part));
    Zeroizing::new(mac.finish())
}

/// The pseudorandom function of SP 800-108: HMAC or CMAC, with a key.
pub(crate) struct Function<'a> {
    algorithm: CryptographicAlgorithm,
    key: &'a [u8],
    parameters: CryptographicParameters,
}

impl<'a> Function<'a> {
    /// By the algorithm of the key and the parameters: HMAC where there is a hash, else CMAC.
    pub(crate) fn new(
        algorithm: CryptographicAlgorithm,
        key: &'a [u8],
        parameters: &CryptographicParameters,
    ) -> Self {
        let mut parameters = parameters.clone();
        if mac::hash_of(parameters.cryptographic_algorithm.unwrap_or(algorithm)).is_none()
            && parameters.hashing_algorithm.is_none()
        {
            parameters.block_cipher_mode = Some(BlockCipherMode::Cmac);
        }
        Self { algorithm, key, parameters }
    }

    /// A code that has not begun.
    pub(crate) fn start(&self) -> Result<Box<dyn Mac>, Failure> {
        let named = self.parameters.cryptographic_algorithm.unwrap_or(self.algorithm);
        match (mac::hash_of(named), self.parameters.hashing_algorithm) {
            (None, Some(hash)) => mac::hmac(hash, self.key),
            _ => mac::start(self.algorithm, self.key, &self.parameters),
        }
    }

    fn of(&self, parts: &[&[u8]]) -> Derived {
        Ok(code(self.start()?, parts))
    }
}

/// What a mode of SP 800-108 iterates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Iteration {
    /// Section 4.1.
    Counter,
    /// Section 4.2, with a counter, from an initial value on.
    Feedback,
    /// Section 4.3, with a counter.
    DoublePipeline,
}

/// A mode of SP 800-108, with a counter of 32 bits before the fixed data.
pub(crate) fn nist_800_108(
    iteration: Iteration,
    function: &Function<'_>,
    initial: &[u8],
    fixed: &[u8],
    length: usize,
) -> Derived {
    let mut output = Zeroizing::new(Vec::with_capacity(length.saturating_add(64)));
    let mut before = Zeroizing::new(initial.to_vec());
    let mut pipeline = Zeroizing::new(fixed.to_vec());
    let mut counter = 0_u32;
    while output.len() < length {
        counter = counter.checked_add(1).ok_or_else(too_long)?;
        let number = counter.to_be_bytes();
        let block = match iteration {
            Iteration::Counter => function.of(&[&number, fixed])?,
            Iteration::Feedback => function.of(&[&before, &number, fixed])?,
            Iteration::DoublePipeline => {
                pipeline = function.of(&[&pipeline])?;
                function.of(&[&pipeline, &number, fixed])?
            }
        };
        // Each block of the output takes all of the fixed data anew.
        let blocks = length.div_ceil(block.len().max(1));
        if !is_cheap(blocks, fixed.len().saturating_add(block.len())) {
            return Err(too_much());
        }
        output.extend_from_slice(&block);
        before = block;
    }
    cut(output, length)
}

/// HKDF.
pub(crate) fn hkdf(
    hash: HashingAlgorithm,
    material: &[u8],
    salt: Option<&[u8]>,
    info: &[u8],
    length: usize,
) -> Derived {
    // Bounded before there is room for it (RFC 5869 section 2.3): 255 hashes, none of which is longer than 64 bytes.
    if length > 255 * 64 {
        return Err(too_long());
    }
    let block = hash::hash(hash, &[])?.len().max(1);
    if !is_cheap(length.div_ceil(block), info.len()) {
        return Err(too_much());
    }
    let mut output = Zeroizing::new(vec![0; length]);
    let derived = with_hash!(hash, D => {
        SimpleHkdf::<D>::new(salt, material).expand(info, &mut output).is_ok()
    });
    match derived {
        Some(true) => Ok(output),
        Some(false) => Err(too_long()),
        None => Err(no_such_hash(hash)),
    }
}

/// The signing key of AWS Signature Version 4, of a date, a region and a service.
pub(crate) fn aws_signature(secret: &[u8], parts: &[SecretBytes], length: usize) -> Derived {
    let mut key = Zeroizing::new([b"AWS4".as_slice(), secret].concat());
    for part in parts.iter().map(SecretBytes::reveal).chain([b"aws4_request".as_slice()]) {
        key = code(mac::hmac(HashingAlgorithm::Sha256, &key)?, &[part]);
    }
    cut(key, length)
}

/// What two keys on a curve, or in a group of Diffie-Hellman, agree on.
pub(crate) fn agree(private: &PrivateKey, public: &PublicKey, length: usize) -> Derived {
    let wrong = || {
        let message = "it takes a private and a public key for key agreement on one curve, or in one group";
        Failure::new(ResultReason::BadCryptographicParameters, message)
    };
    if let (PrivateKey::Group { group, number }, PublicKey::Group { group: other, number: public }) =
        (private, public)
    {
        let secret = if group.goes_with(other) { group.agree(number, public) } else { None };
        return cut(secret.ok_or_else(wrong)?, length);
    }
    let (PrivateKey::Ec { curve, scalar }, PublicKey::Ec { curve: other, point }) = (private, public) else {
        return Err(wrong());
    };
    if curve != other {
        return Err(wrong());
    }
    let failed = || cryptographic_failure("the key agreement");
    if *curve == Curve::Secp256k1 {
        let scalar = k256::SecretKey::from_slice(scalar.reveal()).map_err(|_| failed())?;
        let point = k256::PublicKey::from_sec1_bytes(point).map_err(|_| failed())?;
        let secret = k256::ecdh::diffie_hellman(scalar.to_nonzero_scalar(), point.as_affine());
        return cut(Zeroizing::new(secret.raw_secret_bytes().to_vec()), length);
    }
    if *curve == Curve::X448 {
        return cut(curve448::agree(scalar, point).ok_or_else(failed)?, length);
    }
    let algorithm = match curve {
        Curve::P256 => &agreement::ECDH_P256,
        Curve::P384 => &agreement::ECDH_P384,
        Curve::P521 => &agreement::ECDH_P521,
        Curve::X25519 => &agreement::X25519,
        _ => return Err(wrong()),
    };
    let key = agreement::PrivateKey::from_private_key(algorithm, scalar.reveal()).map_err(|_| failed())?;
    let peer = UnparsedPublicKey::new(algorithm, point);
    agreement::agree(&key, peer, failed(), |secret| cut(Zeroizing::new(secret.to_vec()), length))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(hex: &str) -> Vec<u8> {
        (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect()
    }

    /// RFC 6070, and RFC 7914 section 11.
    #[test]
    fn pbkdf2_gives_the_known_answers() {
        for (hash, password, salt, iterations, expected) in [
            (HashingAlgorithm::Sha1, "password", "salt", 1, "0c60c80f961f0e71f3a9b524af6012062fe037a6"),
            (HashingAlgorithm::Sha1, "password", "salt", 4096, "4b007901b765489abead49d926f721d065a429c1"),
            (
                HashingAlgorithm::Sha256,
                "passwd",
                "salt",
                1,
                "55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc",
            ),
        ] {
            let expected = bytes(expected);
            let derived = pbkdf2(hash, password.as_bytes(), salt.as_bytes(), iterations, expected.len());
            assert_eq!(*derived.unwrap(), expected, "{hash}");
        }
        for iterations in [0, -1, i32::MAX] {
            assert!(pbkdf2(HashingAlgorithm::Sha1, b"a", b"b", iterations, 20).is_err());
        }
    }

    /// Each block of the output hashes them anew.
    #[test]
    fn a_long_salt_or_info_is_for_short_keys() {
        let long = vec![0; MAXIMUM_BYTES / 8 + 1];
        let refused = |derived: Derived| derived.unwrap_err().reason == ResultReason::ServerLimitExceeded;
        assert!(refused(pbkdf2(HashingAlgorithm::Sha256, b"a", &long, 1, 8 * 32)));
        assert!(refused(hkdf(HashingAlgorithm::Sha256, b"a", None, &long, 8 * 32)));
        assert!(pbkdf2(HashingAlgorithm::Sha256, b"a", &long[..1 << 16], 1, 8 * 32).is_ok());
        assert!(hkdf(HashingAlgorithm::Sha256, b"a", None, &long[..1 << 16], 8 * 32).is_ok());
    }

    /// RFC 5869 appendix A, test cases 1 and 3.
    #[test]
    fn hkdf_gives_the_known_answers() {
        let material = [0x0b; 22];
        for (salt, info, expected) in [
            (
                Some(bytes("000102030405060708090a0b0c")),
                bytes("f0f1f2f3f4f5f6f7f8f9"),
                "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865",
            ),
            (
                None,
                Vec::new(),
                "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8",
            ),
        ] {
            let expected = bytes(expected);
            let hash = HashingAlgorithm::Sha256;
            let derived = hkdf(hash, &material, salt.as_deref(), &info, expected.len()).unwrap();
            assert_eq!(*derived, expected);
            assert!(hkdf(hash, &material, None, &info, 255 * 32 + 1).is_err());
        }
    }

    /// NIST CAVP's KBKDF in counter mode with a counter of 32 bits before the fixed data.
    #[test]
    fn nist_800_108_gives_the_known_answers() {
        let parameters = CryptographicParameters::default();
        for (algorithm, key, fixed, expected) in [
            (
                CryptographicAlgorithm::HmacSha1,
                "f7591733c856593565130975351954d0155abf3c",
                "8e347ef55d5f5e99eab6de706b51de7ce004f3882889e259ff4e5cff102167a5a4bd711578d4ce17dd9abe56e51c1f2df950e2\
                 fc812ec1b217ca08d6",
                "34fe44b0d8c41b93f5fa64fb96f00e5b",
            ),
            (
                CryptographicAlgorithm::Aes,
                "c10b152e8c97b77e18704e0f0bd38305",
                "98cd4cbbbebe15d17dc86e6dbad800a2dcbd64f7c7ad0e78e9cf94ffdba89d03e97eadf6c4f7b806caf52aa38f09d0eb71d71f\
                 497bcc6906b48d36c4",
                "26faf61908ad9ee881b8305c221db53f",
            ),
        ] {
            let key = bytes(key);
            let function = Function::new(algorithm, &key, &parameters);
            let derived = nist_800_108(Iteration::Counter, &function, &[], &bytes(fixed), 16).unwrap();
            assert_eq!(*derived, bytes(expected), "{algorithm}");
        }
    }

    /// The other two modes, put together by hand of codes of another library.
    #[test]
    fn nist_800_108_iterates_as_each_mode_says() {
        use aws_lc_rs::hmac;
        let key = hmac::Key::new(hmac::HMAC_SHA256, &[7; 32]);
        let of = |parts: &[&[u8]]| hmac::sign(&key, &parts.concat()).as_ref().to_vec();
        let (fixed, initial) = (b"label\0context".as_slice(), [9; 32]);
        let (one, two) = (1_u32.to_be_bytes(), 2_u32.to_be_bytes());
        let first = of(&[&initial, &one, fixed]);
        let feedback = [first.clone(), of(&[&first, &two, fixed])].concat();
        let (a1, a2) = (of(&[fixed]), of(&[&of(&[fixed])]));
        let pipeline = [of(&[&a1, &one, fixed]), of(&[&a2, &two, fixed])].concat();
        let parameters = CryptographicParameters::default();
        let function = Function::new(CryptographicAlgorithm::HmacSha256, &[7; 32], &parameters);
        for (iteration, expected) in [(Iteration::Feedback, feedback), (Iteration::DoublePipeline, pipeline)]
        {
            let derived = nist_800_108(iteration, &function, &initial, fixed, 50).unwrap();
            assert_eq!(*derived, expected[..50], "{iteration:?}");
        }
    }

    /// The example of AWS's documentation.
    #[test]
    fn aws_signature_gives_the_known_answer() {
        let parts = ["20150830", "us-east-1", "iam"].map(|part| SecretBytes::from(part.as_bytes()));
        let derived = aws_signature(b"wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", &parts, 32).unwrap();
        let expected = bytes("c4afb1cc5771d871763a393e44b703571b55cc28424d1a5e86da6ed3c154a4b9");
        assert_eq!(*derived, expected);
    }

    /// RFC 7748 section 6.1.
    #[test]
    fn key_agreement_gives_the_known_answer_to_both() {
        let key = |hex| PrivateKey::Ec { curve: Curve::X25519, scalar: bytes(hex).into() };
        let alice = key("77076d0a7318a57d3c16c17251b26645d9c2eb7bd2d9b4e2f2f2d0a1b1c4e4d2");
        let bob = key("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb");
        let one = agree(&alice, &bob.public_key().unwrap(), 32).unwrap();
        assert_eq!(one, agree(&bob, &alice.public_key().unwrap(), 32).unwrap());
        // Bob's public key, as he tells it.
        let PublicKey::Ec { point, .. } = bob.public_key().unwrap() else { panic!() };
        assert_eq!(point, bytes("de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f"));
        assert!(agree(&alice, &bob.public_key().unwrap(), 33).is_err());
    }
}
