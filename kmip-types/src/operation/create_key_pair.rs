//! Create Key Pair: makes a public and a private key.

use kmip_derive::Ttlv;

use crate::attribute::{Attributes, UniqueIdentifier};
use crate::operation::ProtectionStorageMasks;

/// The request of Create Key Pair (KMIP 1.4 section 4.2, 2.1 section 6.1.9).
#[derive(Clone, Debug, Default, PartialEq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "RequestPayload")]
pub struct CreateKeyPairRequest {
    /// The attributes that both keys are to have.
    #[ttlv(formerly = "CommonTemplateAttribute", renamed = "2.0")]
    pub common_attributes: Option<Attributes>,
    /// The attributes that the private key is to have.
    #[ttlv(formerly = "PrivateKeyTemplateAttribute", renamed = "2.0")]
    pub private_key_attributes: Option<Attributes>,
    /// The attributes that the public key is to have.
    #[ttlv(formerly = "PublicKeyTemplateAttribute", renamed = "2.0")]
    pub public_key_attributes: Option<Attributes>,
    /// Where both keys may be kept.
    #[ttlv(since = "2.0")]
    pub common_protection_storage_masks: Option<ProtectionStorageMasks>,
    /// Where the private key may be kept.
    #[ttlv(since = "2.0")]
    pub private_protection_storage_masks: Option<ProtectionStorageMasks>,
    /// Where the public key may be kept.
    #[ttlv(since = "2.0")]
    pub public_protection_storage_masks: Option<ProtectionStorageMasks>,
}

/// The response of Create Key Pair (KMIP 1.4 section 4.2, 2.1 section 6.1.9).
#[derive(Clone, Debug, PartialEq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "ResponsePayload")]
pub struct CreateKeyPairResponse {
    /// The private key.
    pub private_key_unique_identifier: UniqueIdentifier,
    /// The public key.
    pub public_key_unique_identifier: UniqueIdentifier,
    /// Attributes of the private key that the server set unasked.
    #[ttlv(tag = "PrivateKeyTemplateAttribute", until = "1.4")]
    pub private_key_attributes: Option<Attributes>,
    /// Attributes of the public key that the server set unasked.
    #[ttlv(tag = "PublicKeyTemplateAttribute", until = "1.4")]
    pub public_key_attributes: Option<Attributes>,
}
