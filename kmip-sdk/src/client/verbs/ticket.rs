//! Steps that say how long a ticket is good.

use std::time::Duration;

use kmip_types::DateTime;
use kmip_types::attribute::UsageLimits;
use kmip_types::operation::{DelegatedLoginRequest, LoginRequest};

use super::{interval, length, steps};
use crate::client::{Call, Driver};

macro_rules! tickets {
    ($($request:ident),* $(,)?) => { $(
        impl<D: Driver> Call<'_, D, $request> {
            /// Sets the Lease Time, in whole seconds: how long the ticket is good.
            pub fn lease_time(self, time: Duration) -> Self {
                self.trying(|request| {
                    interval("the Lease Time", time).map(|time| request.lease_time = Some(time.into()))
                })
            }

            /// Sets the Lease Time by its end: until when the ticket is good.
            pub fn lease_until(self, date: impl Into<DateTime>) -> Self {
                self.asking(|request| request.with_lease_time(date.into().into()))
            }

            /// Sets the Request Count: for how many requests the ticket is good.
            pub fn request_count(self, count: u32) -> Self {
                self.trying(|request| {
                    length("the Request Count", count).map(|count| request.request_count = Some(count))
                })
            }
        }

        steps! { $request {
            /// Sets the Usage Limits: how much the ticket is good for protecting.
            usage_limits: UsageLimits,
        } }
    )* };
}

tickets!(DelegatedLoginRequest, LoginRequest);
