//! Steps that say how a key is to be used: presets with the Cryptographic Parameters that servers want.

use kmip_types::ProtocolVersion;
use kmip_types::attribute::CryptographicParameters;
use kmip_types::enumerations::{
    BlockCipherMode, CryptographicAlgorithm, DigitalSignatureAlgorithm, HashingAlgorithm, MaskGenerator,
    PaddingMethod,
};
use kmip_types::operation::{
    DecryptRequest, DeriveKeyRequest, EncryptRequest, MacRequest, MacVerifyRequest, SignRequest,
    SignatureVerifyRequest,
};

use super::Refine;
use crate::client::{Call, Driver};

/// How long the tag of AES-GCM and ChaCha20-Poly1305 is, in bytes.
const TAG_LENGTH: i32 = 16;

/// A request that says how a key is to be used.
pub trait TakesParameters {
    /// The parameters.
    #[doc(hidden)]
    fn parameters_mut(&mut self) -> &mut CryptographicParameters;
}

impl TakesParameters for DeriveKeyRequest {
    fn parameters_mut(&mut self) -> &mut CryptographicParameters {
        self.derivation_parameters.cryptographic_parameters.get_or_insert_default()
    }
}

/// What a key is derived from may be encrypted.
impl Enciphers for DeriveKeyRequest {}

/// A request that encrypts or decrypts.
pub trait Enciphers: TakesParameters {}

/// A request that encrypts or decrypts data of its own.
pub trait TakesVector: Enciphers {
    /// The initialization vector, counter or nonce.
    #[doc(hidden)]
    fn iv_mut(&mut self) -> &mut Option<Vec<u8>>;

    /// The data that is authenticated and not encrypted.
    #[doc(hidden)]
    fn additional_data_mut(&mut self) -> &mut Option<Vec<u8>>;
}

/// A request that signs or verifies a signature.
pub trait Signs: TakesParameters {}

/// A request that makes or verifies a message authentication code.
pub trait Authenticates: TakesParameters {}

macro_rules! takes_parameters {
    ($($kind:ident: $($request:ident),*;)*) => { $( $(
        impl TakesParameters for $request {
            fn parameters_mut(&mut self) -> &mut CryptographicParameters {
                self.cryptographic_parameters.get_or_insert_default()
            }
        }

        impl $kind for $request {}
    )* )* };
}

takes_parameters! {
    Enciphers: EncryptRequest, DecryptRequest;
    Signs: SignRequest, SignatureVerifyRequest;
    Authenticates: MacRequest, MacVerifyRequest;
}

macro_rules! takes_vector {
    ($($request:ident),*) => { $(
        impl TakesVector for $request {
            fn iv_mut(&mut self) -> &mut Option<Vec<u8>> {
                &mut self.iv_counter_nonce
            }

            fn additional_data_mut(&mut self) -> &mut Option<Vec<u8>> {
                &mut self.authenticated_encryption_additional_data
            }
        }
    )* };
}

takes_vector!(EncryptRequest, DecryptRequest);

/// How the key is to be used. What is not said is as the key's attributes say.
impl<D: Driver, A> Call<'_, D, A>
where
    A: Refine,
    A::Request: TakesParameters,
{
    /// Sets the Cryptographic Parameters, in place of what earlier steps said of them.
    pub fn cryptographic_parameters(self, parameters: impl Into<Box<CryptographicParameters>>) -> Self {
        let parameters = *parameters.into();
        self.with_parameters(|all| *all = parameters)
    }

    pub(crate) fn with_parameters(self, change: impl FnOnce(&mut CryptographicParameters)) -> Self {
        self.asking(|ask| ask.refine(|request| change(request.parameters_mut())))
    }
}

