//! Set Endpoint Role: makes client and server change places.

use kmip_types::enumerations::EndpointRole;
use kmip_types::operation::SetEndpointRoleRequest;

use crate::client::{Call, Client, Driver};

impl<D: Driver> Client<D> {
    /// To tell the server which role it has from now on, on the connection of the call: as a client, it sends requests
    /// there. The answer says the role that it takes. Since KMIP 2.0.
    ///
    /// A connection on which the server became a client is closed, as nothing answers there: [`serve`](Self::serve) changes
    /// the roles and answers.
    ///
    /// ```
    /// use kmip_sdk::types::enumerations::EndpointRole;
    /// # let client = kmip_sdk::Client::builder().service(kmip_sdk::server::Server::default()).build()?;
    /// let answer = client.set_endpoint_role(EndpointRole::Server).send()?;
    /// assert_eq!(answer.endpoint_role, EndpointRole::Server);
    /// # Ok::<(), kmip_sdk::Error>(())
    /// ```
    #[doc = include_str!("facts/set_endpoint_role.md")]
    pub fn set_endpoint_role(&self, role: EndpointRole) -> Call<'_, D, SetEndpointRoleRequest> {
        Call::new(self, SetEndpointRoleRequest::new(role))
    }
}
