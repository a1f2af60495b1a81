//! Get Constraints: says which constraints new objects are under.

use kmip_types::operation::GetConstraintsRequest;

use crate::client::{Call, Client, Driver};

impl<D: Driver> Client<D> {
    /// To learn which constraints new objects are under. Since KMIP 2.1.
    ///
    /// ```
    /// # let client = kmip_sdk::Client::builder().service(kmip_sdk::server::Server::default()).build()?;
    /// for constraint in client.get_constraints().send()?.constraints.constraint {
    ///     println!("{:?}", constraint.attributes);
    /// }
    /// # Ok::<(), kmip_sdk::Error>(())
    /// ```
    #[doc = include_str!("facts/get_constraints.md")]
    pub fn get_constraints(&self) -> Call<'_, D, GetConstraintsRequest> {
        Call::new(self, GetConstraintsRequest::default())
    }
}
