//! Export: gives an object with all its attributes.

use kmip_types::attribute::UniqueIdentifier;
use kmip_types::enumerations::{KeyCompressionType, KeyFormatType, KeyWrapType};
use kmip_types::object::KeyWrappingSpecification;
use kmip_types::operation::ExportRequest;

use super::steps;
use crate::client::{Call, Client, Driver};

impl<D: Driver> Client<D> {
    /// To get an object with all its attributes, as [`import`](Self::import) takes it. Since KMIP 1.4.
    ///
    /// ```
    /// # let client = kmip_sdk::Client::builder().service(kmip_sdk::server::Server::default()).build()?;
    /// # let key = client.create_aes(256).name("app").send()?;
    /// let exported = client.export(&key).send()?;
    /// assert_eq!(exported.attributes.cryptographic_length(), Some(256));
    /// # Ok::<(), kmip_sdk::Error>(())
    /// ```
    #[doc = include_str!("facts/export.md")]
    pub fn export(&self, object: impl Into<UniqueIdentifier>) -> Call<'_, D, ExportRequest> {
        Call::new(self, ExportRequest::default().with_unique_identifier(object))
    }
}

steps! { ExportRequest {
    /// Sets the Key Format Type: the form in which the key is wanted.
    key_format_type: KeyFormatType,
    /// Sets the Key Wrap Type: whether the key is wanted as it was registered, wrapped or not.
    key_wrap_type: KeyWrapType,
    /// Sets the Key Compression Type: the form in which the point of an elliptic curve's public key is wanted.
    key_compression_type: KeyCompressionType,
    /// Sets the Key Wrapping Specification: the key is given wrapped with another.
    key_wrapping_specification: Box<KeyWrappingSpecification>,
} }
