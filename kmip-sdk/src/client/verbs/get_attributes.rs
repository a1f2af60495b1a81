//! Get Attributes: gives attributes of an object.

use kmip_types::attribute::{AttributeReference, UniqueIdentifier};
use kmip_types::operation::GetAttributesRequest;

use crate::client::{Call, Client, Driver};

impl<D: Driver> Client<D> {
    /// To get the attributes of an object: all, unless [`attribute_references`](Call::attribute_references) says which.
    ///
    /// ```
    /// use kmip_sdk::Tag;
    /// # let client = kmip_sdk::Client::builder().service(kmip_sdk::server::Server::default()).build()?;
    /// # let key = client.create_aes(256).name("app").send()?;
    /// let all = client.get_attributes(&key).send()?.attributes;
    /// assert_eq!(all.cryptographic_length(), Some(256));
    /// let some = client.get_attributes(&key).attribute_references([Tag::STATE, Tag::NAME]).send()?.attributes;
    /// assert_eq!(some.len(), 2);
    /// # Ok::<(), kmip_sdk::Error>(())
    /// ```
    #[doc = include_str!("facts/get_attributes.md")]
    pub fn get_attributes(&self, object: impl Into<UniqueIdentifier>) -> Call<'_, D, GetAttributesRequest> {
        Call::new(self, GetAttributesRequest::all(object))
    }
}

impl<D: Driver> Call<'_, D, GetAttributesRequest> {
    /// Adds to the Attribute References: which attributes to give, by tag or name.
    pub fn attribute_references(
        self,
        attributes: impl IntoIterator<Item = impl Into<AttributeReference>>,
    ) -> Self {
        self.asking(|mut request| {
            request.attribute_reference.extend(attributes.into_iter().map(Into::into));
            request
        })
    }
}
