//! Get Usage Allocation: takes a share of what an object may still be used.

use kmip_types::attribute::UniqueIdentifier;
use kmip_types::operation::GetUsageAllocationRequest;

use super::amount;
use crate::client::{Call, Client, Driver};

impl<D: Driver> Client<D> {
    /// To take a share of what an object with Usage Limits may still be used for protecting, in their unit, so that the
    /// client itself may use it so much.
    ///
    /// ```
    /// use kmip_sdk::types::attribute::{Attribute, UsageLimits};
    /// use kmip_sdk::types::enumerations::UsageLimitsUnit;
    /// # let client = kmip_sdk::Client::builder().service(kmip_sdk::server::Server::default()).build()?;
    /// let limits = UsageLimits::new(1 << 30, UsageLimitsUnit::Byte);
    /// let key = client.create_aes(256).attribute(Attribute::UsageLimits(limits)).activated().send()?;
    /// client.get_usage_allocation(&key, 1 << 20).send()?;
    /// # Ok::<(), kmip_sdk::Error>(())
    /// ```
    #[doc = include_str!("facts/get_usage_allocation.md")]
    pub fn get_usage_allocation(
        &self,
        object: impl Into<UniqueIdentifier>,
        count: u64,
    ) -> Call<'_, D, GetUsageAllocationRequest> {
        let request = GetUsageAllocationRequest::new(0).with_unique_identifier(object);
        Call::new(self, request).trying(|request| {
            amount("the Usage Limits Count", count).map(|count| request.usage_limits_count = count)
        })
    }
}
