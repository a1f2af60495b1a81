//! Obtain Lease: lets the client use an object for a time.

use kmip_types::attribute::UniqueIdentifier;
use kmip_types::operation::ObtainLeaseRequest;

use crate::client::{Call, Client, Driver};

impl<D: Driver> Client<D> {
    /// To use an object for a time, which the answer says: the Lease Time, and when an attribute last changed. After
    /// it, ask again, and see whether something did.
    ///
    /// ```
    /// use std::time::Duration;
    /// # let client = kmip_sdk::Client::builder().service(kmip_sdk::server::Server::default()).build()?;
    /// # let key = client.create_aes(256).activated().send()?;
    /// let lease = client.obtain_lease(&key).send()?;
    /// println!("for {:?}", Duration::from(lease.lease_time));
    /// # Ok::<(), kmip_sdk::Error>(())
    /// ```
    #[doc = include_str!("facts/obtain_lease.md")]
    pub fn obtain_lease(&self, object: impl Into<UniqueIdentifier>) -> Call<'_, D, ObtainLeaseRequest> {
        Call::new(self, ObtainLeaseRequest::default().with_unique_identifier(object))
    }
}
