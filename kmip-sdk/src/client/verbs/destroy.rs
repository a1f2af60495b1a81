//! Destroy: deletes the material of an object.

use kmip_types::attribute::UniqueIdentifier;
use kmip_types::operation::DestroyRequest;

use crate::client::{Call, Client, Driver};

impl<D: Driver> Client<D> {
    /// To delete the material of an object, for good. One that is active has to be [revoked](Self::revoke) before.
    ///
    /// ```
    /// use kmip_sdk::types::enumerations::RevocationReasonCode;
    /// # let client = kmip_sdk::Client::builder().service(kmip_sdk::server::Server::default()).build()?;
    /// # let key = client.create_aes(256).activated().send()?;
    /// client.revoke(&key, RevocationReasonCode::CessationOfOperation).send()?;
    /// client.destroy(&key).send()?;
    /// # Ok::<(), kmip_sdk::Error>(())
    /// ```
    #[doc = include_str!("facts/destroy.md")]
    pub fn destroy(&self, object: impl Into<UniqueIdentifier>) -> Call<'_, D, DestroyRequest> {
        Call::new(self, DestroyRequest::default().with_unique_identifier(object))
    }
}
