//! Signatures, of data that comes in parts: RSA (RFC 8017, X9.31), DSA (FIPS 186-4), ECDSA (FIPS 186-5),
//! Ed25519 and Ed448 (RFC 8032).

use aws_lc_rs::signature::{ED25519, Ed25519KeyPair, UnparsedPublicKey};
use der::Encode;
use kmip_types::attribute::CryptographicParameters;
use kmip_types::enumerations::{
    CryptographicAlgorithm, DigitalSignatureAlgorithm, HashingAlgorithm, KeyFormatType, MaskGenerator,
    PaddingMethod, ResultReason,
};
use kmip_types::object::KeyMaterial;
use p256::ecdsa::signature::hazmat::{PrehashSigner, PrehashVerifier};
use pkcs8::DecodePrivateKey;
use pkcs8::spki::DecodePublicKey;
use rsa::traits::SignatureScheme;
use zeroize::Zeroizing;

use super::hash::{self, Hash, with_hash};
use super::random::Generator;
use super::rsa_padding::{self, Hashes};
use super::{cryptographic_failure, rsa_keys};
use crate::answer::Failure;
use crate::keys::{Curve, PrivateKey, PublicKey, curve448};

/// How many bytes are kept of data that is signed as a whole.
const MAXIMUM: usize = kmip_types::Limits::DEFAULT.size;

/// How many bytes the longest key has.
const MAXIMUM_SALT: usize = rsa::PublicKey::MAX_SIZE / 8;

/// How a signature is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Scheme {
    Pkcs1(HashingAlgorithm),
    /// With the length of the salt in bytes, if it is said.
    Pss(Hashes, Option<usize>),
    X931(HashingAlgorithm),
    Ecdsa(HashingAlgorithm),
    Dsa(HashingAlgorithm),
    Ed25519,
    Ed448,
}

/// What has come of the data that is to be signed, or whose signature is to be verified.
pub(crate) struct Signing {
    scheme: Scheme,
    input: Input,
}

enum Input {
    Hash(Box<dyn Hash>),
    /// All of it.
    Whole(Zeroizing<Vec<u8>>),
}

impl Scheme {
    /// By the parameters and the kind of key.
    fn of(algorithm: CryptographicAlgorithm, parameters: &CryptographicParameters) -> Result<Self, Failure> {
        use DigitalSignatureAlgorithm as D;
        use HashingAlgorithm as H;
        if algorithm == CryptographicAlgorithm::Ed25519 {
            return Ok(Self::Ed25519);
        }
        if algorithm == CryptographicAlgorithm::Ed448 {
            return Ok(Self::Ed448);
        }
        let needs_hash = || bad("a signature needs a Digital Signature Algorithm, or a Hashing Algorithm");
        let hash = parameters.hashing_algorithm;
        let pss = |hash| Self::pss(hash, parameters);
        let scheme = match parameters.digital_signature_algorithm {
            Some(D::Md5WithRsaEncryption) => Self::Pkcs1(H::Md5),
            Some(D::Sha1WithRsaEncryption) => Self::Pkcs1(H::Sha1),
            Some(D::Sha224WithRsaEncryption) => Self::Pkcs1(H::Sha224),
            Some(D::Sha256WithRsaEncryption) => Self::Pkcs1(H::Sha256),
            Some(D::Sha384WithRsaEncryption) => Self::Pkcs1(H::Sha384),
            Some(D::Sha512WithRsaEncryption) => Self::Pkcs1(H::Sha512),
            Some(D::Sha3_256WithRsaEncryption) => Self::Pkcs1(H::Sha3_256),
            Some(D::Sha3_384WithRsaEncryption) => Self::Pkcs1(H::Sha3_384),
            Some(D::Sha3_512WithRsaEncryption) => Self::Pkcs1(H::Sha3_512),
            // The default of RFC 8017 appendix A.2.3.
            Some(D::RsassaPss) => pss(hash.unwrap_or(H::Sha1))?,
            Some(D::EcdsaWithSha1) => Self::Ecdsa(H::Sha1),
            Some(D::EcdsaWithSha224) => Self::Ecdsa(H::Sha224),
            Some(D::EcdsaWithSha256) => Self::Ecdsa(H::Sha256),
            Some(D::EcdsaWithSha384) => Self::Ecdsa(H::Sha384),
            Some(D::EcdsaWithSha512) => Self::Ecdsa(H::Sha512),
            Some(D::DsaWithSha1) => Self::Dsa(H::Sha1),
            Some(D::DsaWithSha224) => Self::Dsa(H::Sha224),
            Some(D::DsaWithSha256) => Self::Dsa(H::Sha256),
            Some(other) => return Err(unsupported(format!("signatures by {other} are not supported"))),
            None if algorithm == CryptographicAlgorithm::Rsa => match parameters.padding_method {
                Some(PaddingMethod::Pss) => pss(hash.ok_or_else(needs_hash)?)?,
                Some(PaddingMethod::Pkcs1V1_5) | None => Self::Pkcs1(hash.ok_or_else(needs_hash)?),
                Some(PaddingMethod::X931) => Self::x9_31(hash.ok_or_else(needs_hash)?)?,
                Some(other) => {
                    return Err(unsupported(format!("the padding {other} is not one of signatures")));
                }
            },
            None if algorithm == CryptographicAlgorithm::Dsa => Self::Dsa(hash.ok_or_else(needs_hash)?),
            None => Self::Ecdsa(hash.ok_or_else(needs_hash)?),
        };
        let is_rsa = matches!(scheme, Self::Pkcs1(_) | Self::Pss(..) | Self::X931(_));
        let is_dsa = matches!(scheme, Self::Dsa(_));
        if is_rsa != (algorithm == CryptographicAlgorithm::Rsa)
            || is_dsa != (algorithm == CryptographicAlgorithm::Dsa)
        {
            return Err(bad("the Digital Signature Algorithm is not one of the key's"));
        }
        Ok(scheme)
    }

