//! How a key is wrapped, and the words of the standard for it.

use core::fmt;

use kmip_types::ProtocolVersion;
use kmip_types::attribute::{CryptographicParameters, UniqueIdentifier};
use kmip_types::enumerations::{
    BlockCipherMode, CryptographicAlgorithm, EncodingOption, HashingAlgorithm, PaddingMethod, WrappingMethod,
};
use kmip_types::object::{
    EncryptionKeyInformation, KeyWrappingData, KeyWrappingSpecification, MacSignatureKeyInformation,
};

use super::block::{Steps, encoding_of};
use super::{SignatureMode, VERSION, WrapError};

/// How a key wraps others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum WrapMode {
    /// AES Key Wrap (RFC 3394, KW of NIST SP 800-38F): whole blocks of 8 bytes, at least two.
    AesKeyWrap,
    /// AES Key Wrap with Padding (RFC 5649, KWP of NIST SP 800-38F): any bytes but none.
    AesKeyWrapWithPadding,
    /// AES-GCM (NIST SP 800-38D) with a nonce of 12 bytes that is made by chance and a tag of 16: any bytes.
    AesGcm,
    /// RSA with OAEP (RFC 8017 section 7.1), whose mask is by the same hash: SHA-1, SHA-256, SHA-384 or SHA-512.
    RsaOaep(HashingAlgorithm),
    /// RSA with OAEP whose mask is by another hash than what is padded: any two of SHA-1, SHA-2 and SHA-3.
    RsaOaepWithMask {
        /// The hash of what is padded (Hashing Algorithm).
        hash: HashingAlgorithm,
        /// The hash of the mask (Mask Generator Hashing Algorithm, since KMIP 1.4).
        mask_hash: HashingAlgorithm,
    },
    /// RSA with the padding of PKCS#1 version 1.5 (RFC 8017 section 7.2).
    RsaPkcs1,
}

impl WrapMode {
    /// The Cryptographic Parameters that say so.
    pub(super) fn parameters(self) -> CryptographicParameters {
        let (hash, mask_hash) = match self {
            Self::RsaOaep(hash) => (Some(hash), Some(hash)),
            Self::RsaOaepWithMask { hash, mask_hash } => (Some(hash), Some(mask_hash)),
            _ => (None, None),
        };
        CryptographicParameters {
            block_cipher_mode: match self {
                Self::AesKeyWrap => Some(BlockCipherMode::NistKeyWrap),
                Self::AesKeyWrapWithPadding => Some(BlockCipherMode::AesKeyWrapPadding),
                Self::AesGcm => Some(BlockCipherMode::Gcm),
                Self::RsaOaep(_) | Self::RsaOaepWithMask { .. } | Self::RsaPkcs1 => None,
            },
            padding_method: match self {
                Self::RsaOaep(_) | Self::RsaOaepWithMask { .. } => Some(PaddingMethod::Oaep),
                Self::RsaPkcs1 => Some(PaddingMethod::Pkcs1V1_5),
                _ => None,
            },
            hashing_algorithm: hash,
            // SHA-1 is the default, and there is a field for another since KMIP 1.4.
            mask_generator_hashing_algorithm: mask_hash.filter(|hash| *hash != HashingAlgorithm::Sha1),
            // There is no default for it. In bytes; since KMIP 1.2.
            tag_length: (self == Self::AesGcm).then_some(TAG_LENGTH),
            ..CryptographicParameters::default()
        }
    }

    /// OAEP with these hashes.
    fn oaep(hash: HashingAlgorithm, mask_hash: HashingAlgorithm) -> Self {
        if hash == mask_hash { Self::RsaOaep(hash) } else { Self::RsaOaepWithMask { hash, mask_hash } }
    }

    fn of_parameters(parameters: &CryptographicParameters) -> Result<Self, WrapError> {
        match parameters.block_cipher_mode {
            None if parameters.padding_method == Some(PaddingMethod::Pkcs1V1_5) => Ok(Self::RsaPkcs1),
            None if parameters.padding_method == Some(PaddingMethod::Oaep) => {
                let hash = parameters.hashing_algorithm.unwrap_or(HashingAlgorithm::Sha1);
                let mask_hash = parameters.mask_generator_hashing_algorithm.unwrap_or(HashingAlgorithm::Sha1);
                let is_plain = parameters.p_source.as_ref().is_none_or(Vec::is_empty);
                match is_plain {
                    true => Ok(Self::oaep(hash, mask_hash)),
                    false => Err(WrapError::UnsupportedMode { mode: None }),
                }
            }
            Some(BlockCipherMode::NistKeyWrap) => Ok(Self::AesKeyWrap),
            Some(BlockCipherMode::AesKeyWrapPadding) => Ok(Self::AesKeyWrapWithPadding),
            Some(BlockCipherMode::Gcm) if parameters.tag_length.is_none_or(|length| length == TAG_LENGTH) => {
                Ok(Self::AesGcm)
            }
            mode => Err(WrapError::UnsupportedMode { mode }),
        }
    }

