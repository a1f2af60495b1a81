//! How a key is, or is to be, wrapped.

use kmip_derive::Ttlv;

use crate::attribute::{CryptographicParameters, UniqueIdentifier};
use crate::generated::enumerations::{EncodingOption, WrappingMethod};
use crate::hex_debug::debug_in_hex;

/// How a key value is wrapped (KMIP 1.4 section 2.1.5, 2.1 section 3.3).
#[derive(Clone, PartialEq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "KeyWrappingData")]
pub struct KeyWrappingData {
    /// The method.
    pub wrapping_method: WrappingMethod,
    /// The key that encrypted.
    pub encryption_key_information: Option<EncryptionKeyInformation>,
    /// The key that made the MAC or the signature.
    pub mac_signature_key_information: Option<MacSignatureKeyInformation>,
    /// The MAC or the signature.
    pub mac_signature: Option<Vec<u8>>,
    /// The initialization vector, counter or nonce.
    pub iv_counter_nonce: Option<Vec<u8>>,
    /// How the key value was encoded before it was wrapped; as TTLV, if omitted.
    #[ttlv(since = "1.1")]
    pub encoding_option: Option<EncodingOption>,
}

debug_in_hex!(KeyWrappingData {
    wrapping_method,
    encryption_key_information,
    mac_signature_key_information,
    mac_signature,
    iv_counter_nonce,
    encoding_option,
});

/// How a key is to be wrapped (KMIP 1.4 section 2.1.6, 2.1 section 7.18).
#[derive(Clone, Debug, PartialEq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "KeyWrappingSpecification")]
pub struct KeyWrappingSpecification {
    /// The method.
    pub wrapping_method: WrappingMethod,
    /// The key to encrypt with.
    pub encryption_key_information: Option<EncryptionKeyInformation>,
    /// The key to make the MAC or the signature with.
    pub mac_signature_key_information: Option<MacSignatureKeyInformation>,
    /// Names of attributes to wrap with the key.
    pub attribute_name: Vec<String>,
    /// How the key value is to be encoded before it is wrapped; as TTLV, if omitted.
    #[ttlv(since = "1.1")]
    pub encoding_option: Option<EncodingOption>,
}

/// The key that encrypts another (KMIP 1.4 section 2.1.5, 2.1 section 3.3).
#[derive(Clone, Debug, PartialEq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "EncryptionKeyInformation")]
pub struct EncryptionKeyInformation {
    /// The key.
    pub unique_identifier: UniqueIdentifier,
    /// How it is used; as its attributes say, if omitted.
    pub cryptographic_parameters: Option<Box<CryptographicParameters>>,
}

/// The key that makes a MAC or a signature over another (KMIP 1.4 section 2.1.5, 2.1 section 3.3).
#[derive(Clone, Debug, PartialEq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "MACSignatureKeyInformation")]
pub struct MacSignatureKeyInformation {
    /// The key.
    pub unique_identifier: UniqueIdentifier,
    /// How it is used; as its attributes say, if omitted.
    pub cryptographic_parameters: Option<Box<CryptographicParameters>>,
}
