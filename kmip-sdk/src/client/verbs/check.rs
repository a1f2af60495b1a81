//! Check: asks whether an object may be used in a way.

use std::time::Duration;

use kmip_types::attribute::UniqueIdentifier;
use kmip_types::masks::CryptographicUsageMask;
use kmip_types::operation::CheckRequest;

use super::{amount, interval};
use crate::client::{Call, Client, Driver};

impl<D: Driver> Client<D> {
    /// To ask whether an object may be used as steps say, without using it. What of it the server does not allow is in
    /// the answer, and nothing where it allows all.
    ///
    /// ```
    /// use kmip_sdk::usage::ENCRYPT;
    /// # let client = kmip_sdk::Client::builder().service(kmip_sdk::server::Server::default()).build()?;
    /// # let key = client.create_aes(256).activated().send()?;
    /// let checked = client.check(&key).usage(ENCRYPT).send()?;
    /// assert_eq!(checked.cryptographic_usage_mask, None);
    /// # Ok::<(), kmip_sdk::Error>(())
    /// ```
    #[doc = include_str!("facts/check.md")]
    pub fn check(&self, object: impl Into<UniqueIdentifier>) -> Call<'_, D, CheckRequest> {
        Call::new(self, CheckRequest::default().with_unique_identifier(object))
    }
}

impl<D: Driver> Call<'_, D, CheckRequest> {
    /// Sets the Usage Limits Count: how much is to be used, in the unit of the object's Usage Limits.
    pub fn usage_limits_count(self, count: u64) -> Self {
        self.trying(|request| {
            amount("the Usage Limits Count", count).map(|count| request.usage_limits_count = Some(count))
        })
    }

    /// Sets the Cryptographic Usage Mask: what the object is to be used for.
    pub fn usage(self, mask: CryptographicUsageMask) -> Self {
        self.asking(|request| request.with_cryptographic_usage_mask(mask))
    }

    /// Sets the Lease Time, in whole seconds: how long the object is to be used.
    pub fn lease_time(self, time: Duration) -> Self {
        self.trying(|request| interval("the Lease Time", time).map(|time| request.lease_time = Some(time)))
    }
}
