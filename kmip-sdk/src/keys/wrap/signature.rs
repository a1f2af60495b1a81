//! Signatures of what is wrapped: RSA with PKCS#1 v1.5 and PSS, ECDSA and Ed25519.

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{self as s, EcdsaKeyPair, Ed25519KeyPair, RsaKeyPair, UnparsedPublicKey};
use kmip_types::attribute::CryptographicParameters;
use kmip_types::enumerations::{
    CryptographicAlgorithm, DigitalSignatureAlgorithm, HashingAlgorithm, KeyFormatType, MaskGenerator,
    PaddingMethod,
};
use kmip_types::object::KeyMaterial;

use super::WrapError;
use super::block::Authentication;
use crate::keys::{Curve, PrivateKey, PublicKey};

/// How a signature is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SignatureMode {
    /// RSA with PKCS#1 version 1.5 (RFC 8017 section 8.2): SHA-256, SHA-384 or SHA-512.
    RsaPkcs1(HashingAlgorithm),
    /// RSA with PSS (RFC 8017 section 8.1): SHA-256, SHA-384 or SHA-512, which the mask is by too, and a salt as long as the hash.
    RsaPss(HashingAlgorithm),
    /// ECDSA (FIPS 186-5) in DER: SHA-256 on P-256, P-521 and secp256k1, SHA-384 on P-384 and P-521, SHA-512 on P-521.
    Ecdsa(HashingAlgorithm),
    /// Ed25519 (RFC 8032).
    Ed25519,
}

impl SignatureMode {
    /// The Cryptographic Parameters that say so, before KMIP 1.4 without what there is no field for.
    pub(super) fn parameters(self, has_salt: bool) -> CryptographicParameters {
        use DigitalSignatureAlgorithm as D;
        use HashingAlgorithm as H;
        let none = CryptographicParameters::default();
        match self {
            Self::RsaPkcs1(hash) => CryptographicParameters {
                digital_signature_algorithm: match hash {
                    H::Sha256 => Some(D::Sha256WithRsaEncryption),
                    H::Sha384 => Some(D::Sha384WithRsaEncryption),
                    H::Sha512 => Some(D::Sha512WithRsaEncryption),
                    _ => None,
                },
                padding_method: Some(PaddingMethod::Pkcs1V1_5),
                hashing_algorithm: Some(hash),
                ..none
            },
            Self::RsaPss(hash) => CryptographicParameters {
                digital_signature_algorithm: Some(D::RsassaPss),
                padding_method: Some(PaddingMethod::Pss),
                hashing_algorithm: Some(hash),
                mask_generator: has_salt.then_some(MaskGenerator::Mgf1),
                mask_generator_hashing_algorithm: has_salt.then_some(hash),
                salt_length: length(hash).filter(|_| has_salt),
                ..none
            },
            Self::Ecdsa(hash) => CryptographicParameters {
                digital_signature_algorithm: match hash {
                    H::Sha256 => Some(D::EcdsaWithSha256),
                    H::Sha384 => Some(D::EcdsaWithSha384),
                    H::Sha512 => Some(D::EcdsaWithSha512),
                    _ => None,
                },
                hashing_algorithm: Some(hash),
                ..none
            },
            Self::Ed25519 => CryptographicParameters {
                cryptographic_algorithm: Some(CryptographicAlgorithm::Ed25519),
                ..none
            },
        }
    }