    /// How long its nonce is, in bytes.
    pub(super) fn nonce_length(self) -> usize {
        match self {
            Self::AesGcm => 12,
            _ => 0,
        }
    }
}

/// How long the tag of AES-GCM is, in bytes.
const TAG_LENGTH: i32 = 16;

impl fmt::Display for WrapMode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::RsaOaep(hash) => return write!(f, "RSA with OAEP ({hash})"),
            Self::RsaOaepWithMask { hash, mask_hash } => {
                return write!(f, "RSA with OAEP ({hash}, and {mask_hash} for the mask)");
            }
            Self::RsaPkcs1 => "RSA with PKCS#1 v1.5",
            Self::AesKeyWrap => "AES Key Wrap (RFC 3394)",
            Self::AesKeyWrapWithPadding => "AES Key Wrap with Padding (RFC 5649)",
            Self::AesGcm => "AES-GCM",
        })
    }
}

/// How a MAC is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum MacMode {
    /// HMAC (RFC 2104), with SHA-1 or a hash of SHA-2.
    Hmac(HashingAlgorithm),
    /// CMAC (NIST SP 800-38B) with AES.
    Cmac,
}

impl MacMode {
    fn parameters(self) -> CryptographicParameters {
        use CryptographicAlgorithm as A;
        use HashingAlgorithm as H;
        let cryptographic_algorithm = match self {
            Self::Hmac(H::Sha1) => Some(A::HmacSha1),
            Self::Hmac(H::Sha224) => Some(A::HmacSha224),
            Self::Hmac(H::Sha256) => Some(A::HmacSha256),
            Self::Hmac(H::Sha384) => Some(A::HmacSha384),
            Self::Hmac(H::Sha512) => Some(A::HmacSha512),
            Self::Hmac(_) => None,
            Self::Cmac => Some(A::Aes),
        };
        CryptographicParameters {
            cryptographic_algorithm,
            block_cipher_mode: (self == Self::Cmac).then_some(BlockCipherMode::Cmac),
            ..CryptographicParameters::default()
        }
    }

    fn of_parameters(parameters: &CryptographicParameters) -> Result<Self, WrapError> {
        use CryptographicAlgorithm as A;
        use HashingAlgorithm as H;
        match (parameters.block_cipher_mode, parameters.cryptographic_algorithm) {
            (Some(BlockCipherMode::Cmac), None | Some(A::Aes)) => Ok(Self::Cmac),
            (None, Some(A::HmacSha1)) => Ok(Self::Hmac(H::Sha1)),
            (None, Some(A::HmacSha224)) => Ok(Self::Hmac(H::Sha224)),
            (None, Some(A::HmacSha256)) => Ok(Self::Hmac(H::Sha256)),
            (None, Some(A::HmacSha384)) => Ok(Self::Hmac(H::Sha384)),
            (None, Some(A::HmacSha512)) => Ok(Self::Hmac(H::Sha512)),
            _ => Err(WrapError::UnsupportedMac { mode: None }),
        }
    }
}

/// How what is wrapped is authenticated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum AuthenticationMode {
    Mac(MacMode),
    Signature(SignatureMode),
}

impl AuthenticationMode {
    fn parameters(self, version: ProtocolVersion) -> CryptographicParameters {
        match self {
            Self::Mac(mode) => mode.parameters(),
            Self::Signature(mode) => mode.parameters(version.is_at_least(ProtocolVersion::V1_4)),
        }
    }

    fn of_parameters(parameters: &CryptographicParameters) -> Result<Self, WrapError> {
        match SignatureMode::of_parameters(parameters) {
            Some(mode) => Ok(Self::Signature(mode)),
            None => MacMode::of_parameters(parameters).map(Self::Mac),
        }
    }
}

/// A MAC or a signature: by which key, how, and of what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Authenticated {
    pub(super) identifier: UniqueIdentifier,
    pub(super) mode: AuthenticationMode,
    method: WrappingMethod,
}

/// How a key is to be wrapped: by which mode, and in which encoding.
///
/// Without a word it is No Encoding: what is wrapped are the bytes of the key material. That is what most servers have,
/// and since KMIP 1.1. With [`ttlv_encoding`](Self::ttlv_encoding) it is the Key Value as TTLV, which transparent keys and
/// keys with attributes need.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrapping {
    pub(super) mode: Option<WrapMode>,
    pub(super) authenticated: Option<Authenticated>,
    pub(super) encoding: EncodingOption,
    pub(super) version: ProtocolVersion,
}

