//! Operations that make, find, change and give objects.

use kmip_types::attribute::{Attribute, AttributeChange, AttributeReference};
use kmip_types::enumerations::{
    AdjustmentType, EncodingOption, KeyCompressionType, KeyFormatType, KeyWrapType, ObjectGroupMember,
    ObjectType, PutFunction, RevocationReasonCode, WrappingMethod,
};
use kmip_types::masks::{CryptographicUsageMask, StorageStatusMask};
use kmip_types::object::{EncryptionKeyInformation, KeyWrappingSpecification};
use kmip_types::operation::*;
use kmip_types::{DateTime, Interval, ProtocolVersion, Tag, Value};

use super::attributes::whole;
use super::{
    Sample, attributes, identifier, identifiers, key, parameters, sample, since, single, storage, until,
};

const V1_1: ProtocolVersion = ProtocolVersion::V1_1;
const V1_3: ProtocolVersion = ProtocolVersion::V1_3;
const V1_4: ProtocolVersion = ProtocolVersion::V1_4;
const V2_0: ProtocolVersion = ProtocolVersion::V2_0;

pub(super) fn samples(version: ProtocolVersion) -> Vec<Sample> {
    let mut samples = objects(version);
    samples.extend(attributes_of_objects(version));
    samples.extend(states(version));
    samples
}

fn objects(version: ProtocolVersion) -> Vec<Sample> {
    vec![
        sample(
            CreateRequest {
                object_type: ObjectType::SymmetricKey,
                attributes: attributes(),
                protection_storage_masks: since(V2_0, version, storage()),
            },
            CreateResponse {
                object_type: ObjectType::SymmetricKey,
                unique_identifier: identifier(),
                attributes: until(V1_4, version, attributes()),
            },
        ),
        sample(
            CreateKeyPairRequest {
                common_attributes: Some(attributes()),
                private_key_attributes: Some(attributes()),
                public_key_attributes: Some(attributes()),
                common_protection_storage_masks: since(V2_0, version, storage()),
                private_protection_storage_masks: since(V2_0, version, storage()),
                public_protection_storage_masks: since(V2_0, version, storage()),
            },
            CreateKeyPairResponse {
                private_key_unique_identifier: identifiers::PRIVATE_KEY.into(),
                public_key_unique_identifier: identifiers::PUBLIC_KEY.into(),
                private_key_attributes: until(V1_4, version, attributes()),
                public_key_attributes: until(V1_4, version, attributes()),
            },
        ),
        sample(
            RegisterRequest {
                object_type: ObjectType::SymmetricKey,
                attributes: attributes(),
                object: Some(key()),
                protection_storage_masks: since(V2_0, version, storage()),
            },
            RegisterResponse {
                unique_identifier: identifier(),
                attributes: until(V1_4, version, attributes()),
            },
        ),
        sample(
            GetRequest {
                unique_identifier: Some(identifier()),
                key_format_type: Some(KeyFormatType::Raw),
                key_wrap_type: since(V1_4, version, KeyWrapType::AsRegistered),
                key_compression_type: Some(KeyCompressionType::EcPublicKeyTypeUncompressed),
                key_wrapping_specification: Some(Box::new(wrapping(version))),
            },
            GetResponse {
                object_type: ObjectType::SymmetricKey,
                unique_identifier: identifier(),
                object: key(),
            },
        ),
        sample(
            ExportRequest {
                unique_identifier: Some(identifier()),
                key_format_type: Some(KeyFormatType::Raw),
                key_wrap_type: Some(KeyWrapType::NotWrapped),
                key_compression_type: Some(KeyCompressionType::EcPublicKeyTypeUncompressed),
                key_wrapping_specification: Some(Box::new(wrapping(version))),
            },
            ExportResponse {
                object_type: ObjectType::SymmetricKey,
                unique_identifier: identifier(),
                attributes: attributes(),
                object: key(),
            },
        ),
        sample(
            ImportRequest {
                unique_identifier: identifier(),
                object_type: since(V2_0, version, ObjectType::SymmetricKey),
                replace_existing: Some(true),
                key_wrap_type: Some(KeyWrapType::NotWrapped),
                attributes: attributes(),
                object: key(),
            },
            ImportResponse { unique_identifier: identifier() },
        ),
        sample(
            LocateRequest {
                maximum_items: Some(10),
                offset_items: since(V1_3, version, 20),
                storage_status_mask: Some(StorageStatusMask::ON_LINE_STORAGE),
                object_group_member: since(V1_1, version, ObjectGroupMember::GroupMemberFresh),
                attributes: attributes(),
            },
            LocateResponse {
                located_items: since(V1_3, version, 2),
                unique_identifier: vec![identifier(), identifiers::NEW_KEY.into()],
            },
        ),
        sample(
            PutRequest {
                unique_identifier: identifier(),
                put_function: PutFunction::Replace,
                replaced_unique_identifier: Some(identifiers::OLD_KEY.into()),
                object: key(),
                attributes: attributes(),
            },
            PutResponse {},
        ),
    ]
}

