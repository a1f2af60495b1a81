//! What a server says of itself in answer to Query.

use kmip_derive::Ttlv;

use crate::attribute::Attributes;
use crate::generated::enumerations::{
    DestroyAction, ItemType, ObjectType, ProfileName, RngMode, ShreddingAlgorithm, UnwrapMode,
    ValidationAuthorityType, ValidationType,
};

/// A vendor's own tag (KMIP 1.4 section 2.1.9, 2.1 section 7.13). Since KMIP 1.1.
#[derive(Clone, Debug, PartialEq, Eq, Ttlv)]
pub struct ExtensionInformation {
    /// The name.
    pub extension_name: String,
    /// The tag's number.
    pub extension_tag: Option<i32>,
    /// The item type.
    pub extension_type: Option<ExtensionType>,
    /// The number of the enumeration that names the values.
    #[ttlv(since = "2.0")]
    pub extension_enumeration: Option<i32>,
    /// Whether it is an attribute.
    #[ttlv(since = "2.0")]
    pub extension_attribute: Option<bool>,
    /// The tag's number of the structure that it is in.
    #[ttlv(since = "2.0")]
    pub extension_parent_structure_tag: Option<i32>,
    /// What it is, in words.
    #[ttlv(since = "2.0")]
    pub extension_description: Option<String>,
}

/// Extension Type: an Integer before KMIP 2.0 (1.4 section 2.1.9), an enumeration since (2.1 section 7.13).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Ttlv)]
pub enum ExtensionType {
    /// The number of the item type. KMIP 1.x.
    Integer(i32),
    /// The item type. Since KMIP 2.0.
    #[ttlv(since = "2.0")]
    Enumeration(ItemType),
}

/// A profile that a server keeps to (KMIP 1.4 section 2.1.19, 2.1 section 7.31). Since KMIP 1.3.
#[derive(Clone, Debug, PartialEq, Eq, Ttlv)]
pub struct ProfileInformation {
    /// The profile.
    pub profile_name: ProfileName,
    /// The profile's version.
    #[ttlv(since = "2.0")]
    pub profile_version: Option<ProfileVersion>,
    /// Where the profile is served.
    #[ttlv(tag = "ServerURI")]
    pub server_uri: Option<String>,
    /// The TCP port where the profile is served.
    pub server_port: Option<i32>,
}

/// The version of a profile (KMIP 2.1 section 7.32). Since KMIP 2.0.
#[derive(Clone, Debug, PartialEq, Eq, Ttlv)]
pub struct ProfileVersion {
    /// The first number.
    pub profile_version_major: i32,
    /// The second number.
    pub profile_version_minor: i32,
}

/// A formal validation of a server (KMIP 1.4 section 2.1.20, 2.1 section 7.41). Since KMIP 1.3.
#[derive(Clone, Debug, PartialEq, Eq, Ttlv)]
pub struct ValidationInformation {
    /// The kind of authority.
    pub validation_authority_type: ValidationAuthorityType,
    /// The authority's country, by two letters.
    pub validation_authority_country: Option<String>,
    /// The authority's address.
    #[ttlv(tag = "ValidationAuthorityURI")]
    pub validation_authority_uri: Option<String>,
    /// The first number of the validation's version.
    pub validation_version_major: i32,
    /// The second number of the validation's version.
    pub validation_version_minor: Option<i32>,
    /// The kind of validation.
    pub validation_type: ValidationType,
    /// The level.
    pub validation_level: i32,
    /// The certificate's name.
    pub validation_certificate_identifier: Option<String>,
    /// The certificate's address.
    #[ttlv(tag = "ValidationCertificateURI")]
    pub validation_certificate_uri: Option<String>,
    /// The vendor's address.
    #[ttlv(tag = "ValidationVendorURI")]
    pub validation_vendor_uri: Option<String>,
    /// The profiles that were validated.
    pub validation_profile: Vec<String>,
}

/// What a server can do (KMIP 1.4 section 2.1.21, 2.1 section 7.5). Since KMIP 1.3.
#[derive(Clone, Debug, Default, PartialEq, Eq, Ttlv)]
pub struct CapabilityInformation {
    /// Whether it does cryptographic operations in parts.
    pub streaming_capability: Option<bool>,
    /// Whether it answers later.
    pub asynchronous_capability: Option<bool>,
    /// Whether it takes attestations.
    pub attestation_capability: Option<bool>,
    /// Whether it undoes a batch.
    #[ttlv(since = "1.4")]
    pub batch_undo_capability: Option<bool>,
    /// Whether it goes on with a batch after a failure.
    #[ttlv(since = "1.4")]
    pub batch_continue_capability: Option<bool>,
    /// What it does with wrapped keys.
    pub unwrap_mode: Option<UnwrapMode>,
    /// What it does on Destroy.
    pub destroy_action: Option<DestroyAction>,
    /// How it shreds.
    pub shredding_algorithm: Option<ShreddingAlgorithm>,
    /// How it has its random number generators.
    #[ttlv(tag = "RNGMode")]
    pub rng_mode: Option<RngMode>,
    /// Whether it withstands quantum computers.
    #[ttlv(since = "2.0")]
    pub quantum_safe_capability: Option<bool>,
}

/// The attributes that objects get unasked (KMIP 2.1 section 7.11). Since KMIP 2.0.
#[derive(Clone, Debug, Default, PartialEq, Ttlv)]
pub struct DefaultsInformation {
    /// The attributes of each kind of object.
    pub object_defaults: Vec<ObjectDefaults>,
}

/// The attributes that a kind of object gets unasked (KMIP 2.1 section 7.22). Since KMIP 2.0.
#[derive(Clone, Debug, PartialEq, Ttlv)]
pub struct ObjectDefaults {
    /// The kind of object.
    pub object_type: Option<ObjectType>,
    /// The attributes.
    pub attributes: Attributes,
    /// The groups to which this applies.
    pub object_groups: Option<ObjectGroups>,
}

/// Groups of objects (KMIP 2.1 section 7.23). Since KMIP 2.0.
#[derive(Clone, Debug, Default, PartialEq, Eq, Ttlv)]
pub struct ObjectGroups {
    /// The groups.
    pub object_group: Vec<String>,
}
