//! Set Attribute: gives an attribute of an object a value.

use kmip_types::attribute::{Attribute, UniqueIdentifier};
use kmip_types::operation::SetAttributeRequest;

use crate::client::{Call, Client, Driver};

impl<D: Driver> Client<D> {
    /// To give an attribute of an object this value, whether it had one or not. Only for attributes that an object has
    /// one of. Since KMIP 2.0; before, [`modify_attribute`](Self::modify_attribute) and
    /// [`add_attribute`](Self::add_attribute).
    ///
    /// ```
    /// use kmip_sdk::types::attribute::Attribute;
    /// # let client = kmip_sdk::Client::builder().service(kmip_sdk::server::Server::default()).build()?;
    /// # let key = client.create_aes(256).send()?;
    /// client.set_attribute(&key, Attribute::ContactInformation("ops@example.com".into())).send()?;
    /// # Ok::<(), kmip_sdk::Error>(())
    /// ```
    #[doc = include_str!("facts/set_attribute.md")]
    pub fn set_attribute(
        &self,
        object: impl Into<UniqueIdentifier>,
        attribute: impl Into<Attribute>,
    ) -> Call<'_, D, SetAttributeRequest> {
        Call::new(self, SetAttributeRequest::new(object, attribute.into()))
    }
}
