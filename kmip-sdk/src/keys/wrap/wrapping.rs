//! How a key is wrapped, and the words of the standard for it.

use core::fmt;

use kmip_types::ProtocolVersion;
use kmip_types::attribute::{CryptographicParameters, UniqueIdentifier};
use kmip_types::enumerations::{BlockCipherMode, EncodingOption, WrappingMethod};
use kmip_types::object::{EncryptionKeyInformation, KeyWrappingData, KeyWrappingSpecification};

use super::{VERSION, WrapError};

/// How AES wraps keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum WrapMode {
    /// AES Key Wrap (RFC 3394, KW of NIST SP 800-38F): whole blocks of 8 bytes, at least two.
    AesKeyWrap,
    /// AES Key Wrap with Padding (RFC 5649, KWP of NIST SP 800-38F): any bytes but none.
    AesKeyWrapWithPadding,
    /// AES-GCM (NIST SP 800-38D) with a nonce of 12 bytes that is made by chance and a tag of 16: any bytes.
    AesGcm,
}

impl WrapMode {
    /// The Cryptographic Parameters that say so.
    pub(super) fn parameters(self) -> CryptographicParameters {
        CryptographicParameters {
            block_cipher_mode: Some(match self {
                Self::AesKeyWrap => BlockCipherMode::NistKeyWrap,
                Self::AesKeyWrapWithPadding => BlockCipherMode::AesKeyWrapPadding,
                Self::AesGcm => BlockCipherMode::Gcm,
            }),
            // There is no default for it. In bytes; since KMIP 1.2.
            tag_length: (self == Self::AesGcm).then_some(TAG_LENGTH),
            ..CryptographicParameters::default()
        }
    }

    fn of_parameters(parameters: &CryptographicParameters) -> Result<Self, WrapError> {
        match parameters.block_cipher_mode {
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
            Self::AesKeyWrap | Self::AesKeyWrapWithPadding => 0,
            Self::AesGcm => 12,
        }
    }
}

/// How long the tag of AES-GCM is, in bytes.
const TAG_LENGTH: i32 = 16;

impl fmt::Display for WrapMode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::AesKeyWrap => "AES Key Wrap (RFC 3394)",
            Self::AesKeyWrapWithPadding => "AES Key Wrap with Padding (RFC 5649)",
            Self::AesGcm => "AES-GCM",
        })
    }
}

/// How a key is to be wrapped: by which mode, and in which encoding.
///
/// Without a word it is No Encoding: what is wrapped are the bytes of the key material. That is what most servers have,
/// and since KMIP 1.1. With [`ttlv_encoding`](Self::ttlv_encoding) it is the Key Value as TTLV, which transparent keys and
/// keys with attributes need.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wrapping {
    pub(super) mode: WrapMode,
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

    /// By this mode.
    pub fn by(mode: WrapMode) -> Self {
        Self { mode, encoding: EncodingOption::NoEncoding, version: VERSION }
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

    /// The mode.
    pub fn mode(&self) -> WrapMode {
        self.mode
    }

    /// The Key Wrapping Specification that asks a server to wrap so by the key of this identifier. Names of attributes
    /// to wrap with the key go into its `attribute_name`, and need [`ttlv_encoding`](Self::ttlv_encoding).
    pub fn specification(&self, wrapping_key: impl Into<UniqueIdentifier>) -> KeyWrappingSpecification {
        KeyWrappingSpecification {
            wrapping_method: WrappingMethod::Encrypt,
            encryption_key_information: Some(EncryptionKeyInformation {
                unique_identifier: wrapping_key.into(),
                cryptographic_parameters: Some(Box::new(self.mode.parameters())),
            }),
            mac_signature_key_information: None,
            attribute_name: Vec::new(),
            encoding_option: self.encoding_option(),
        }
    }

    /// What a Key Wrapping Specification asks for; in the mode `usual` where it has no Cryptographic Parameters.
    ///
    /// # Errors
    /// It asks for what is not done here: another method than Encrypt, or another mode.
    pub fn of_specification(
        specification: &KeyWrappingSpecification,
        usual: Option<WrapMode>,
    ) -> Result<Self, WrapError> {
        let key = specification.encryption_key_information.as_ref();
        Self::read(specification.wrapping_method, key, specification.encoding_option, usual)
    }

    /// How Key Wrapping Data say that a key is wrapped.
    pub(super) fn of_data(data: &KeyWrappingData, usual: Option<WrapMode>) -> Result<Self, WrapError> {
        let key = data.encryption_key_information.as_ref();
        Self::read(data.wrapping_method, key, data.encoding_option, usual)
    }

    fn read(
        method: WrappingMethod,
        key: Option<&EncryptionKeyInformation>,
        encoding: Option<EncodingOption>,
        usual: Option<WrapMode>,
    ) -> Result<Self, WrapError> {
        if method != WrappingMethod::Encrypt {
            return Err(WrapError::UnsupportedMethod { method });
        }
        let information = key.ok_or(WrapError::NoKeyInformation)?;
        let mode = match (&information.cryptographic_parameters, usual) {
            (Some(parameters), Some(usual)) if parameters.block_cipher_mode.is_none() => usual,
            (Some(parameters), _) => WrapMode::of_parameters(parameters)?,
            (None, Some(usual)) => usual,
            (None, None) => return Err(WrapError::UnsupportedMode { mode: None }),
        };
        // The standard's default, and the only one of KMIP 1.0.
        let encoding = encoding.unwrap_or(EncodingOption::TtlvEncoding);
        if !matches!(encoding, EncodingOption::TtlvEncoding | EncodingOption::NoEncoding) {
            return Err(WrapError::UnsupportedEncoding { encoding });
        }
        Ok(Self { mode, encoding, version: VERSION })
    }

    pub(super) fn encoding_option(&self) -> Option<EncodingOption> {
        let is_default = self.encoding == EncodingOption::TtlvEncoding;
        let is_said = self.version.is_at_least(ProtocolVersion::V1_1) || !is_default;
        is_said.then_some(self.encoding)
    }
}
