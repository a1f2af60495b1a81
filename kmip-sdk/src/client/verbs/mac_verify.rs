//! MAC Verify: verifies a message authentication code with a key of the server's.

use kmip_types::SecretBytes;
use kmip_types::attribute::UniqueIdentifier;
use kmip_types::operation::{Data, MacVerifyRequest, Request};

use super::{refined, valid};
use crate::client::ask::{Ask, Exchanges};
use crate::client::{Call, Client, Driver};
use crate::error::Error;

impl<D: Driver> Client<D> {
    /// To verify the message authentication code of data with this key. That the code is not valid is an error,
    /// [`ErrorKind::NotValid`](crate::ErrorKind::NotValid), so that it cannot be overlooked.
    ///
    /// ```
    /// use kmip_sdk::ErrorKind;
    /// use kmip_sdk::types::enumerations::HashingAlgorithm;
    /// # let client = kmip_sdk::Client::builder().service(kmip_sdk::server::Server::default()).build()?;
    /// let key = client.create_hmac(HashingAlgorithm::Sha256, 256).activated().send()?;
    /// let error = client.mac_verify(&key, "attack at dawn", [0; 32]).hmac(HashingAlgorithm::Sha256).send().unwrap_err();
    /// assert!(matches!(error.kind(), ErrorKind::NotValid { .. }));
    /// # Ok::<(), kmip_sdk::Error>(())
    /// ```
    #[doc = include_str!("facts/mac_verify.md")]
    pub fn mac_verify(
        &self,
        key: impl Into<UniqueIdentifier>,
        data: impl Into<Data>,
        mac: impl Into<Vec<u8>>,
    ) -> Call<'_, D, MacVerify> {
        let mac: SecretBytes = mac.into().into();
        let request = MacVerifyRequest::default().with_unique_identifier(key);
        Call::new(self, MacVerify(request.with_data(data).with_mac_data(mac)))
    }
}

refined! {
    /// Asks whether a message authentication code is valid.
    MacVerify(MacVerifyRequest);
}

impl<D: Driver> Ask<D> for MacVerify {
    type Answer = ();

    async fn perform(self, exchanges: &mut Exchanges<'_, D>) -> Result<(), Error> {
        valid(exchanges.ask(self.0).await?.validity_indicator, MacVerifyRequest::OPERATION)
    }
}