fn wrapping(version: ProtocolVersion) -> KeyWrappingSpecification {
    KeyWrappingSpecification {
        wrapping_method: WrappingMethod::Encrypt,
        encryption_key_information: Some(EncryptionKeyInformation {
            unique_identifier: identifiers::WRAPPING_KEY.into(),
            cryptographic_parameters: Some(Box::new(parameters())),
        }),
        mac_signature_key_information: None,
        attribute_name: vec!["Cryptographic Usage Mask".into()],
        encoding_option: since(V1_1, version, EncodingOption::NoEncoding),
    }
}

fn attributes_of_objects(version: ProtocolVersion) -> Vec<Sample> {
    let reference = || AttributeReference::from(Tag::CONTACT_INFORMATION);
    vec![
        sample(
            GetAttributesRequest {
                unique_identifier: Some(identifier()),
                attribute_reference: vec![reference(), AttributeReference::from_name("x-Colour")],
            },
            GetAttributesResponse {
                unique_identifier: identifier(),
                attributes: attributes().into_iter().chain(whole(version)).collect(),
            },
        ),
        sample(
            GetAttributeListRequest { unique_identifier: Some(identifier()) },
            GetAttributeListResponse {
                unique_identifier: identifier(),
                attribute_reference: vec![reference(), Tag::STATE.into()],
            },
        ),
        sample(
            AddAttributeRequest { unique_identifier: Some(identifier()), new_attribute: single() },
            AddAttributeResponse {
                unique_identifier: identifier(),
                attribute: until(V1_4, version, single()),
            },
        ),
        sample(
            ModifyAttributeRequest {
                unique_identifier: Some(identifier()),
                current_attribute: since(V2_0, version, single()),
                new_attribute: single(),
            },
            ModifyAttributeResponse {
                unique_identifier: identifier(),
                attribute: until(V1_4, version, single()),
            },
        ),
        sample(
            DeleteAttributeRequest {
                unique_identifier: Some(identifier()),
                current_attribute: since(V2_0, version, single()),
                attribute_reference: Some(reference()),
                attribute_index: until(V1_4, version, 1),
            },
            DeleteAttributeResponse {
                unique_identifier: identifier(),
                attribute: until(V1_4, version, single()),
            },
        ),
        sample(
            SetAttributeRequest { unique_identifier: Some(identifier()), new_attribute: single() },
            SetAttributeResponse { unique_identifier: identifier() },
        ),
        sample(
            AdjustAttributeRequest {
                unique_identifier: Some(identifier()),
                attribute_reference: counter(version).into(),
                adjustment_type: AdjustmentType::Increment,
                adjustment_value: Some(Value::Integer(2)),
            },
            AdjustAttributeResponse { unique_identifier: identifier() },
        ),
        sample(
            NotifyRequest {
                unique_identifier: identifier(),
                changes: vec![
                    Attribute::LastChangeDate(DateTime::from_seconds(1_700_000_000)).into(),
                    AttributeChange::deleted(Tag::CONTACT_INFORMATION),
                ],
            },
            NotifyResponse {},
        ),
    ]
}

/// An attribute that is a number, to be adjusted.
fn counter(version: ProtocolVersion) -> Tag {
    if version.is_at_least(ProtocolVersion::V2_1) {
        Tag::ROTATE_GENERATION
    } else {
        Tag::CRYPTOGRAPHIC_LENGTH
    }
}

fn states(_: ProtocolVersion) -> Vec<Sample> {
    vec![
        sample(
            ActivateRequest { unique_identifier: Some(identifier()) },
            ActivateResponse { unique_identifier: identifier() },
        ),
        sample(
            RevokeRequest {
                unique_identifier: Some(identifier()),
                revocation_reason: RevocationReasonCode::KeyCompromise.into(),
                compromise_occurrence_date: Some(DateTime::from_seconds(6)),
            },
            RevokeResponse { unique_identifier: identifier() },
        ),
        sample(
            DestroyRequest { unique_identifier: Some(identifier()) },
            DestroyResponse { unique_identifier: identifier() },
        ),
        sample(
            ArchiveRequest { unique_identifier: Some(identifier()) },
            ArchiveResponse { unique_identifier: identifier() },
        ),
        sample(
            RecoverRequest { unique_identifier: Some(identifier()) },
            RecoverResponse { unique_identifier: identifier() },
        ),
        sample(
            ObtainLeaseRequest { unique_identifier: Some(identifier()) },
            ObtainLeaseResponse {
                unique_identifier: identifier(),
                lease_time: Interval::from_seconds(3600),
                last_change_date: DateTime::from_seconds(1_700_000_000),
            },
        ),
        sample(
            GetUsageAllocationRequest { unique_identifier: Some(identifier()), usage_limits_count: 1 << 33 },
            GetUsageAllocationResponse { unique_identifier: identifier() },
        ),
        sample(
            CheckRequest {
                unique_identifier: Some(identifier()),
                usage_limits_count: Some(500),
                cryptographic_usage_mask: Some(CryptographicUsageMask::ENCRYPT),
                lease_time: Some(Interval::from_seconds(60)),
            },
            CheckResponse {
                unique_identifier: Some(identifier()),
                usage_limits_count: Some(500),
                cryptographic_usage_mask: Some(CryptographicUsageMask::ENCRYPT),
                lease_time: Some(Interval::from_seconds(60)),
            },
        ),
    ]
}
