//! MAC: makes a message authentication code with a key of the server's.

use kmip_types::attribute::UniqueIdentifier;
use kmip_types::operation::{Data, MacRequest, Request};

use super::{refined, yielded};
use crate::client::ask::{Ask, Exchanges};
use crate::client::{Call, Client, Driver};
use crate::error::Error;

impl<D: Driver> Client<D> {
    /// To make the message authentication code of data with this key. How is said by a step; if by none, as the key's
    /// attributes say.
    ///
    /// ```
    /// use kmip_sdk::types::enumerations::HashingAlgorithm;
    /// # let client = kmip_sdk::Client::builder().service(kmip_sdk::server::Server::default()).build()?;
    /// let key = client.create_hmac(HashingAlgorithm::Sha256, 256).activated().send()?;
    /// let mac = client.mac(&key, "attack at dawn").hmac(HashingAlgorithm::Sha256).send()?;
    /// client.mac_verify(&key, "attack at dawn", mac).hmac(HashingAlgorithm::Sha256).send()?;
    /// # Ok::<(), kmip_sdk::Error>(())
    /// ```
    #[doc = include_str!("facts/mac.md")]
    pub fn mac(&self, key: impl Into<UniqueIdentifier>, data: impl Into<Data>) -> Call<'_, D, Mac> {
        Call::new(self, Mac(MacRequest::default().with_unique_identifier(key).with_data(data)))
    }
}

refined! {
    /// Asks for a message authentication code.
    Mac(MacRequest);
}

impl<D: Driver> Ask<D> for Mac {
    type Answer = Vec<u8>;

    async fn perform(self, exchanges: &mut Exchanges<'_, D>) -> Result<Vec<u8>, Error> {
        let mac = exchanges.ask(self.0).await?.mac_data;
        Ok(yielded(mac, MacRequest::OPERATION, "MAC Data")?.into_revealed())
    }
}