/// What the data is to be encrypted or decrypted with, beside the key.
impl<D: Driver, A> Call<'_, D, A>
where
    A: Refine,
    A::Request: TakesVector,
{
    /// Sets the initialization vector, counter or nonce. With AES-GCM and CTR, one that was used to encrypt with the key
    /// before betrays both messages.
    pub fn iv_counter_nonce(self, iv_counter_nonce: impl Into<Vec<u8>>) -> Self {
        let iv = iv_counter_nonce.into();
        self.asking(|ask| ask.refine(|request| *request.iv_mut() = Some(iv)))
    }

    /// Sets the data that is authenticated and not encrypted; [`aad`](Self::aad) for short. Since KMIP 1.4.
    pub fn authenticated_encryption_additional_data(self, data: impl Into<Vec<u8>>) -> Self {
        let data = data.into();
        self.asking(|ask| ask.refine(|request| *request.additional_data_mut() = Some(data)))
    }

    /// Sets the data that is authenticated and not encrypted. Since KMIP 1.4.
    pub fn aad(self, data: impl AsRef<[u8]>) -> Self {
        self.authenticated_encryption_additional_data(data.as_ref())
    }
}

/// How the key is to encrypt or decrypt.
impl<D: Driver, A> Call<'_, D, A>
where
    A: Refine,
    A::Request: Enciphers,
{
    /// AES in Galois/Counter Mode, with a tag of 16 bytes.
    pub fn aes_gcm(self) -> Self {
        self.with_parameters(set_gcm)
    }

    /// AES in Cipher Block Chaining mode, with the padding of PKCS #5. It keeps data secret, and does not notice that
    /// somebody changed it.
    pub fn aes_cbc(self) -> Self {
        self.with_parameters(|all| {
            all.cryptographic_algorithm = Some(CryptographicAlgorithm::Aes);
            all.block_cipher_mode = Some(BlockCipherMode::Cbc);
            all.padding_method = Some(PaddingMethod::Pkcs5);
        })
    }

    /// AES in Counter mode. It keeps data secret, and does not notice that somebody changed it.
    pub fn aes_ctr(self) -> Self {
        self.with_parameters(|all| {
            all.cryptographic_algorithm = Some(CryptographicAlgorithm::Aes);
            all.block_cipher_mode = Some(BlockCipherMode::Ctr);
        })
    }

    /// ChaCha20-Poly1305, with a tag of 16 bytes. Since KMIP 1.4.
    pub fn chacha20_poly1305(self) -> Self {
        self.with_parameters(|all| {
            all.cryptographic_algorithm = Some(CryptographicAlgorithm::ChaCha20Poly1305);
            all.tag_length = Some(TAG_LENGTH);
        })
    }

    /// RSA with Optimal Asymmetric Encryption Padding, with this hash for the label and, where the version can say it (since KMIP
    /// 1.4), the mask.
    pub fn rsa_oaep(self, hash: HashingAlgorithm) -> Self {
        self.with_parameters(|all| {
            all.cryptographic_algorithm = Some(CryptographicAlgorithm::Rsa);
            all.padding_method = Some(PaddingMethod::Oaep);
            all.hashing_algorithm = Some(hash);
            all.mask_generator = Some(MaskGenerator::Mgf1);
            all.mask_generator_hashing_algorithm = Some(hash);
        })
    }

    /// RSA with the padding of PKCS #1 v1.5, for what is old: who can ask a server to decrypt many messages may learn
    /// one from its failures.
    pub fn rsa_pkcs1_v1_5(self) -> Self {
        self.with_parameters(|all| {
            all.cryptographic_algorithm = Some(CryptographicAlgorithm::Rsa);
            all.padding_method = Some(PaddingMethod::Pkcs1V1_5);
        })
    }
}

