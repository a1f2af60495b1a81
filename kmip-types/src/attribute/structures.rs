//! Attributes that are structures of a few fields.

use kmip_derive::Ttlv;

use crate::attribute::UniqueIdentifier;
use crate::generated::enumerations::{
    AlternativeNameType, KeyValueLocationType, LinkType, NameType, RevocationReasonCode, RotateNameType,
    UsageLimitsUnit,
};

/// A name that a client gives an object (KMIP 1.4 section 3.2, 2.1 section 4.32).
#[derive(Clone, Debug, PartialEq, Eq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "Name")]
pub struct Name {
    /// The name.
    pub name_value: String,
    /// How the name is to be understood.
    pub name_type: NameType,
}

impl Name {
    /// A name in uninterpreted text.
    pub fn text(name_value: impl Into<String>) -> Self {
        Self { name_value: name_value.into(), name_type: NameType::UninterpretedTextString }
    }
}

impl From<&str> for Name {
    fn from(name_value: &str) -> Self {
        Self::text(name_value)
    }
}

impl From<String> for Name {
    fn from(name_value: String) -> Self {
        Self::text(name_value)
    }
}

/// A link to another object (KMIP 1.4 section 3.35, 2.1 section 4.31).
#[derive(Clone, Debug, PartialEq, Eq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "Link")]
pub struct Link {
    /// What the other object is to this one.
    pub link_type: LinkType,
    /// The other object. Text before KMIP 2.0.
    pub linked_object_identifier: UniqueIdentifier,
}

/// How much a key may still be used (KMIP 1.4 section 3.21, 2.1 sections 4.59 and 7.40).
#[derive(Clone, Debug, PartialEq, Eq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "UsageLimits")]
pub struct UsageLimits {
    /// The whole allowance, in the unit.
    pub usage_limits_total: i64,
    /// What is left of it, in the unit.
    pub usage_limits_count: Option<i64>,
    /// The unit: bytes or objects.
    pub usage_limits_unit: UsageLimitsUnit,
}

/// Why an object was revoked (KMIP 1.4 section 3.31, 2.1 section 4.47).
#[derive(Clone, Debug, PartialEq, Eq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "RevocationReason")]
pub struct RevocationReason {
    /// The reason.
    pub revocation_reason_code: RevocationReasonCode,
    /// The reason in words.
    pub revocation_message: Option<String>,
}

impl From<RevocationReasonCode> for RevocationReason {
    fn from(revocation_reason_code: RevocationReasonCode) -> Self {
        Self { revocation_reason_code, revocation_message: None }
    }
}

/// What an application keeps with an object (KMIP 1.4 section 3.36, 2.1 section 4.4).
#[derive(Clone, Debug, PartialEq, Eq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "ApplicationSpecificInformation")]
pub struct ApplicationSpecificInformation {
    /// The application's name space.
    pub application_namespace: String,
    /// The application's data; the server makes it, if omitted. Required before KMIP 1.3.
    pub application_data: Option<String>,
}

/// Another name of an object (KMIP 1.4 section 3.40, 2.1 section 4.2). Since KMIP 1.2.
#[derive(Clone, Debug, PartialEq, Eq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "AlternativeName")]
pub struct AlternativeName {
    /// The name.
    pub alternative_name_value: String,
    /// How the name is to be understood.
    pub alternative_name_type: AlternativeNameType,
}

/// Where a key value is that the server does not have (KMIP 1.4 section 3.42, 2.1 section 4.27).
/// Since KMIP 1.2.
#[derive(Clone, Debug, PartialEq, Eq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "KeyValueLocation")]
pub struct KeyValueLocation {
    /// The place.
    pub key_value_location_value: String,
    /// How the place is to be understood.
    pub key_value_location_type: KeyValueLocationType,
}

/// The name that the newest of rotated objects has (KMIP 2.1 section 4.53). Since KMIP 2.1.
#[derive(Clone, Debug, PartialEq, Eq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "RotateName")]
pub struct RotateName {
    /// The name.
    pub rotate_name_value: String,
    /// How the name is to be understood.
    pub rotate_name_type: RotateNameType,
}
