//! Hash: hashes data.

use kmip_types::attribute::CryptographicParameters;
use kmip_types::enumerations::HashingAlgorithm;
use kmip_types::operation::{Data, HashRequest, Request};

use super::{refined, yielded};
use crate::client::ask::{Ask, Exchanges};
use crate::client::{Call, Client, Driver};
use crate::error::Error;

impl<D: Driver> Client<D> {
    /// To have the server hash data with this algorithm.
    ///
    /// ```
    /// use kmip_sdk::types::enumerations::HashingAlgorithm;
    /// # let client = kmip_sdk::Client::builder().service(kmip_sdk::server::Server::default()).build()?;
    /// let digest = client.hash(HashingAlgorithm::Sha256, "attack at dawn").send()?;
    /// assert_eq!(digest.len(), 32);
    /// # Ok::<(), kmip_sdk::Error>(())
    /// ```
    #[doc = include_str!("facts/hash.md")]
    pub fn hash(&self, algorithm: HashingAlgorithm, data: impl Into<Data>) -> Call<'_, D, Hash> {
        let parameters = CryptographicParameters::default().with_hashing_algorithm(algorithm);
        Call::new(self, Hash(HashRequest::new(parameters).with_data(data)))
    }
}

refined! {
    /// Asks for the hash of data.
    Hash(HashRequest);
}

impl<D: Driver> Ask<D> for Hash {
    type Answer = Vec<u8>;

    async fn perform(self, exchanges: &mut Exchanges<'_, D>) -> Result<Vec<u8>, Error> {
        let hash = exchanges.ask(self.0).await?.data;
        Ok(yielded(hash, HashRequest::OPERATION, "Data")?.into_revealed())
    }
}
