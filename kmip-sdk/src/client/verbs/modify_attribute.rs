//! Modify Attribute: changes an attribute of an object.

use kmip_types::attribute::{Attribute, SingleAttribute, UniqueIdentifier};
use kmip_types::operation::ModifyAttributeRequest;

use super::length;
use crate::client::{Call, Client, Driver};

impl<D: Driver> Client<D> {
    /// To give an attribute that an object has this value. Of several of its kind, a step says which:
    /// [`current_attribute`](Call::current_attribute) or, until KMIP 1.4, [`attribute_index`](Call::attribute_index).
    ///
    /// ```
    /// use kmip_sdk::types::attribute::Attribute;
    /// # let client = kmip_sdk::Client::builder().service(kmip_sdk::server::Server::default()).build()?;
    /// # let key = client.create_aes(256).attribute(Attribute::ContactInformation("ops@example.com".into())).send()?;
    /// client.modify_attribute(&key, Attribute::ContactInformation("dev@example.com".into())).send()?;
    /// # Ok::<(), kmip_sdk::Error>(())
    /// ```
    #[doc = include_str!("facts/modify_attribute.md")]
    pub fn modify_attribute(
        &self,
        object: impl Into<UniqueIdentifier>,
        attribute: impl Into<Attribute>,
    ) -> Call<'_, D, ModifyAttributeRequest> {
        Call::new(self, ModifyAttributeRequest::new(object, attribute.into()))
    }
}

impl<D: Driver> Call<'_, D, ModifyAttributeRequest> {
    /// Sets the Attribute Index: which of several of the kind to change, from 0. Until KMIP 1.4.
    pub fn attribute_index(self, index: u32) -> Self {
        self.trying(|request| {
            length("the Attribute Index", index).map(|index| request.new_attribute.0.index = Some(index))
        })
    }

    /// Sets the Current Attribute: which of several of the kind to change, by its value. Since KMIP 2.0.
    pub fn current_attribute(self, attribute: impl Into<Attribute>) -> Self {
        self.asking(|mut request| {
            request.current_attribute = Some(SingleAttribute::from(attribute.into()));
            request
        })
    }
}
