//! Set Constraints: puts new objects under constraints.

use kmip_types::operation::{Constraints, SetConstraintsRequest};

use crate::client::{Call, Client, Driver};

impl<D: Driver> Client<D> {
    /// To put new objects under these constraints, in place of those before. Since KMIP 2.1.
    ///
    /// ```
    /// use kmip_sdk::types::attribute::{Attribute, Attributes};
    /// use kmip_sdk::types::enumerations::ObjectType;
    /// use kmip_sdk::types::operation::Constraint;
    /// # let client = kmip_sdk::Client::builder().service(kmip_sdk::server::Server::default()).build()?;
    /// let long = Attributes::new().with(Attribute::CryptographicLength(256));
    /// let keys = Constraint::default().with_object_types([ObjectType::SymmetricKey].into()).with_attributes(long);
    /// client.set_constraints([keys]).send()?;
    /// # Ok::<(), kmip_sdk::Error>(())
    /// ```
    #[doc = include_str!("facts/set_constraints.md")]
    pub fn set_constraints(&self, constraints: impl Into<Constraints>) -> Call<'_, D, SetConstraintsRequest> {
        Call::new(self, SetConstraintsRequest::new(constraints.into()))
    }
}
