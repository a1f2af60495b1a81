//! Create: makes a symmetric key or secret data.

use kmip_types::attribute::{Attribute, Attributes};
use kmip_types::enumerations::{CryptographicAlgorithm, HashingAlgorithm, ObjectType};
use kmip_types::masks::CryptographicUsageMask;
use kmip_types::operation::{CreateRequest, ProtectionStorageMasks};

use super::new_object::New;
use super::parameters::hmac_with;
use super::steps;
use crate::client::{Call, Client, Driver};

impl<D: Driver> Client<D> {
    /// To make an object of this type, with the attributes that further steps say.
    ///
    /// ```
    /// use kmip_sdk::types::enumerations::{CryptographicAlgorithm, ObjectType};
    /// use kmip_sdk::usage::{DERIVE_KEY, ENCRYPT};
    /// # let client = kmip_sdk::Client::builder().service(kmip_sdk::server::Server::default()).build()?;
    /// let created = client
    ///     .create(ObjectType::SymmetricKey)
    ///     .algorithm(CryptographicAlgorithm::Aes)
    ///     .length(128)
    ///     .usage(ENCRYPT | DERIVE_KEY)
    ///     .send()?;
    /// println!("{}", created.unique_identifier);
    /// # Ok::<(), kmip_sdk::Error>(())
    /// ```
    #[doc = include_str!("facts/create.md")]
    pub fn create(&self, object_type: ObjectType) -> Call<'_, D, New<CreateRequest>> {
        Call::new(self, New::of(CreateRequest::new(object_type, Attributes::new())))
    }

    /// To make a symmetric key of this algorithm and length, in bits, by [Create](Self::create).
    ///
    /// ```
    /// use kmip_sdk::types::enumerations::CryptographicAlgorithm;
    /// use kmip_sdk::usage::{DECRYPT, ENCRYPT};
    /// # let client = kmip_sdk::Client::builder().service(kmip_sdk::server::Server::default()).build()?;
    /// let key = client
    ///     .create_symmetric_key(CryptographicAlgorithm::Aes, 256)
    ///     .usage(ENCRYPT | DECRYPT)
    ///     .name("app")
    ///     .send()?;
    /// client.activate(&key).send()?;
    /// # Ok::<(), kmip_sdk::Error>(())
    /// ```
    ///
    /// # Errors
    /// As of [`create`](Self::create).
    pub fn create_symmetric_key(
        &self,
        algorithm: CryptographicAlgorithm,
        bits: u32,
    ) -> Call<'_, D, New<CreateRequest>> {
        self.create(ObjectType::SymmetricKey).algorithm(algorithm).length(bits)
    }

    /// To make an AES key of this length, in bits, that may encrypt and decrypt unless [`usage`](Call::usage) says
    /// otherwise, by [Create](Self::create).
    ///
    /// ```
    /// # let client = kmip_sdk::Client::builder().service(kmip_sdk::server::Server::default()).build()?;
    /// let key = client.create_aes(256).name("app").activated().send()?;
    /// let encrypted = client.encrypt(&key, "attack at dawn").aes_gcm().send()?;
    /// # Ok::<(), kmip_sdk::Error>(())
    /// ```
    ///
    /// # Errors
    /// As of [`create`](Self::create).
    pub fn create_aes(&self, bits: u32) -> Call<'_, D, New<CreateRequest>> {
        self.create_symmetric_key(CryptographicAlgorithm::Aes, bits)
            .usage(CryptographicUsageMask::ENCRYPT | CryptographicUsageMask::DECRYPT)
    }

    /// To make a key for HMAC with this hash and of this length, in bits, that may make and verify message
    /// authentication codes unless [`usage`](Call::usage) says otherwise, by [Create](Self::create).
    ///
    /// ```
    /// use kmip_sdk::types::enumerations::HashingAlgorithm;
    /// # let client = kmip_sdk::Client::builder().service(kmip_sdk::server::Server::default()).build()?;
    /// let key = client.create_hmac(HashingAlgorithm::Sha256, 256).activated().send()?;
    /// # Ok::<(), kmip_sdk::Error>(())
    /// ```
    ///
    /// # Errors
    /// As of [`create`](Self::create).
    pub fn create_hmac(&self, hash: HashingAlgorithm, bits: u32) -> Call<'_, D, New<CreateRequest>> {
        // A hash that no HMAC of the standard has is left to the server to refuse.
        let algorithm = hmac_with(hash).map(Attribute::CryptographicAlgorithm);
        self.create(ObjectType::SymmetricKey)
            .with_attributes(|attributes| {
                algorithm.into_iter().for_each(|algorithm| attributes.set(algorithm))
            })
            .length(bits)
            .usage(CryptographicUsageMask::MAC_GENERATE | CryptographicUsageMask::MAC_VERIFY)
    }
}

steps! { New<CreateRequest> {
    /// Sets the Protection Storage Masks: where the object may be kept. Since KMIP 2.0.
    protection_storage_masks: ProtectionStorageMasks,
} }
