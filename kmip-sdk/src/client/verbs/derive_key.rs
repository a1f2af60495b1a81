//! Derive Key: makes a symmetric key or secret data from others.

use kmip_types::SecretBytes;
use kmip_types::attribute::{Attributes, UniqueIdentifier};
use kmip_types::enumerations::{CryptographicAlgorithm, DerivationMethod, HashingAlgorithm, ObjectType};
use kmip_types::masks::CryptographicUsageMask;
use kmip_types::operation::{DerivationParameters, DeriveKeyRequest};

use super::new_object::New;
use super::{Refine, length};
use crate::client::{Call, Client, Driver};

impl<D: Driver> Client<D> {
    /// To make an object of this type from a key or secret data of the server's, by this method. Steps say with which
    /// parameters, and which attributes it is to have.
    ///
    /// The methods in use have verbs of their own: [`derive_hkdf`](Self::derive_hkdf),
    /// [`derive_pbkdf2`](Self::derive_pbkdf2), [`derive_hmac`](Self::derive_hmac), [`derive_hash`](Self::derive_hash),
    /// [`derive_encrypt`](Self::derive_encrypt), [`derive_counter`](Self::derive_counter).
    ///
    /// ```
    /// use kmip_sdk::types::enumerations::{DerivationMethod, HashingAlgorithm, ObjectType};
    /// use kmip_sdk::usage::DERIVE_KEY;
    /// # let client = kmip_sdk::Client::builder().service(kmip_sdk::server::Server::default()).build()?;
    /// let key = client.create_hmac(HashingAlgorithm::Sha256, 256).usage(DERIVE_KEY).activated().send()?;
    /// let derived = client
    ///     .derive_key(ObjectType::SecretData, &key, DerivationMethod::Hmac)
    ///     .derivation_data("tenant 7")
    ///     .length(256)
    ///     .send()?;
    /// println!("{}", derived.unique_identifier);
    /// # Ok::<(), kmip_sdk::Error>(())
    /// ```
    #[doc = include_str!("facts/derive_key.md")]
    pub fn derive_key(
        &self,
        object_type: ObjectType,
        from: impl Into<UniqueIdentifier>,
        method: DerivationMethod,
    ) -> Call<'_, D, New<DeriveKeyRequest>> {
        let parameters = DerivationParameters::default();
        let request = DeriveKeyRequest::new(object_type, [from], method, parameters, Attributes::new());
        Call::new(self, New::of(request))
    }

    /// To make an AES key of this length, in bits, by HKDF, the HMAC-based extract-and-expand function (RFC 5869), with
    /// SHA-256 unless [`hashing_algorithm`](Call::hashing_algorithm) says otherwise, by [Derive Key](Self::derive_key).
    /// [`salt`](Call::salt) sets the salt, [`derivation_data`](Call::derivation_data) the optional information. Since
    /// KMIP 2.0.
    ///
    /// ```
    /// use kmip_sdk::usage::DERIVE_KEY;
    /// # let client = kmip_sdk::Client::builder().service(kmip_sdk::server::Server::default()).build()?;
    /// let key = client.create_aes(256).usage(DERIVE_KEY).activated().send()?;
    /// let derived = client.derive_hkdf(&key, 256).salt("2026").derivation_data("tenant 7").activated().send()?;
    /// let encrypted = client.encrypt(&derived, "attack at dawn").aes_gcm().send()?;
    /// # Ok::<(), kmip_sdk::Error>(())
    /// ```
    ///
    /// # Errors
    /// As of [`derive_key`](Self::derive_key).
    pub fn derive_hkdf(
        &self,
        from: impl Into<UniqueIdentifier>,
        bits: u32,
    ) -> Call<'_, D, New<DeriveKeyRequest>> {
        self.derive_aes(from, DerivationMethod::Hkdf, bits)
    }

    /// To make an AES key of this length, in bits, from a password that the server has, by PBKDF2 (RFC 8018) with HMAC
    /// and this hash, by [Derive Key](Self::derive_key).
    ///
    /// ```
    /// use kmip_sdk::types::enumerations::HashingAlgorithm;
    /// use kmip_sdk::types::object::SecretData;
    /// use kmip_sdk::usage::DERIVE_KEY;
    /// # let client = kmip_sdk::Client::builder().service(kmip_sdk::server::Server::default()).build()?;
    /// let password = client.register(SecretData::password("hunter2")).usage(DERIVE_KEY).activated().send()?;
    /// let salt = client.rng_retrieve(16).send()?;
    /// let iterations = 1_000; // 600,000 and more in earnest.
    /// let key = client.derive_pbkdf2(&password, HashingAlgorithm::Sha256, salt.reveal(), iterations, 256).send()?;
    /// # Ok::<(), kmip_sdk::Error>(())
    /// ```
    ///
    /// # Errors
    /// As of [`derive_key`](Self::derive_key).
    pub fn derive_pbkdf2(
        &self,
        password: impl Into<UniqueIdentifier>,
        hash: HashingAlgorithm,
        salt: impl Into<Vec<u8>>,
        iterations: u32,
        bits: u32,
    ) -> Call<'_, D, New<DeriveKeyRequest>> {
        self.derive_aes(password, DerivationMethod::Pbkdf2, bits)
            .hashing_algorithm(hash)
            .salt(salt)
            .iteration_count(iterations)
    }

    /// To make an AES key of this length, in bits, of the HMAC of this data under the key that it is derived from,
    /// whose attributes say the hash, by [Derive Key](Self::derive_key).
    ///
    /// ```
    /// use kmip_sdk::types::enumerations::HashingAlgorithm;
    /// use kmip_sdk::usage::DERIVE_KEY;
    /// # let client = kmip_sdk::Client::builder().service(kmip_sdk::server::Server::default()).build()?;
    /// let key = client.create_hmac(HashingAlgorithm::Sha256, 256).usage(DERIVE_KEY).activated().send()?;
    /// let derived = client.derive_hmac(&key, "tenant 7", 256).send()?;
    /// # Ok::<(), kmip_sdk::Error>(())
    /// ```
    ///
    /// # Errors
    /// As of [`derive_key`](Self::derive_key).
    pub fn derive_hmac(
        &self,
        from: impl Into<UniqueIdentifier>,
        data: impl Into<SecretBytes>,
        bits: u32,
    ) -> Call<'_, D, New<DeriveKeyRequest>> {
        self.derive_aes(from, DerivationMethod::Hmac, bits).derivation_data(data)
    }

    /// To make an AES key of this length, in bits, of the hash of the key that it is derived from, by
    /// [Derive Key](Self::derive_key).
    ///
    /// ```
    /// use kmip_sdk::types::enumerations::HashingAlgorithm;
    /// use kmip_sdk::usage::DERIVE_KEY;
    /// # let client = kmip_sdk::Client::builder().service(kmip_sdk::server::Server::default()).build()?;
    /// let key = client.create_aes(256).usage(DERIVE_KEY).activated().send()?;
    /// let derived = client.derive_hash(&key, HashingAlgorithm::Sha256, 256).send()?;
    /// # Ok::<(), kmip_sdk::Error>(())
    /// ```
    ///
    /// # Errors
    /// As of [`derive_key`](Self::derive_key).
    pub fn derive_hash(
        &self,
        from: impl Into<UniqueIdentifier>,
        hash: HashingAlgorithm,
        bits: u32,
    ) -> Call<'_, D, New<DeriveKeyRequest>> {
        self.derive_aes(from, DerivationMethod::Hash, bits).hashing_algorithm(hash)
    }

    /// To make an AES key of this length, in bits, of this data encrypted with the key that it is derived from, by
    /// [Derive Key](Self::derive_key). How it is encrypted is said by a step, such as [`aes_cbc`](Call::aes_cbc), and
    /// with which [`initialization_vector`](Call::initialization_vector), an empty one unless it is said.
    ///
    /// ```
    /// use kmip_sdk::usage::DERIVE_KEY;
    /// # let client = kmip_sdk::Client::builder().service(kmip_sdk::server::Server::default()).build()?;
    /// let key = client.create_aes(256).usage(DERIVE_KEY).activated().send()?;
    /// let derived = client
    ///     .derive_encrypt(&key, "tenant 7, the data of which key?", 256)
    ///     .aes_cbc()
    ///     .initialization_vector([7; 16])
    ///     .send()?;
    /// # Ok::<(), kmip_sdk::Error>(())
    /// ```
    ///
    /// # Errors
    /// As of [`derive_key`](Self::derive_key).
    pub fn derive_encrypt(
        &self,
        from: impl Into<UniqueIdentifier>,
        data: impl Into<SecretBytes>,
        bits: u32,
    ) -> Call<'_, D, New<DeriveKeyRequest>> {
        self.derive_aes(from, DerivationMethod::Encrypt, bits).derivation_data(data)
    }

    /// To make an AES key of this length, in bits, by the function of NIST SP 800-108 in counter mode, whose fixed
    /// input is this data: a label, a byte of zero, and a context. By [Derive Key](Self::derive_key).
    ///
    /// ```
    /// use kmip_sdk::types::enumerations::HashingAlgorithm;
    /// use kmip_sdk::usage::DERIVE_KEY;
    /// # let client = kmip_sdk::Client::builder().service(kmip_sdk::server::Server::default()).build()?;
    /// let key = client.create_hmac(HashingAlgorithm::Sha256, 256).usage(DERIVE_KEY).activated().send()?;
    /// let derived = client.derive_counter(&key, "storage\0tenant 7", 256).send()?;
    /// # Ok::<(), kmip_sdk::Error>(())
    /// ```
    ///
    /// # Errors
    /// As of [`derive_key`](Self::derive_key).
    pub fn derive_counter(
        &self,
        from: impl Into<UniqueIdentifier>,
        data: impl Into<SecretBytes>,
        bits: u32,
    ) -> Call<'_, D, New<DeriveKeyRequest>> {
        self.derive_aes(from, DerivationMethod::Nist800_108C, bits).derivation_data(data)
    }

    /// As the verbs for a method make it, unless steps say otherwise.
    fn derive_aes(
        &self,
        from: impl Into<UniqueIdentifier>,
        method: DerivationMethod,
        bits: u32,
    ) -> Call<'_, D, New<DeriveKeyRequest>> {
        self.derive_key(ObjectType::SymmetricKey, from, method)
            .algorithm(CryptographicAlgorithm::Aes)
            .length(bits)
            .usage(CryptographicUsageMask::ENCRYPT | CryptographicUsageMask::DECRYPT)
    }
}

