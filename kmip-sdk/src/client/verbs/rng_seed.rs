//! RNG Seed: gives the random number generator of the server a seed.

use kmip_types::operation::{Data, RngSeedRequest};

use crate::client::{Call, Client, Driver};

impl<D: Driver> Client<D> {
    /// To give the server's random number generator this seed. The answer says how many bytes of it were used. Since
    /// KMIP 1.2.
    ///
    /// ```
    /// # let client = kmip_sdk::Client::builder().service(kmip_sdk::server::Server::default()).build()?;
    /// let seeded = client.rng_seed(&[7; 16]).send()?;
    /// println!("{} bytes used", seeded.data_length);
    /// # Ok::<(), kmip_sdk::Error>(())
    /// ```
    #[doc = include_str!("facts/rng_seed.md")]
    pub fn rng_seed(&self, data: impl Into<Data>) -> Call<'_, D, RngSeedRequest> {
        Call::new(self, RngSeedRequest::new(data.into()))
    }
}
