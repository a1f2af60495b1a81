//! Query: asks what a server has or, since KMIP 1.3, the server what a client has.

use kmip_derive::Ttlv;

use crate::attribute::RngParameters;
use crate::generated::enumerations::{
    AttestationType, ClientRegistrationMethod, ObjectType, Operation, QueryFunction,
};
use crate::operation::{
    CapabilityInformation, DefaultsInformation, ExtensionInformation, ObjectGroups, ProfileInformation,
    ProtectionStorageMasks, ServerInformation, ValidationInformation,
};

/// The request of Query (KMIP 1.4 sections 4.25 and 5.3, 2.1 sections 6.1.40 and 6.2.4).
#[derive(Clone, Debug, PartialEq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "RequestPayload")]
pub struct QueryRequest {
    /// What to say. From a server to a client, only what the client can say.
    #[ttlv(required)]
    pub query_function: Vec<QueryFunction>,
    /// The groups whose defaults to say; all, if omitted.
    #[ttlv(since = "2.1")]
    pub object_groups: Option<ObjectGroups>,
}

/// The response of Query (KMIP 1.4 sections 4.25 and 5.3, 2.1 sections 6.1.40 and 6.2.4).
#[derive(Clone, Debug, Default, PartialEq, Ttlv)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[ttlv(tag = "ResponsePayload")]
pub struct QueryResponse {
    /// The operations.
    pub operation: Vec<Operation>,
    /// The kinds of object.
    pub object_type: Vec<ObjectType>,
    /// The vendor.
    pub vendor_identification: Option<String>,
    /// What the server says of itself.
    pub server_information: Option<ServerInformation>,
    /// The name spaces of Application Specific Information.
    pub application_namespace: Vec<String>,
    /// The vendor's own tags.
    #[ttlv(since = "1.1")]
    pub extension_information: Vec<ExtensionInformation>,
    /// The kinds of attestation.
    #[ttlv(since = "1.2")]
    pub attestation_type: Vec<AttestationType>,
    /// The random number generators.
    #[ttlv(since = "1.3", tag = "RNGParameters")]
    pub rng_parameters: Vec<RngParameters>,
    /// The profiles.
    #[ttlv(since = "1.3")]
    pub profile_information: Vec<ProfileInformation>,
    /// The formal validations.
    #[ttlv(since = "1.3")]
    pub validation_information: Vec<ValidationInformation>,
    /// The capabilities.
    #[ttlv(since = "1.3")]
    pub capability_information: Vec<CapabilityInformation>,
    /// The ways of registering a client.
    #[ttlv(since = "1.3")]
    pub client_registration_method: Vec<ClientRegistrationMethod>,
    /// The attributes that objects get unasked.
    #[ttlv(since = "2.0")]
    pub defaults_information: Option<DefaultsInformation>,
    /// The places where objects may be kept.
    #[ttlv(since = "2.0")]
    pub protection_storage_masks: Option<ProtectionStorageMasks>,
}