    /// What Cryptographic Parameters say, if they are those of a signature.
    pub(super) fn of_parameters(parameters: &CryptographicParameters) -> Option<Self> {
        use CryptographicAlgorithm as A;
        use DigitalSignatureAlgorithm as D;
        use HashingAlgorithm as H;
        let hash = parameters.hashing_algorithm;
        let pss = |hash: H| {
            let is_usual = parameters.mask_generator.is_none_or(|mask| mask == MaskGenerator::Mgf1)
                && parameters.mask_generator_hashing_algorithm.is_none_or(|mask_hash| mask_hash == hash)
                && parameters.salt_length.is_none_or(|salt| Some(salt) == length(hash))
                && parameters.trailer_field.is_none_or(|trailer| trailer == 1);
            is_usual.then_some(Self::RsaPss(hash))
        };
        match (parameters.digital_signature_algorithm, parameters.padding_method) {
            (Some(D::Sha256WithRsaEncryption), _) => Some(Self::RsaPkcs1(H::Sha256)),
            (Some(D::Sha384WithRsaEncryption), _) => Some(Self::RsaPkcs1(H::Sha384)),
            (Some(D::Sha512WithRsaEncryption), _) => Some(Self::RsaPkcs1(H::Sha512)),
            (Some(D::EcdsaWithSha256), _) => Some(Self::Ecdsa(H::Sha256)),
            (Some(D::EcdsaWithSha384), _) => Some(Self::Ecdsa(H::Sha384)),
            (Some(D::EcdsaWithSha512), _) => Some(Self::Ecdsa(H::Sha512)),
            (Some(D::RsassaPss), _) | (None, Some(PaddingMethod::Pss)) => pss(hash?),
            (None, Some(PaddingMethod::Pkcs1V1_5)) => Some(Self::RsaPkcs1(hash?)),
            (None, None) => match parameters.cryptographic_algorithm? {
                A::Ed25519 => Some(Self::Ed25519),
                A::Ec | A::Ecdsa => Some(Self::Ecdsa(hash?)),
                _ => None,
            },
            _ => None,
        }
    }
}

/// How long a hash is, in bytes.
fn length(hash: HashingAlgorithm) -> Option<i32> {
    match hash {
        HashingAlgorithm::Sha256 => Some(32),
        HashingAlgorithm::Sha384 => Some(48),
        HashingAlgorithm::Sha512 => Some(64),
        _ => None,
    }
}

/// A key that signs, if its private half is there, and verifies.
#[derive(Clone)]
pub(super) struct SigningKey {
    pub(super) public: PublicKey,
    pub(super) private: Option<PrivateKey>,
}

/// A key that signs and verifies in a mode.
pub(super) struct Signer<'a> {
    pub(super) mode: SignatureMode,
    pub(super) key: &'a SigningKey,
}

impl Signer<'_> {
    fn unsupported(&self) -> WrapError {
        WrapError::UnsupportedSignature { mode: self.mode }
    }

    fn rsa(&self, key: &RsaKeyPair, bytes: &[u8]) -> Result<Vec<u8>, WrapError> {
        use HashingAlgorithm as H;
        let encoding = match self.mode {
            SignatureMode::RsaPkcs1(H::Sha256) => &s::RSA_PKCS1_SHA256,
            SignatureMode::RsaPkcs1(H::Sha384) => &s::RSA_PKCS1_SHA384,
            SignatureMode::RsaPkcs1(H::Sha512) => &s::RSA_PKCS1_SHA512,
            SignatureMode::RsaPss(H::Sha256) => &s::RSA_PSS_SHA256,
            SignatureMode::RsaPss(H::Sha384) => &s::RSA_PSS_SHA384,
            SignatureMode::RsaPss(H::Sha512) => &s::RSA_PSS_SHA512,
            _ => return Err(self.unsupported()),
        };
        let mut signature = vec![0; key.public_modulus_len()];
        let signed = key.sign(encoding, &SystemRandom::new(), bytes, &mut signature);
        signed.map(|()| signature).map_err(|_| WrapError::Cryptography)
    }
}

