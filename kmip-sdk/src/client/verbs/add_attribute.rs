//! Add Attribute: gives an object one more attribute.

use kmip_types::attribute::{Attribute, UniqueIdentifier};
use kmip_types::operation::AddAttributeRequest;

use crate::client::{Call, Client, Driver};

impl<D: Driver> Client<D> {
    /// To give an object one more attribute: one that it has not, or another of those that it may have several of.
    ///
    /// ```
    /// use kmip_sdk::types::attribute::Attribute;
    /// # let client = kmip_sdk::Client::builder().service(kmip_sdk::server::Server::default()).build()?;
    /// # let key = client.create_aes(256).send()?;
    /// client.add_attribute(&key, Attribute::Name("app, second name".into())).send()?;
    /// # Ok::<(), kmip_sdk::Error>(())
    /// ```
    #[doc = include_str!("facts/add_attribute.md")]
    pub fn add_attribute(
        &self,
        object: impl Into<UniqueIdentifier>,
        attribute: impl Into<Attribute>,
    ) -> Call<'_, D, AddAttributeRequest> {
        Call::new(self, AddAttributeRequest::new(object, attribute.into()))
    }
}
