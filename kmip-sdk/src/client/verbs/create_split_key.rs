//! Create Split Key: makes a key in parts, or splits one.

use kmip_types::BigInteger;
use kmip_types::attribute::{Attributes, UniqueIdentifier};
use kmip_types::enumerations::{ObjectType, SplitKeyMethod};
use kmip_types::operation::{CreateSplitKeyRequest, ProtectionStorageMasks};

use super::{length, steps};
use crate::client::{Call, Client, Driver};

impl<D: Driver> Client<D> {
    /// To make a key of this type in so many parts, of which the threshold makes the key again; or, with
    /// [`unique_identifier`](Call::unique_identifier), to split one that there is. Since KMIP 1.2.
    ///
    /// ```
    /// use kmip_sdk::types::enumerations::{ObjectType, SplitKeyMethod};
    /// # let client = kmip_sdk::Client::builder().service(kmip_sdk::server::Server::default()).build()?;
    /// # let key = client.create_aes(256).activated().send()?;
    /// let method = SplitKeyMethod::PolynomialSharingGf2_8;
    /// let split = client.create_split_key(ObjectType::SymmetricKey, 5, 3, method).unique_identifier(&key).send()?;
    /// let three = &split.unique_identifier[..3];
    /// let joined = client.join_split_key(ObjectType::SymmetricKey, three).send()?;
    /// # Ok::<(), kmip_sdk::Error>(())
    /// ```
    #[doc = include_str!("facts/create_split_key.md")]
    pub fn create_split_key(
        &self,
        object_type: ObjectType,
        parts: u32,
        threshold: u32,
        method: SplitKeyMethod,
    ) -> Call<'_, D, CreateSplitKeyRequest> {
        Call::new(self, CreateSplitKeyRequest::new(object_type, 0, 0, method, Attributes::new())).trying(
            |request| {
                request.split_key_parts = length("the Split Key Parts", parts)?;
                request.split_key_threshold = length("the Split Key Threshold", threshold)?;
                Ok(())
            },
        )
    }
}

steps! { CreateSplitKeyRequest {
    /// Sets the Unique Identifier: the key to split.
    unique_identifier: UniqueIdentifier,
    /// Sets the Prime Field Size, which the method Polynomial Sharing Prime Field requires.
    prime_field_size: BigInteger,
    /// Sets the Protection Storage Masks: where the parts may be kept. Since KMIP 2.0.
    protection_storage_masks: ProtectionStorageMasks,
} }