    fn pss(hash: HashingAlgorithm, parameters: &CryptographicParameters) -> Result<Self, Failure> {
        let mask_hash = parameters.mask_generator_hashing_algorithm.unwrap_or(hash);
        if parameters.mask_generator.is_some_and(|generator| generator != MaskGenerator::Mgf1) {
            return Err(unsupported("the mask generator is not supported with PSS"));
        }
        if parameters.trailer_field.is_some_and(|trailer| trailer != 1) {
            return Err(unsupported("the Trailer Field is not supported"));
        }
        // The library makes room for it before it sees that a key has none.
        let is_one = |length: &usize| *length <= MAXIMUM_SALT;
        let salt = parameters.salt_length.map(|length| {
            let length = usize::try_from(length).ok().filter(is_one);
            length.ok_or_else(|| bad("the Salt Length is negative, or longer than any key"))
        });
        Ok(Self::Pss(Hashes { hash, mask_hash }, salt.transpose()?))
    }

    fn x9_31(hash: HashingAlgorithm) -> Result<Self, Failure> {
        if rsa_padding::x9_31_hash(hash).is_none() {
            return Err(unsupported(format!("X9.31 has no {hash}")));
        }
        Ok(Self::X931(hash))
    }

    fn hash(self) -> Option<HashingAlgorithm> {
        match self {
            Self::Pkcs1(hash)
            | Self::Pss(Hashes { hash, .. }, _)
            | Self::X931(hash)
            | Self::Ecdsa(hash)
            | Self::Dsa(hash) => Some(hash),
            Self::Ed25519 | Self::Ed448 => None,
        }
    }
}

impl Signing {
    /// Begins, with a key of this algorithm.
    pub(crate) fn start(
        algorithm: CryptographicAlgorithm,
        parameters: &CryptographicParameters,
    ) -> Result<Self, Failure> {
        let scheme = Scheme::of(algorithm, parameters)?;
        let input = match scheme.hash() {
            Some(hash) => Input::Hash(hash::start(hash)?),
            None => Input::Whole(Zeroizing::default()),
        };
        Ok(Self { scheme, input })
    }

    /// Takes a part.
    pub(crate) fn update(&mut self, data: &[u8]) -> Result<(), Failure> {
        match &mut self.input {
            Input::Hash(hash) => hash.update(data),
            Input::Whole(all) => {
                if all.len().saturating_add(data.len()) > MAXIMUM {
                    let message =
                        format!("the algorithm needs all of the data at once, at most {MAXIMUM} bytes");
                    return Err(Failure::new(ResultReason::ServerLimitExceeded, message));
                }
                all.extend_from_slice(data);
            }
        }
        Ok(())
    }

    /// What is signed: the hash of the data, or a given one, or the data.
    fn digest(self, digested: Option<&[u8]>) -> Result<(Scheme, Zeroizing<Vec<u8>>), Failure> {
        let Self { scheme, input } = self;
        let digest = match (input, digested) {
            (Input::Hash(hash), None) => Zeroizing::new(hash.finish()),
            (Input::Hash(hash), Some(digested)) => {
                if hash.finish().len() != digested.len() {
                    return Err(bad("the Digested Data is not as long as the hash"));
                }
                Zeroizing::new(digested.to_vec())
            }
            (Input::Whole(all), None) => all,
            (Input::Whole(_), Some(_)) => return Err(bad("the algorithm signs data, and no hash of it")),
        };
        Ok((scheme, digest))
    }