impl<D: Driver> Call<'_, D, New<DeriveKeyRequest>> {
    /// Adds an object to those to derive from, such as secret data whose bytes are the Derivation Data.
    pub fn also_from(self, object: impl Into<UniqueIdentifier>) -> Self {
        self.refining(|request| request.unique_identifier.push(object.into()))
    }

    /// Sets all Derivation Parameters, in place of what earlier steps said of them.
    pub fn derivation_parameters(self, parameters: DerivationParameters) -> Self {
        self.refining(|request| request.derivation_parameters = parameters)
    }

    /// Adds Derivation Data: what is hashed, encrypted or mixed in. Since KMIP 2.0 a method may take several.
    pub fn derivation_data(self, data: impl Into<SecretBytes>) -> Self {
        self.refining(|request| request.derivation_parameters.derivation_data.push(data.into()))
    }

    /// Sets the Salt.
    pub fn salt(self, salt: impl Into<Vec<u8>>) -> Self {
        self.refining(|request| request.derivation_parameters.salt = Some(salt.into()))
    }

    /// Sets the Initialization Vector.
    pub fn initialization_vector(self, vector: impl Into<Vec<u8>>) -> Self {
        self.refining(|request| request.derivation_parameters.initialization_vector = Some(vector.into()))
    }

    /// Sets the Hashing Algorithm, one of the Cryptographic Parameters.
    pub fn hashing_algorithm(self, hash: HashingAlgorithm) -> Self {
        self.with_parameters(|parameters| parameters.hashing_algorithm = Some(hash))
    }

    /// Sets the Iteration Count.
    pub fn iteration_count(self, count: u32) -> Self {
        match length("the Iteration Count", count) {
            Ok(count) => self.refining(|request| request.derivation_parameters.iteration_count = Some(count)),
            Err(error) => self.trying(|_| Err(error)),
        }
    }

    fn refining(self, refine: impl FnOnce(&mut DeriveKeyRequest)) -> Self {
        self.asking(|ask| ask.refine(refine))
    }
}
