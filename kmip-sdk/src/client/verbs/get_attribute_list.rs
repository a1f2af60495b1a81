//! Get Attribute List: says which attributes an object has.

use kmip_types::attribute::UniqueIdentifier;
use kmip_types::operation::GetAttributeListRequest;

use crate::client::{Call, Client, Driver};

impl<D: Driver> Client<D> {
    /// To learn which attributes an object has: their names, without their values.
    ///
    /// ```
    /// use kmip_sdk::Tag;
    /// # let client = kmip_sdk::Client::builder().service(kmip_sdk::server::Server::default()).build()?;
    /// # let key = client.create_aes(256).send()?;
    /// let list = client.get_attribute_list(&key).send()?;
    /// assert!(list.attribute_reference.contains(&Tag::CRYPTOGRAPHIC_LENGTH.into()));
    /// # Ok::<(), kmip_sdk::Error>(())
    /// ```
    #[doc = include_str!("facts/get_attribute_list.md")]
    pub fn get_attribute_list(
        &self,
        object: impl Into<UniqueIdentifier>,
    ) -> Call<'_, D, GetAttributeListRequest> {
        Call::new(self, GetAttributeListRequest::default().with_unique_identifier(object))
    }
}