    /// The signature of what came, or of a hash that was made elsewhere.
    pub(crate) fn sign(self, key: &PrivateKey, digested: Option<&[u8]>) -> Result<Vec<u8>, Failure> {
        let (scheme, digest) = self.digest(digested)?;
        let failed = || cryptographic_failure("signing");
        match (key, scheme) {
            (PrivateKey::Rsa(pkcs1), Scheme::Pkcs1(hash)) => {
                let key = rsa_keys::private(pkcs1)?;
                let padding = with_hash!(hash, D => rsa::Pkcs1v15Sign::new::<D>()).ok_or_else(failed)?;
                key.sign_with_rng(&mut Generator, padding, &digest).map_err(|_| failed())
            }
            (PrivateKey::Rsa(pkcs1), Scheme::Pss(hashes, salt)) => {
                let key = rsa_keys::private(pkcs1)?;
                rsa_padding::sign_pss(&key, hashes, salt.unwrap_or(digest.len()), &digest)
            }
            (PrivateKey::Rsa(pkcs1), Scheme::X931(hash)) => {
                rsa_padding::sign_x9_31(&rsa_keys::private(pkcs1)?, hash, &digest)
            }
            (PrivateKey::Group { .. }, Scheme::Dsa(hash)) => {
                let Some(KeyMaterial::Bytes(pkcs8)) = key.to_material(KeyFormatType::Pkcs8) else {
                    return Err(failed());
                };
                let key = dsa::SigningKey::from_pkcs8_der(pkcs8.reveal()).map_err(|_| no_dsa())?;
                let signed = with_hash!(hash, D => key.sign_prehashed_rfc6979::<D>(&digest));
                let signature = signed.and_then(Result::ok).ok_or_else(failed)?;
                signature.to_der().map_err(|_| failed())
            }
            (PrivateKey::Ec { curve, scalar }, Scheme::Ed25519) if *curve == Curve::Ed25519 => {
                let pair = Ed25519KeyPair::from_seed_unchecked(scalar.reveal()).map_err(|_| failed())?;
                Ok(pair.sign(&digest).as_ref().to_vec())
            }
            (PrivateKey::Ec { curve, scalar }, Scheme::Ed448) if *curve == Curve::Ed448 => {
                curve448::sign(scalar, &digest).ok_or_else(failed)
            }
            (PrivateKey::Ec { curve, scalar }, Scheme::Ecdsa(_)) => {
                macro_rules! sign {
                    ($curve:ident) => {{
                        let key =
                            $curve::ecdsa::SigningKey::from_slice(scalar.reveal()).map_err(|_| failed())?;
                        let signature: $curve::ecdsa::Signature =
                            key.sign_prehash(&digest).map_err(|_| failed())?;
                        Ok(signature.to_der().as_bytes().to_vec())
                    }};
                }
                match curve {
                    Curve::P256 => sign!(p256),
                    Curve::P384 => sign!(p384),
                    Curve::P521 => sign!(p521),
                    Curve::Secp256k1 => sign!(k256),
                    _ => Err(unsupported("the server makes no signatures on this curve")),
                }
            }
            _ => Err(bad("the key is not one of the signature's algorithm")),
        }
    }

