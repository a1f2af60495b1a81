//! Create Key Pair: makes a private key with its public key.

use kmip_types::attribute::{Attribute, Attributes, CryptographicDomainParameters};
use kmip_types::enumerations::{CryptographicAlgorithm, RecommendedCurve};
use kmip_types::masks::CryptographicUsageMask;
use kmip_types::operation::{CreateKeyPairRequest, ProtectionStorageMasks};

use super::new_object::New;
use super::steps;
use crate::client::{Call, Client, Driver};

impl<D: Driver> Client<D> {
    /// To make a private key with its public key, of this algorithm. Steps with attributes are of both;
    /// [`private_key_attributes`](Call::private_key_attributes) and [`public_key_attributes`](Call::public_key_attributes)
    /// of one.
    ///
    /// ```
    /// use kmip_sdk::types::attribute::Attributes;
    /// use kmip_sdk::types::enumerations::CryptographicAlgorithm;
    /// use kmip_sdk::usage::{SIGN, VERIFY};
    /// # let client = kmip_sdk::Client::builder().service(kmip_sdk::server::Server::default()).build()?;
    /// let pair = client
    ///     .create_key_pair(CryptographicAlgorithm::Rsa)
    ///     .length(2048)
    ///     .private_key_attributes(Attributes::new().with_cryptographic_usage_mask(SIGN).with_name("app, private"))
    ///     .public_key_attributes(Attributes::new().with_cryptographic_usage_mask(VERIFY).with_name("app, public"))
    ///     .send()?;
    /// println!("{} {}", pair.private_key_unique_identifier, pair.public_key_unique_identifier);
    /// # Ok::<(), kmip_sdk::Error>(())
    /// ```
    #[doc = include_str!("facts/create_key_pair.md")]
    pub fn create_key_pair(
        &self,
        algorithm: CryptographicAlgorithm,
    ) -> Call<'_, D, New<CreateKeyPairRequest>> {
        Call::new(self, New::of(CreateKeyPairRequest::default())).algorithm(algorithm)
    }

    /// To make an RSA key pair of this length, in bits, by [Create Key Pair](Self::create_key_pair). What it may be used
    /// for has to be said: [`signing`](Call::signing), [`encrypting`](Call::encrypting).
    ///
    /// ```
    /// # let client = kmip_sdk::Client::builder().service(kmip_sdk::server::Server::default()).build()?;
    /// let pair = client.create_rsa(2048).signing().activated().send()?;
    /// # Ok::<(), kmip_sdk::Error>(())
    /// ```
    ///
    /// # Errors
    /// As of [`create_key_pair`](Self::create_key_pair).
    pub fn create_rsa(&self, bits: u32) -> Call<'_, D, New<CreateKeyPairRequest>> {
        self.create_key_pair(CryptographicAlgorithm::Rsa).length(bits)
    }

    /// To make a key pair on this elliptic curve, by [Create Key Pair](Self::create_key_pair). What it may be used for
    /// has to be said: [`signing`](Call::signing), [`key_agreement`](Call::key_agreement).
    ///
    /// ```
    /// use kmip_sdk::types::enumerations::RecommendedCurve;
    /// # let client = kmip_sdk::Client::builder().service(kmip_sdk::server::Server::default()).build()?;
    /// let pair = client.create_ec(RecommendedCurve::P256).signing().activated().send()?;
    /// # Ok::<(), kmip_sdk::Error>(())
    /// ```
    ///
    /// # Errors
    /// As of [`create_key_pair`](Self::create_key_pair).
    pub fn create_ec(&self, curve: RecommendedCurve) -> Call<'_, D, New<CreateKeyPairRequest>> {
        self.create_key_pair(CryptographicAlgorithm::Ec).curve(curve)
    }
}

impl<D: Driver> Call<'_, D, New<CreateKeyPairRequest>> {
    /// Sets the curve, as Cryptographic Domain Parameters.
    pub fn curve(self, curve: RecommendedCurve) -> Self {
        let parameters = CryptographicDomainParameters::default().with_recommended_curve(curve);
        self.with_attributes(|attributes| {
            attributes.set(Attribute::CryptographicDomainParameters(parameters))
        })
    }

    /// The private key may sign, the public key verify.
    pub fn signing(self) -> Self {
        self.used_for(CryptographicUsageMask::SIGN, CryptographicUsageMask::VERIFY)
    }

    /// The public key may encrypt, the private key decrypt.
    pub fn encrypting(self) -> Self {
        self.used_for(CryptographicUsageMask::DECRYPT, CryptographicUsageMask::ENCRYPT)
    }

    /// Both keys may be used to agree on a key.
    pub fn key_agreement(self) -> Self {
        self.used_for(CryptographicUsageMask::KEY_AGREEMENT, CryptographicUsageMask::KEY_AGREEMENT)
    }

    /// Adds uses to those that earlier steps said.
    fn used_for(self, private: CryptographicUsageMask, public: CryptographicUsageMask) -> Self {
        let add = |attributes: &mut Option<Attributes>, mask| {
            let attributes = attributes.get_or_insert_default();
            let before = attributes.cryptographic_usage_mask().unwrap_or(CryptographicUsageMask::empty());
            attributes.set(Attribute::CryptographicUsageMask(before | mask));
        };
        self.asking(|ask| {
            super::Refine::refine(ask, |request| {
                add(&mut request.private_key_attributes, private);
                add(&mut request.public_key_attributes, public);
            })
        })
    }
}

steps! { New<CreateKeyPairRequest> {
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
