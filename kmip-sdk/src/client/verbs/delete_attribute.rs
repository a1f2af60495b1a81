//! Delete Attribute: takes an attribute from an object.

use kmip_types::attribute::{Attribute, AttributeReference, SingleAttribute, UniqueIdentifier};
use kmip_types::operation::DeleteAttributeRequest;

use super::length;
use crate::client::{Call, Client, Driver};

impl<D: Driver> Client<D> {
    /// To take an attribute from an object, by its tag or its name; since KMIP 2.0, all of several of its kind. Of
    /// several, [`delete_current_attribute`](Self::delete_current_attribute) takes one, or until KMIP 1.4 the step
    /// [`attribute_index`](Call::attribute_index).
    ///
    /// ```
    /// use kmip_sdk::Tag;
    /// use kmip_sdk::types::attribute::Attribute;
    /// # let client = kmip_sdk::Client::builder().service(kmip_sdk::server::Server::default()).build()?;
    /// # let key = client.create_aes(256).attribute(Attribute::ContactInformation("ops@example.com".into())).send()?;
    /// client.delete_attribute(&key, Tag::CONTACT_INFORMATION).send()?;
    /// # Ok::<(), kmip_sdk::Error>(())
    /// ```
    #[doc = include_str!("facts/delete_attribute.md")]
    pub fn delete_attribute(
        &self,
        object: impl Into<UniqueIdentifier>,
        attribute: impl Into<AttributeReference>,
    ) -> Call<'_, D, DeleteAttributeRequest> {
        Call::new(self, DeleteAttributeRequest::new(object, attribute))
    }

    /// To take the attribute of this value from an object that may have several of its kind. Since KMIP 2.0.
    ///
    /// ```
    /// use kmip_sdk::types::attribute::Attribute;
    /// # let client = kmip_sdk::Client::builder().service(kmip_sdk::server::Server::default()).build()?;
    /// # let key = client.create_aes(256).name("app").name("old").send()?;
    /// client.delete_current_attribute(&key, Attribute::Name("old".into())).send()?;
    /// # Ok::<(), kmip_sdk::Error>(())
    /// ```
    ///
    /// # Errors
    /// As of [`delete_attribute`](Self::delete_attribute).
    pub fn delete_current_attribute(
        &self,
        object: impl Into<UniqueIdentifier>,
        attribute: impl Into<Attribute>,
    ) -> Call<'_, D, DeleteAttributeRequest> {
        let mut request = DeleteAttributeRequest::default().with_unique_identifier(object);
        request.current_attribute = Some(SingleAttribute::from(attribute.into()));
        Call::new(self, request)
    }
}

impl<D: Driver> Call<'_, D, DeleteAttributeRequest> {
    /// Sets the Attribute Index: which of several of the kind to take, from 0, the first unless it is said. Until KMIP
    /// 1.4.
    pub fn attribute_index(self, index: u32) -> Self {
        self.trying(|request| {
            length("the Attribute Index", index).map(|index| request.attribute_index = Some(index))
        })
    }
}
