//! Join Split Key: makes one object of the parts of a split key.

use kmip_types::attribute::UniqueIdentifier;
use kmip_types::enumerations::{ObjectType, SecretDataType};
use kmip_types::operation::{JoinSplitKeyRequest, ProtectionStorageMasks};

use super::steps;
use crate::client::{Call, Client, Driver};

impl<D: Driver> Client<D> {
    /// To make an object of this type of parts of a split key, of which there have to be as many as its threshold.
    /// Since KMIP 1.2.
    ///
    /// ```
    /// use kmip_sdk::types::enumerations::{ObjectType, SplitKeyMethod};
    /// # let client = kmip_sdk::Client::builder().service(kmip_sdk::server::Server::default()).build()?;
    /// # let key = client.create_aes(256).activated().send()?;
    /// # let method = SplitKeyMethod::Xor;
    /// # let split = client.create_split_key(ObjectType::SymmetricKey, 2, 2, method).unique_identifier(&key).send()?;
    /// let joined = client.join_split_key(ObjectType::SymmetricKey, &split.unique_identifier).name("joined").send()?;
    /// # Ok::<(), kmip_sdk::Error>(())
    /// ```
    #[doc = include_str!("facts/join_split_key.md")]
    pub fn join_split_key(
        &self,
        object_type: ObjectType,
        parts: impl IntoIterator<Item = impl Into<UniqueIdentifier>>,
    ) -> Call<'_, D, JoinSplitKeyRequest> {
        Call::new(self, JoinSplitKeyRequest::new(object_type, parts))
    }
}

steps! { JoinSplitKeyRequest {
    /// Sets the Secret Data Type, of secret data.
    secret_data_type: SecretDataType,
    /// Sets the Protection Storage Masks: where the new object may be kept. Since KMIP 2.0.
    protection_storage_masks: ProtectionStorageMasks,
} }
