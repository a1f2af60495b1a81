//! Re-key Key Pair: makes a key pair that takes the place of another. Since KMIP 1.1.

use kmip_derive::Ttlv;

use crate::Interval;
use crate::attribute::{Attributes, UniqueIdentifier};
use crate::operation::ProtectionStorageMasks;

/// The request of Re-key Key Pair (KMIP 1.4 section 4.5, 2.1 section 6.1.47). Since KMIP 1.1.
#[derive(Clone, Debug, Default, PartialEq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "RequestPayload")]
pub struct ReKeyKeyPairRequest {
    /// The private key; the object of the ID Placeholder, if omitted.
    pub private_key_unique_identifier: Option<UniqueIdentifier>,
    /// How long after the Initial Date of the new keys they become active.
    pub offset: Option<Interval>,
    /// The attributes that both keys are to have.
    #[ttlv(formerly = "CommonTemplateAttribute", renamed = "2.0")]
    pub common_attributes: Option<Attributes>,
    /// The attributes that the new private key is to have.
    #[ttlv(formerly = "PrivateKeyTemplateAttribute", renamed = "2.0")]
    pub private_key_attributes: Option<Attributes>,
    /// The attributes that the new public key is to have.
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

/// The response of Re-key Key Pair (KMIP 1.4 section 4.5, 2.1 section 6.1.47). Since KMIP 1.1.
#[derive(Clone, Debug, PartialEq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "ResponsePayload")]
pub struct ReKeyKeyPairResponse {
    /// The new private key.
    pub private_key_unique_identifier: UniqueIdentifier,
    /// The new public key.
    pub public_key_unique_identifier: UniqueIdentifier,
    /// Attributes of the private key that the server set unasked.
    #[ttlv(tag = "PrivateKeyTemplateAttribute", until = "1.4")]
    pub private_key_attributes: Option<Attributes>,
    /// Attributes of the public key that the server set unasked.
    #[ttlv(tag = "PublicKeyTemplateAttribute", until = "1.4")]
    pub public_key_attributes: Option<Attributes>,
}