    /// Whether a signature is that of what came, or of a hash that was made elsewhere.
    pub(crate) fn verify(
        self,
        key: &PublicKey,
        digested: Option<&[u8]>,
        signature: &[u8],
    ) -> Result<bool, Failure> {
        let (scheme, digest) = self.digest(digested)?;
        let failed = || cryptographic_failure("verifying");
        match (key, scheme) {
            (PublicKey::Rsa(pkcs1), Scheme::Pkcs1(hash)) => {
                let key = rsa_keys::public(pkcs1)?;
                let padding = with_hash!(hash, D => rsa::Pkcs1v15Sign::new::<D>()).ok_or_else(failed)?;
                Ok(padding.verify(&key, &digest, signature).is_ok())
            }
            (PublicKey::Rsa(pkcs1), Scheme::Pss(hashes, salt)) => {
                // Without a length, that of the signature is found out.
                rsa_padding::verify_pss(&rsa_keys::public(pkcs1)?, hashes, salt, &digest, signature)
            }
            (PublicKey::Rsa(pkcs1), Scheme::X931(hash)) => {
                rsa_padding::verify_x9_31(&rsa_keys::public(pkcs1)?, hash, &digest, signature)
            }
            (PublicKey::Group { .. }, Scheme::Dsa(_)) => {
                let spki = key.to_spki().ok_or_else(failed)?;
                let key = dsa::VerifyingKey::from_public_key_der(&spki).map_err(|_| no_dsa())?;
                let signature = dsa::Signature::try_from(signature);
                Ok(signature.is_ok_and(|signature| key.verify_prehash(&digest, &signature).is_ok()))
            }
            (PublicKey::Ec { curve, point }, Scheme::Ed25519) if *curve == Curve::Ed25519 => {
                Ok(UnparsedPublicKey::new(&ED25519, point).verify(&digest, signature).is_ok())
            }
            (PublicKey::Ec { curve, point }, Scheme::Ed448) if *curve == Curve::Ed448 => {
                Ok(curve448::is_signature(point, &digest, signature))
            }
            (PublicKey::Ec { curve, point }, Scheme::Ecdsa(_)) => {
                macro_rules! verify {
                    ($curve:ident) => {{
                        let key =
                            $curve::ecdsa::VerifyingKey::from_sec1_bytes(point).map_err(|_| failed())?;
                        let signature = $curve::ecdsa::Signature::from_der(signature);
                        // The library takes one of the two numbers that are right on secp256k1, as Bitcoin does.
                        let signature = signature.map(|signature| signature.normalize_s());
                        Ok(signature.is_ok_and(|signature| key.verify_prehash(&digest, &signature).is_ok()))
                    }};
                }
                match curve {
                    Curve::P256 => verify!(p256),
                    Curve::P384 => verify!(p384),
                    Curve::P521 => verify!(p521),
                    Curve::Secp256k1 => verify!(k256),
                    _ => Err(unsupported("the server verifies no signatures on this curve")),
                }
            }
            _ => Err(bad("the key is not one of the signature's algorithm")),
        }
    }
}

/// The numbers of a DSA key have other lengths than FIPS 186-4 section 4.2 has, or are not of one key.
fn no_dsa() -> Failure {
    unsupported("DSA is with 1024 and 160, 2048 and 224 or 256, or 3072 and 256 bits here")
}

fn unsupported(what: impl Into<String>) -> Failure {
    Failure::new(ResultReason::UnsupportedCryptographicParameters, what)
}

fn bad(what: &str) -> Failure {
    Failure::new(ResultReason::BadCryptographicParameters, what)
}

#[cfg(test)]
mod tests {
    use aws_lc_rs::signature::{
        RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_2048_8192_SHA512, RSA_PSS_2048_8192_SHA256,
        RSA_PSS_2048_8192_SHA384, RsaParameters,
    };

    use super::*;
    use crate::server::crypto::asymmetric::generate_rsa;

