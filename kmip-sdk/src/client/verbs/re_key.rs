//! Re-key: makes a symmetric key that takes the place of another.

use kmip_types::attribute::UniqueIdentifier;
use kmip_types::operation::{ProtectionStorageMasks, ReKeyRequest};

use super::steps;
use crate::client::{Call, Client, Driver};

impl<D: Driver> Client<D> {
    /// To have a symmetric key made that takes the place of this one: like it, under its name, linked to it. The old
    /// key stays, to decrypt what it encrypted.
    ///
    /// ```
    /// use std::time::Duration;
    /// # let client = kmip_sdk::Client::builder().service(kmip_sdk::server::Server::default()).build()?;
    /// # let key = client.create_aes(256).name("app").activated().send()?;
    /// let new = client.re_key(&key).offset(Duration::ZERO).send()?;
    /// assert_eq!(client.locate().name("app").newest().send()?.as_ref(), Some(&new.unique_identifier));
    /// # Ok::<(), kmip_sdk::Error>(())
    /// ```
    #[doc = include_str!("facts/re_key.md")]
    pub fn re_key(&self, key: impl Into<UniqueIdentifier>) -> Call<'_, D, ReKeyRequest> {
        Call::new(self, ReKeyRequest::default().with_unique_identifier(key))
    }
}

steps! { ReKeyRequest {
    /// Sets the Protection Storage Masks: where the new object may be kept. Since KMIP 2.0.
    protection_storage_masks: ProtectionStorageMasks,
} }
