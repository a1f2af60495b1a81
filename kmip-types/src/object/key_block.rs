//! Key Block and Key Value.

use kmip_derive::Ttlv;

use crate::SecretBytes;
use crate::attribute::{Attributes, inline};
use crate::generated::enumerations::{CryptographicAlgorithm, KeyCompressionType, KeyFormatType};
use crate::object::{KeyMaterial, KeyValue, KeyWrappingData};

/// A key with what is needed to use it (KMIP 1.4 section 2.1.3, 2.1 section 3.1).
#[derive(Clone, Debug, PartialEq, Ttlv)]
#[ttlv(tag = "KeyBlock")]
pub struct KeyBlock {
    /// The format of the key material.
    pub key_format_type: KeyFormatType,
    /// How an elliptic curve public key is compressed; not at all, if omitted.
    pub key_compression_type: Option<KeyCompressionType>,
    /// The key, plain or wrapped. It may be elsewhere since KMIP 1.2.
    #[ttlv(select = "key_format_type", required = "..=1.1")]
    pub key_value: Option<KeyValue>,
    /// The algorithm, which may be omitted where the key value tells.
    pub cryptographic_algorithm: Option<CryptographicAlgorithm>,
    /// The length in bits, which may be omitted where the key value tells.
    pub cryptographic_length: Option<i32>,
    /// How the key is wrapped, if it is.
    pub key_wrapping_data: Option<Box<KeyWrappingData>>,
}

impl KeyBlock {
    /// A block of a plain key.
    ///
    /// ```
    /// use kmip_types::enumerations::{CryptographicAlgorithm, KeyFormatType};
    /// use kmip_types::object::{KeyBlock, KeyMaterial};
    /// let material = KeyMaterial::bytes(vec![0; 16]);
    /// let block = KeyBlock::plain(KeyFormatType::Raw, material, CryptographicAlgorithm::Aes, 128);
    /// assert_eq!(block.key_bytes(), Some(&[0; 16][..]));
    /// ```
    pub fn plain(
        key_format_type: KeyFormatType,
        key_material: KeyMaterial,
        cryptographic_algorithm: CryptographicAlgorithm,
        cryptographic_length: i32,
    ) -> Self {
        let mut block = Self::new(key_format_type).with_key_value(KeyValue::plain(key_material));
        block.cryptographic_algorithm = Some(cryptographic_algorithm);
        block.cryptographic_length = Some(cryptographic_length);
        block
    }

    /// A block of plain key material in bytes, without its algorithm and length.
    pub fn bytes(key_format_type: KeyFormatType, key: impl Into<SecretBytes>) -> Self {
        Self::new(key_format_type).with_key_value(KeyValue::plain(KeyMaterial::bytes(key)))
    }

    /// The key material, if it is there and plain.
    pub fn key_material(&self) -> Option<&KeyMaterial> {
        if self.key_wrapping_data.is_some() {
            return None;
        }
        match self.key_value.as_ref()? {
            KeyValue::Plain(value) => Some(&value.key_material),
            KeyValue::Wrapped(_) => None,
        }
    }

    /// The bytes of the key, if it is there, plain, and in a format of bytes or a transparent symmetric key.
    pub fn key_bytes(&self) -> Option<&[u8]> {
        self.key_material()?.as_bytes()
    }
}

/// Key Value that is not wrapped.
#[derive(Clone, Debug, PartialEq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "KeyValue", selector = "KeyFormatType")]
pub struct PlainKeyValue {
    /// The key material.
    #[ttlv(select = "selector")]
    pub key_material: KeyMaterial,
    /// Attributes that go with the key material.
    #[ttlv(with = "inline::optional")]
    pub attributes: Attributes,
}