impl Authentication<WrapError> for Signer<'_> {
    fn authenticate(&self, bytes: &[u8]) -> Result<Vec<u8>, WrapError> {
        use HashingAlgorithm as H;
        let key = self.key.private.as_ref().ok_or(WrapError::NoPrivateKey)?;
        let failed = || WrapError::Cryptography;
        if let (PrivateKey::Ec { curve: Curve::Ed25519, scalar }, SignatureMode::Ed25519) = (key, self.mode) {
            let pair = Ed25519KeyPair::from_seed_unchecked(scalar.reveal()).map_err(|_| failed())?;
            return Ok(pair.sign(bytes).as_ref().to_vec());
        }
        let Some(KeyMaterial::Bytes(pkcs8)) = key.to_material(KeyFormatType::Pkcs8) else {
            return Err(self.unsupported());
        };
        let algorithm = match (key, self.mode) {
            (PrivateKey::Rsa(_), _) => {
                return self.rsa(&RsaKeyPair::from_pkcs8(pkcs8.reveal()).map_err(|_| failed())?, bytes);
            }
            (PrivateKey::Ec { curve, .. }, SignatureMode::Ecdsa(hash)) => match (curve, hash) {
                (Curve::P256, H::Sha256) => &s::ECDSA_P256_SHA256_ASN1_SIGNING,
                (Curve::P384, H::Sha384) => &s::ECDSA_P384_SHA384_ASN1_SIGNING,
                (Curve::P521, H::Sha256) => &s::ECDSA_P521_SHA256_ASN1_SIGNING,
                (Curve::P521, H::Sha384) => &s::ECDSA_P521_SHA384_ASN1_SIGNING,
                (Curve::P521, H::Sha512) => &s::ECDSA_P521_SHA512_ASN1_SIGNING,
                (Curve::Secp256k1, H::Sha256) => &s::ECDSA_P256K1_SHA256_ASN1_SIGNING,
                _ => return Err(self.unsupported()),
            },
            _ => return Err(self.unsupported()),
        };
        let pair = EcdsaKeyPair::from_pkcs8(algorithm, pkcs8.reveal()).map_err(|_| failed())?;
        let signature = pair.sign(&SystemRandom::new(), bytes).map_err(|_| failed())?;
        Ok(signature.as_ref().to_vec())
    }

    fn is_authentic(&self, bytes: &[u8], code: &[u8]) -> Result<bool, WrapError> {
        use HashingAlgorithm as H;
        let key = &self.key.public;
        let algorithm: &'static dyn s::VerificationAlgorithm = match (key, self.mode) {
            (PublicKey::Rsa(_), SignatureMode::RsaPkcs1(H::Sha256)) => &s::RSA_PKCS1_2048_8192_SHA256,
            (PublicKey::Rsa(_), SignatureMode::RsaPkcs1(H::Sha384)) => &s::RSA_PKCS1_2048_8192_SHA384,
            (PublicKey::Rsa(_), SignatureMode::RsaPkcs1(H::Sha512)) => &s::RSA_PKCS1_2048_8192_SHA512,
            (PublicKey::Rsa(_), SignatureMode::RsaPss(H::Sha256)) => &s::RSA_PSS_2048_8192_SHA256,
            (PublicKey::Rsa(_), SignatureMode::RsaPss(H::Sha384)) => &s::RSA_PSS_2048_8192_SHA384,
            (PublicKey::Rsa(_), SignatureMode::RsaPss(H::Sha512)) => &s::RSA_PSS_2048_8192_SHA512,
            (PublicKey::Ec { curve, .. }, SignatureMode::Ecdsa(hash)) => match (curve, hash) {
                (Curve::P256, H::Sha256) => &s::ECDSA_P256_SHA256_ASN1,
                (Curve::P384, H::Sha384) => &s::ECDSA_P384_SHA384_ASN1,
                (Curve::P521, H::Sha256) => &s::ECDSA_P521_SHA256_ASN1,
                (Curve::P521, H::Sha384) => &s::ECDSA_P521_SHA384_ASN1,
                (Curve::P521, H::Sha512) => &s::ECDSA_P521_SHA512_ASN1,
                (Curve::Secp256k1, H::Sha256) => &s::ECDSA_P256K1_SHA256_ASN1,
                _ => return Err(self.unsupported()),
            },
            (PublicKey::Ec { curve: Curve::Ed25519, .. }, SignatureMode::Ed25519) => &s::ED25519,
            _ => return Err(self.unsupported()),
        };
        let bytes_of_key = match key {
            PublicKey::Rsa(pkcs1) => pkcs1,
            PublicKey::Ec { point, .. } => point,
            PublicKey::Group { .. } => return Err(self.unsupported()),
        };
        Ok(UnparsedPublicKey::new(algorithm, bytes_of_key).verify(bytes, code).is_ok())
    }
}