impl Wrapping {
    /// By AES Key Wrap (RFC 3394).
    pub fn aes_key_wrap() -> Self {
        Self::by(WrapMode::AesKeyWrap)
    }

    /// By AES Key Wrap with Padding (RFC 5649).
    pub fn aes_key_wrap_with_padding() -> Self {
        Self::by(WrapMode::AesKeyWrapWithPadding)
    }

    /// By AES-GCM.
    pub fn aes_gcm() -> Self {
        Self::by(WrapMode::AesGcm)
    }

    /// By RSA with OAEP, whose mask is by the same hash: SHA-1, SHA-256, SHA-384 or SHA-512.
    pub fn rsa_oaep(hash: HashingAlgorithm) -> Self {
        Self::by(WrapMode::RsaOaep(hash))
    }

    /// By RSA with OAEP, whose mask is by a hash of its own: any two of SHA-1, SHA-2 and SHA-3.
    pub fn rsa_oaep_with_mask(hash: HashingAlgorithm, mask_hash: HashingAlgorithm) -> Self {
        Self::by(WrapMode::oaep(hash, mask_hash))
    }

    /// By RSA with the padding of PKCS#1 version 1.5.
    pub fn rsa_pkcs1() -> Self {
        Self::by(WrapMode::RsaPkcs1)
    }

    /// By this mode.
    pub fn by(mode: WrapMode) -> Self {
        Self { mode: Some(mode), authenticated: None, encoding: EncodingOption::NoEncoding, version: VERSION }
    }

    /// With a MAC by the key of this identifier, and not encrypted: the Wrapping Method MAC/sign.
    pub fn mac(key: impl Into<UniqueIdentifier>, mode: MacMode) -> Self {
        Self::authenticated_only(key.into(), AuthenticationMode::Mac(mode))
    }

    /// With a signature by the key of this identifier, and not encrypted: the Wrapping Method MAC/sign.
    pub fn signature(key: impl Into<UniqueIdentifier>, mode: SignatureMode) -> Self {
        Self::authenticated_only(key.into(), AuthenticationMode::Signature(mode))
    }

    fn authenticated_only(identifier: UniqueIdentifier, mode: AuthenticationMode) -> Self {
        let none =
            Self { mode: None, authenticated: None, encoding: EncodingOption::NoEncoding, version: VERSION };
        none.with(identifier, mode, WrappingMethod::MacSign)
    }

    fn with(self, identifier: UniqueIdentifier, mode: AuthenticationMode, method: WrappingMethod) -> Self {
        Self { authenticated: Some(Authenticated { identifier, mode, method }), ..self }
    }

    /// With a MAC of what is encrypted, by the key of this identifier: the Wrapping Method Encrypt then MAC/sign.
    #[must_use]
    pub fn then_mac(self, key: impl Into<UniqueIdentifier>, mode: MacMode) -> Self {
        self.with(key.into(), AuthenticationMode::Mac(mode), WrappingMethod::EncryptThenMacSign)
    }

    /// With a signature of what is encrypted, by the key of this identifier: the Wrapping Method Encrypt then MAC/sign.
    #[must_use]
    pub fn then_sign(self, key: impl Into<UniqueIdentifier>, mode: SignatureMode) -> Self {
        self.with(key.into(), AuthenticationMode::Signature(mode), WrappingMethod::EncryptThenMacSign)
    }

    /// With a signature of what is to be encrypted, by the key of this identifier: the Wrapping Method MAC/sign then
    /// encrypt. The signature itself is not encrypted.
    #[must_use]
    pub fn sign_first(self, key: impl Into<UniqueIdentifier>, mode: SignatureMode) -> Self {
        self.with(key.into(), AuthenticationMode::Signature(mode), WrappingMethod::MacSignThenEncrypt)
    }

    /// With a MAC of what is to be encrypted, by the key of this identifier: the Wrapping Method MAC/sign then encrypt.
    /// The MAC itself is not encrypted.
    #[must_use]
    pub fn mac_first(self, key: impl Into<UniqueIdentifier>, mode: MacMode) -> Self {
        self.with(key.into(), AuthenticationMode::Mac(mode), WrappingMethod::MacSignThenEncrypt)
    }

    /// The Wrapping Method.
    fn method(&self) -> WrappingMethod {
        match (&self.authenticated, self.mode) {
            (None, _) => WrappingMethod::Encrypt,
            (Some(_), None) => WrappingMethod::MacSign,
            (Some(authenticated), Some(_)) => authenticated.method,
        }
    }

