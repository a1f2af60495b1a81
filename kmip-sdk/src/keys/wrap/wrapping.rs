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
use super::{VERSION, WrapError};

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
    /// RSA with the padding of PKCS#1 version 1.5 (RFC 8017 section 7.2).
    RsaPkcs1,
}

impl WrapMode {
    /// The Cryptographic Parameters that say so.
    pub(super) fn parameters(self) -> CryptographicParameters {
        let hash = match self {
            Self::RsaOaep(hash) => Some(hash),
            _ => None,
        };
        CryptographicParameters {
            block_cipher_mode: match self {
                Self::AesKeyWrap => Some(BlockCipherMode::NistKeyWrap),
                Self::AesKeyWrapWithPadding => Some(BlockCipherMode::AesKeyWrapPadding),
                Self::AesGcm => Some(BlockCipherMode::Gcm),
                Self::RsaOaep(_) | Self::RsaPkcs1 => None,
            },
            padding_method: match self {
                Self::RsaOaep(_) => Some(PaddingMethod::Oaep),
                Self::RsaPkcs1 => Some(PaddingMethod::Pkcs1V1_5),
                _ => None,
            },
            hashing_algorithm: hash,
            // SHA-1 is the default, and there is a field for another since KMIP 1.4.
            mask_generator_hashing_algorithm: hash.filter(|hash| *hash != HashingAlgorithm::Sha1),
            // There is no default for it. In bytes; since KMIP 1.2.
            tag_length: (self == Self::AesGcm).then_some(TAG_LENGTH),
            ..CryptographicParameters::default()
        }
    }

    fn of_parameters(parameters: &CryptographicParameters) -> Result<Self, WrapError> {
        match parameters.block_cipher_mode {
            None if parameters.padding_method == Some(PaddingMethod::Pkcs1V1_5) => Ok(Self::RsaPkcs1),
            None if parameters.padding_method == Some(PaddingMethod::Oaep) => {
                let hash = parameters.hashing_algorithm.unwrap_or(HashingAlgorithm::Sha1);
                let mask_hash = parameters.mask_generator_hashing_algorithm.unwrap_or(HashingAlgorithm::Sha1);
                let is_plain = parameters.p_source.as_ref().is_none_or(Vec::is_empty);
                match mask_hash == hash && is_plain {
                    true => Ok(Self::RsaOaep(hash)),
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

/// A MAC: by which key, how, and of what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Mac {
    pub(super) identifier: UniqueIdentifier,
    pub(super) mode: MacMode,
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
    pub(super) mac: Option<Mac>,
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

    /// By RSA with the padding of PKCS#1 version 1.5.
    pub fn rsa_pkcs1() -> Self {
        Self::by(WrapMode::RsaPkcs1)
    }

    /// By this mode.
    pub fn by(mode: WrapMode) -> Self {
        Self { mode: Some(mode), mac: None, encoding: EncodingOption::NoEncoding, version: VERSION }
    }

    /// With a MAC by the key of this identifier, and not encrypted: the Wrapping Method MAC/sign.
    pub fn mac(key: impl Into<UniqueIdentifier>, mode: MacMode) -> Self {
        let mac = Mac { identifier: key.into(), mode, method: WrappingMethod::MacSign };
        Self { mode: None, mac: Some(mac), encoding: EncodingOption::NoEncoding, version: VERSION }
    }

    /// With a MAC of what is encrypted, by the key of this identifier: the Wrapping Method Encrypt then MAC/sign.
    #[must_use]
    pub fn then_mac(self, key: impl Into<UniqueIdentifier>, mode: MacMode) -> Self {
        let method = WrappingMethod::EncryptThenMacSign;
        Self { mac: Some(Mac { identifier: key.into(), mode, method }), ..self }
    }

    /// With a MAC of what is to be encrypted, by the key of this identifier: the Wrapping Method MAC/sign then encrypt.
    /// The MAC itself is not encrypted.
    #[must_use]
    pub fn mac_first(self, key: impl Into<UniqueIdentifier>, mode: MacMode) -> Self {
        let method = WrappingMethod::MacSignThenEncrypt;
        Self { mac: Some(Mac { identifier: key.into(), mode, method }), ..self }
    }

    /// The Wrapping Method.
    fn method(&self) -> WrappingMethod {
        match (&self.mac, self.mode) {
            (None, _) => WrappingMethod::Encrypt,
            (Some(_), None) => WrappingMethod::MacSign,
            (Some(mac), Some(_)) => mac.method,
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

    /// The mode, unless there is a MAC only.
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
            mac_signature_key_information: self.mac.as_ref().map(|mac| MacSignatureKeyInformation {
                unique_identifier: mac.identifier.clone(),
                cryptographic_parameters: Some(Box::new(mac.mode.parameters())),
            }),
            attribute_name: Vec::new(),
            encoding_option: self.encoding_option(),
        }
    }

    /// What a Key Wrapping Specification asks for; in the mode `usual` where it has no Cryptographic Parameters.
    ///
    /// # Errors
    /// It asks for what is not done here: TR-31 or a vendor's method, another mode, or a signature.
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
        let mac = match steps.authenticates {
            true => {
                let information = mac_key.ok_or(WrapError::NoAuthenticationKey)?;
                let parameters = information.cryptographic_parameters.as_deref();
                let mode = parameters.ok_or(WrapError::UnsupportedMac { mode: None })?;
                let mode = MacMode::of_parameters(mode)?;
                Some(Mac { identifier: information.unique_identifier.clone(), mode, method })
            }
            false => None,
        };
        Ok(Self { mode, mac, encoding: encoding_of(encoding)?, version: VERSION })
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