/// How the key is to sign or verify.
impl<D: Driver, A> Call<'_, D, A>
where
    A: Refine,
    A::Request: Signs,
{
    /// RSA with the Probabilistic Signature Scheme, with this hash for the data and, where the version can say it (since
    /// KMIP 1.4), the mask.
    pub fn rsa_pss(self, hash: HashingAlgorithm) -> Self {
        self.with_parameters(|all| {
            all.cryptographic_algorithm = Some(CryptographicAlgorithm::Rsa);
            all.padding_method = Some(PaddingMethod::Pss);
            all.hashing_algorithm = Some(hash);
            all.mask_generator = Some(MaskGenerator::Mgf1);
            all.mask_generator_hashing_algorithm = Some(hash);
        })
    }

    /// RSA with the padding of PKCS #1 v1.5 and this hash.
    pub fn rsa_pkcs1_v1_5_signature(self, hash: HashingAlgorithm) -> Self {
        self.with_parameters(|all| {
            all.cryptographic_algorithm = Some(CryptographicAlgorithm::Rsa);
            all.padding_method = Some(PaddingMethod::Pkcs1V1_5);
            all.hashing_algorithm = Some(hash);
        })
    }

    /// ECDSA with this hash.
    pub fn ecdsa(self, hash: HashingAlgorithm) -> Self {
        self.with_parameters(|all| {
            all.cryptographic_algorithm = Some(CryptographicAlgorithm::Ecdsa);
            all.hashing_algorithm = Some(hash);
        })
    }

    /// A Digital Signature Algorithm by its name, which says key and hash.
    pub fn digital_signature_algorithm(self, algorithm: DigitalSignatureAlgorithm) -> Self {
        self.with_parameters(|all| all.digital_signature_algorithm = Some(algorithm))
    }

    /// Ed25519, which hashes by itself. Since KMIP 2.0.
    pub fn ed25519(self) -> Self {
        self.with_parameters(|all| all.cryptographic_algorithm = Some(CryptographicAlgorithm::Ed25519))
    }
}

/// How the key is to authenticate.
impl<D: Driver, A> Call<'_, D, A>
where
    A: Refine,
    A::Request: Authenticates,
{
    /// HMAC with this hash.
    pub fn hmac(self, hash: HashingAlgorithm) -> Self {
        self.with_parameters(|all| {
            all.cryptographic_algorithm = hmac_with(hash);
            all.hashing_algorithm = Some(hash);
        })
    }

    /// CMAC with AES.
    pub fn aes_cmac(self) -> Self {
        self.with_parameters(|all| {
            all.cryptographic_algorithm = Some(CryptographicAlgorithm::Aes);
            all.block_cipher_mode = Some(BlockCipherMode::Cmac);
        })
    }
}

/// AES in Galois/Counter Mode.
pub(super) fn gcm() -> CryptographicParameters {
    let mut parameters = CryptographicParameters::default();
    set_gcm(&mut parameters);
    parameters
}

fn set_gcm(parameters: &mut CryptographicParameters) {
    parameters.cryptographic_algorithm = Some(CryptographicAlgorithm::Aes);
    parameters.block_cipher_mode = Some(BlockCipherMode::Gcm);
    parameters.tag_length = Some(TAG_LENGTH);
}

/// The algorithm of HMAC with a hash, if the standard has a name for it.
pub(super) fn hmac_with(hash: HashingAlgorithm) -> Option<CryptographicAlgorithm> {
    Some(match hash {
        HashingAlgorithm::Md5 => CryptographicAlgorithm::HmacMd5,
        HashingAlgorithm::Sha1 => CryptographicAlgorithm::HmacSha1,
        HashingAlgorithm::Sha224 => CryptographicAlgorithm::HmacSha224,
        HashingAlgorithm::Sha256 => CryptographicAlgorithm::HmacSha256,
        HashingAlgorithm::Sha384 => CryptographicAlgorithm::HmacSha384,
        HashingAlgorithm::Sha512 => CryptographicAlgorithm::HmacSha512,
        HashingAlgorithm::Sha3_224 => CryptographicAlgorithm::HmacSha3_224,
        HashingAlgorithm::Sha3_256 => CryptographicAlgorithm::HmacSha3_256,
        HashingAlgorithm::Sha3_384 => CryptographicAlgorithm::HmacSha3_384,
        HashingAlgorithm::Sha3_512 => CryptographicAlgorithm::HmacSha3_512,
        _ => return None,
    })
}

/// Leaves out what only the presets say, where the version has no word for it.
pub(super) fn suit(parameters: &mut CryptographicParameters, version: ProtocolVersion) {
    if !version.is_at_least(ProtocolVersion::V1_4)
        && parameters.mask_generator_hashing_algorithm == parameters.hashing_algorithm
    {
        parameters.mask_generator = None;
        parameters.mask_generator_hashing_algorithm = None;
    }
}