    fn bytes(hex: &str) -> Vec<u8> {
        (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect()
    }

    fn by(padding: Option<PaddingMethod>, hash: HashingAlgorithm) -> CryptographicParameters {
        CryptographicParameters {
            padding_method: padding,
            hashing_algorithm: Some(hash),
            ..CryptographicParameters::default()
        }
    }

    fn start(key: &PrivateKey, parameters: &CryptographicParameters, data: &[u8]) -> Signing {
        let mut signing = Signing::start(key.algorithm(), parameters).unwrap();
        data.chunks(2).for_each(|part| signing.update(part).unwrap());
        signing
    }

    /// RFC 6979 appendices A.2.5 to A.2.7, of the message `sample`.
    #[test]
    fn ecdsa_gives_the_known_answers() {
        for (curve, hash, scalar, r, s) in [
            (
                Curve::P256,
                HashingAlgorithm::Sha256,
                "c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721",
                "efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716",
                "f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8",
            ),
            (
                Curve::P384,
                HashingAlgorithm::Sha384,
                "6b9d3dad2e1b8c1c05b19875b6659f4de23c3b667bf297ba9aa47740787137d896d5724e4c70a825f872c9ea60d2edf5",
                "94edbb92a5ecb8aad4736e56c691916b3f88140666ce9fa73d64c4ea95ad133c81a648152e44acf96e36dd1e80fabe46",
                "99ef4aeb15f178cea1fe40db2603138f130e740a19624526203b6351d0a3a94fa329c145786e679e7b82c71a38628ac8",
            ),
            (
                Curve::P521,
                HashingAlgorithm::Sha512,
                "00fad06daa62ba3b25d2fb40133da757205de67f5bb0018fee8c86e1b68c7e75caa896eb32f1f47c70855836a6d16fcc1466\
                 f6d8fbec67db89ec0c08b0e996b83538",
                "00c328fafcbd79dd77850370c46325d987cb525569fb63c5d3bc53950e6d4c5f174e25a1ee9017b5d450606add152b534931\
                 d7d4e8455cc91f9b15bf05ec36e377fa",
                "00617cce7cf5064806c467f678d3b4080d6f1cc50af26ca209417308281b68af282623eaa63e5b5c0723d8b8c37ff0777b1a\
                 20f8ccb1dccc43997f1ee0e44da4a67a",
            ),
        ] {
            let key = PrivateKey::Ec { curve, scalar: bytes(scalar).into() };
            let signature = start(&key, &by(None, hash), b"sample").sign(&key, None).unwrap();
            let numbers = [bytes(r), bytes(s)].concat();
            let found = match curve {
                Curve::P256 => p256::ecdsa::Signature::from_der(&signature).unwrap().to_bytes().to_vec(),
                Curve::P384 => p384::ecdsa::Signature::from_der(&signature).unwrap().to_bytes().to_vec(),
                _ => p521::ecdsa::Signature::from_der(&signature).unwrap().to_bytes().to_vec(),
            };
            assert_eq!(found, numbers, "{curve:?}");
            let public = key.public_key().unwrap();
            let verify = |data| start(&key, &by(None, hash), data).verify(&public, None, &signature);
            assert_eq!((verify(b"sample").unwrap(), verify(b"test").unwrap()), (true, false));
        }
    }

    /// RFC 8032 section 7.1, test 3.
    #[test]
    fn ed25519_gives_the_known_answer() {
        let scalar = bytes("c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7");
        let key = PrivateKey::Ec { curve: Curve::Ed25519, scalar: scalar.into() };
        let none = CryptographicParameters::default();
        let signature = start(&key, &none, &[0xaf, 0x82]).sign(&key, None).unwrap();
        let expected = bytes(
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9\
             716ed28dc027beceea1ec40a",
        );
        assert_eq!(signature, expected);
        let public = key.public_key().unwrap();
        assert!(start(&key, &none, &[0xaf, 0x82]).verify(&public, None, &signature).unwrap());
        assert!(!start(&key, &none, &[0xaf, 0x83]).verify(&public, None, &signature).unwrap());
    }

    #[test]
    fn a_salt_that_no_key_has_room_for_is_not_made() {
        for (length, is_refused) in [(i32::MAX, true), (1025, true), (-1, true), (1024, false), (0, false)] {
            let parameters = CryptographicParameters {
                salt_length: Some(length),
                ..by(Some(PaddingMethod::Pss), HashingAlgorithm::Sha256)
            };
            let started = Signing::start(CryptographicAlgorithm::Rsa, &parameters);
            let expected = is_refused.then_some(ResultReason::BadCryptographicParameters);
            assert_eq!(started.err().map(|failure| failure.reason), expected, "{length}");
        }
    }

    #[test]
    fn another_library_takes_the_signatures_of_rsa() {
        use HashingAlgorithm as H;
        let key = generate_rsa(2048).unwrap().unwrap();
        let public = key.public_key().unwrap();
        let PublicKey::Rsa(pkcs1) = &public else { panic!() };
        let pkcs1_padding = Some(PaddingMethod::Pkcs1V1_5);
        let pss = Some(PaddingMethod::Pss);
        let algorithms: [(_, _, &RsaParameters); 4] = [
            (pkcs1_padding, H::Sha256, &RSA_PKCS1_2048_8192_SHA256),
            (pkcs1_padding, H::Sha512, &RSA_PKCS1_2048_8192_SHA512),
            (pss, H::Sha256, &RSA_PSS_2048_8192_SHA256),
            (pss, H::Sha384, &RSA_PSS_2048_8192_SHA384),
        ];
        for (padding, hash, algorithm) in algorithms {
            let signature = start(&key, &by(padding, hash), b"hello").sign(&key, None).unwrap();
            let other = UnparsedPublicKey::new(algorithm, pkcs1);
            assert!(other.verify(b"hello", &signature).is_ok(), "{padding:?} {hash}");
            let parameters = CryptographicParameters { salt_length: Some(7), ..by(padding, hash) };
            let verify = |parameters: &CryptographicParameters| {
                start(&key, parameters, b"hello").verify(&public, None, &signature).unwrap()
            };
            assert!(verify(&by(padding, hash)));
            // Only PSS has a salt, whose length counts where it is said.
            assert_eq!(verify(&parameters), padding != pss);
        }
    }
}
