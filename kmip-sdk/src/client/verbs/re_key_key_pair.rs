//! Re-key Key Pair: makes a key pair that takes the place of another.

use kmip_types::attribute::{Attributes, UniqueIdentifier};
use kmip_types::operation::{ProtectionStorageMasks, ReKeyKeyPairRequest};

use super::steps;
use crate::client::{Call, Client, Driver};

impl<D: Driver> Client<D> {
    /// To have a key pair made that takes the place of the one with this private key: like it, under its names, linked
    /// to it. Steps with attributes are of both keys; [`private_key_attributes`](Call::private_key_attributes) and
    /// [`public_key_attributes`](Call::public_key_attributes) of one. Since KMIP 1.1.
    ///
    /// ```
    /// use std::time::Duration;
    /// # let client = kmip_sdk::Client::builder().service(kmip_sdk::server::Server::default()).build()?;
    /// # let pair = client.create_rsa(2048).signing().activated().send()?;
    /// let new = client.re_key_key_pair(&pair.private_key_unique_identifier).offset(Duration::ZERO).send()?;
    /// println!("{} {}", new.private_key_unique_identifier, new.public_key_unique_identifier);
    /// # Ok::<(), kmip_sdk::Error>(())
    /// ```
    #[doc = include_str!("facts/re_key_key_pair.md")]
    pub fn re_key_key_pair(
        &self,
        private_key: impl Into<UniqueIdentifier>,
    ) -> Call<'_, D, ReKeyKeyPairRequest> {
        Call::new(self, ReKeyKeyPairRequest::default().with_private_key_unique_identifier(private_key))
    }
}

steps! { ReKeyKeyPairRequest {
    /// Sets the attributes of the private key alone, in place of what earlier steps said of it alone.
    private_key_attributes: Attributes,
    /// Sets the attributes of the public key alone, in place of what earlier steps said of it alone.
    public_key_attributes: Attributes,
    /// Sets the Protection Storage Masks of both keys. Since KMIP 2.0.
    common_protection_storage_masks: ProtectionStorageMasks,
    /// Sets the Protection Storage Masks of the private key. Since KMIP 2.0.
    private_protection_storage_masks: ProtectionStorageMasks,
    /// Sets the Protection Storage Masks of the public key. Since KMIP 2.0.
    public_protection_storage_masks: ProtectionStorageMasks,
} }
