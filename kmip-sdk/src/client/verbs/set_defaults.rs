//! Set Defaults: says which attributes new objects get unasked.

use kmip_types::operation::{DefaultsInformation, SetDefaultsRequest};

use super::steps;
use crate::client::{Call, Client, Driver};

impl<D: Driver> Client<D> {
    /// To say which attributes new objects get unasked, in place of what was said before: none, unless
    /// [`defaults_information`](Call::defaults_information) says. Since KMIP 2.1.
    ///
    /// ```
    /// use kmip_sdk::types::attribute::{Attribute, Attributes};
    /// use kmip_sdk::types::enumerations::ObjectType;
    /// use kmip_sdk::types::operation::ObjectDefaults;
    /// # let client = kmip_sdk::Client::builder().service(kmip_sdk::server::Server::default()).build()?;
    /// let long = Attributes::new().with(Attribute::CryptographicLength(256));
    /// let keys = ObjectDefaults::new(ObjectType::SymmetricKey.into(), long);
    /// client.set_defaults().defaults_information([keys]).send()?;
    /// client.set_defaults().send()?;
    /// # Ok::<(), kmip_sdk::Error>(())
    /// ```
    #[doc = include_str!("facts/set_defaults.md")]
    pub fn set_defaults(&self) -> Call<'_, D, SetDefaultsRequest> {
        Call::new(self, SetDefaultsRequest::default())
    }
}

steps! { SetDefaultsRequest {
    /// Sets the Defaults Information: which attributes the objects of which types get.
    defaults_information: DefaultsInformation,
} }