    /// Encoded as TTLV before it is wrapped, with the attributes in the key value.
    #[must_use]
    pub fn ttlv_encoding(mut self) -> Self {
        self.encoding = EncodingOption::TtlvEncoding;
        self
    }

    /// In the form of this version of the protocol, which counts where attributes are encoded, and for version 1.0, which
    /// has no Encoding Option. If it is not said: 1.4.
    #[must_use]
    pub fn in_version(mut self, version: ProtocolVersion) -> Self {
        self.version = version;
        self
    }

    /// The mode, unless there is a MAC or a signature only.
    pub fn mode(&self) -> Option<WrapMode> {
        self.mode
    }

    /// The Key Wrapping Specification that asks a server to wrap so by the key of this identifier. Names of attributes
    /// to wrap with the key go into its `attribute_name`, and need [`ttlv_encoding`](Self::ttlv_encoding).
    pub fn specification(&self, wrapping_key: impl Into<UniqueIdentifier>) -> KeyWrappingSpecification {
        KeyWrappingSpecification {
            wrapping_method: self.method(),
            encryption_key_information: self.mode.map(|mode| EncryptionKeyInformation {
                unique_identifier: wrapping_key.into(),
                cryptographic_parameters: Some(Box::new(mode.parameters())),
            }),
            mac_signature_key_information: self.authenticated.as_ref().map(|by| MacSignatureKeyInformation {
                unique_identifier: by.identifier.clone(),
                cryptographic_parameters: Some(Box::new(by.mode.parameters(self.version))),
            }),
            attribute_name: Vec::new(),
            encoding_option: self.encoding_option(),
        }
    }

    /// What a Key Wrapping Specification asks for; in the mode `usual` where it has no Cryptographic Parameters.
    ///
    /// # Errors
    /// It asks for what is not done here: TR-31 or a vendor's method, another mode, or another MAC or signature.
    pub fn of_specification(
        specification: &KeyWrappingSpecification,
        usual: Option<WrapMode>,
    ) -> Result<Self, WrapError> {
        Self::read(
            specification.wrapping_method,
            specification.encryption_key_information.as_ref(),
            specification.mac_signature_key_information.as_ref(),
            specification.encoding_option,
            usual,
        )
    }

    /// How Key Wrapping Data say that a key is wrapped.
    pub(super) fn of_data(data: &KeyWrappingData, usual: Option<WrapMode>) -> Result<Self, WrapError> {
        Self::read(
            data.wrapping_method,
            data.encryption_key_information.as_ref(),
            data.mac_signature_key_information.as_ref(),
            data.encoding_option,
            usual,
        )
    }

    fn read(
        method: WrappingMethod,
        key: Option<&EncryptionKeyInformation>,
        mac_key: Option<&MacSignatureKeyInformation>,
        encoding: Option<EncodingOption>,
        usual: Option<WrapMode>,
    ) -> Result<Self, WrapError> {
        let steps = Steps::of(method)?;
        let mode = match steps.encrypts {
            true => Some(Self::read_mode(key.ok_or(WrapError::NoKeyInformation)?, usual)?),
            false => None,
        };
        let authenticated = match steps.authenticates {
            true => {
                let information = mac_key.ok_or(WrapError::NoAuthenticationKey)?;
                let parameters = information.cryptographic_parameters.as_deref();
                let mode = parameters.ok_or(WrapError::UnsupportedMac { mode: None })?;
                let mode = AuthenticationMode::of_parameters(mode)?;
                Some(Authenticated { identifier: information.unique_identifier.clone(), mode, method })
            }
            false => None,
        };
        Ok(Self { mode, authenticated, encoding: encoding_of(encoding)?, version: VERSION })
    }

    fn read_mode(
        information: &EncryptionKeyInformation,
        usual: Option<WrapMode>,
    ) -> Result<WrapMode, WrapError> {
        match (&information.cryptographic_parameters, usual) {
            (Some(parameters), Some(usual))
                if parameters.block_cipher_mode.is_none() && parameters.padding_method.is_none() =>
            {
                Ok(usual)
            }
            (Some(parameters), _) => WrapMode::of_parameters(parameters),
            (None, Some(usual)) => Ok(usual),
            (None, None) => Err(WrapError::UnsupportedMode { mode: None }),
        }
    }

    pub(super) fn encoding_option(&self) -> Option<EncodingOption> {
        let is_default = self.encoding == EncodingOption::TtlvEncoding;
        let is_said = self.version.is_at_least(ProtocolVersion::V1_1) || !is_default;
        is_said.then_some(self.encoding)
    }
}
