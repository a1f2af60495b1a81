//! Get: gives an object.

use kmip_types::attribute::UniqueIdentifier;
use kmip_types::enumerations::{KeyCompressionType, KeyFormatType, KeyWrapType};
use kmip_types::object::KeyWrappingSpecification;
use kmip_types::operation::GetRequest;

use super::steps;
use crate::client::{Call, Client, Driver};

impl<D: Driver> Client<D> {
    /// To get an object.
    ///
    /// ```
    /// use kmip_sdk::types::enumerations::KeyFormatType;
    /// # let client = kmip_sdk::Client::builder().service(kmip_sdk::server::Server::default()).build()?;
    /// # let key = client.create_aes(256).activated().send()?;
    /// let got = client.get(&key).key_format_type(KeyFormatType::Raw).send()?;
    /// let bytes = got.object.key_block().and_then(|block| block.key_bytes()).expect("a key in raw form");
    /// assert_eq!(bytes.len(), 32);
    /// # Ok::<(), kmip_sdk::Error>(())
    /// ```
    #[doc = include_str!("facts/get.md")]
    pub fn get(&self, object: impl Into<UniqueIdentifier>) -> Call<'_, D, GetRequest> {
        Call::new(self, GetRequest::new(object))
    }
}

steps! { GetRequest {
    /// Sets the Key Format Type: the form in which the key is wanted.
    key_format_type: KeyFormatType,
    /// Sets the Key Wrap Type: whether the key is wanted as it was registered, wrapped or not. Since KMIP 1.4.
    key_wrap_type: KeyWrapType,
    /// Sets the Key Compression Type: the form in which the point of an elliptic curve's public key is wanted.
    key_compression_type: KeyCompressionType,
    /// Sets the Key Wrapping Specification: the key is given wrapped with another.
    key_wrapping_specification: Box<KeyWrappingSpecification>,
} }
