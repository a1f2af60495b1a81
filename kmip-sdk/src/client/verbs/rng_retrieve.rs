//! RNG Retrieve: gives random bytes.

use kmip_types::SecretBytes;
use kmip_types::operation::RngRetrieveRequest;

use super::{length, refined};
use crate::client::ask::{Ask, Exchanges};
use crate::client::{Call, Client, Driver};
use crate::error::Error;

impl<D: Driver> Client<D> {
    /// To get so many random bytes of the server's random number generator. It may give fewer. Since KMIP 1.2.
    ///
    /// ```
    /// # let client = kmip_sdk::Client::builder().service(kmip_sdk::server::Server::default()).build()?;
    /// let random = client.rng_retrieve(32).send()?;
    /// assert_eq!(random.reveal().len(), 32);
    /// # Ok::<(), kmip_sdk::Error>(())
    /// ```
    #[doc = include_str!("facts/rng_retrieve.md")]
    pub fn rng_retrieve(&self, bytes: u32) -> Call<'_, D, RngRetrieve> {
        Call::new(self, RngRetrieve(RngRetrieveRequest::new(0)))
            .trying(|ask| length("the Data Length", bytes).map(|bytes| ask.0.data_length = bytes))
    }
}

refined! {
    /// Asks for random bytes.
    RngRetrieve(RngRetrieveRequest);
}

impl<D: Driver> Ask<D> for RngRetrieve {
    type Answer = SecretBytes;

    async fn perform(self, exchanges: &mut Exchanges<'_, D>) -> Result<SecretBytes, Error> {
        Ok(exchanges.ask(self.0).await?.data)
    }
}
