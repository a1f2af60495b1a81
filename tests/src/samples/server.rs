//! Operations that ask of the server, or of the client, what it is and does.

use kmip_types::attribute::{Attribute, RngParameters};
use kmip_types::enumerations::*;
use kmip_types::operation::*;
use kmip_types::{DateTime, DateTimeExtended, Interval, Item, ProtocolVersion, Tag};

use super::values::{CORRELATION, RANDOM};
use super::{
    Sample, attributes, groups, identifier, identifiers, sample, since, storage, ticket, usage_limits,
};

const V1_1: ProtocolVersion = ProtocolVersion::V1_1;
const V1_2: ProtocolVersion = ProtocolVersion::V1_2;
const V1_3: ProtocolVersion = ProtocolVersion::V1_3;
const V1_4: ProtocolVersion = ProtocolVersion::V1_4;
const V2_0: ProtocolVersion = ProtocolVersion::V2_0;
const V2_1: ProtocolVersion = ProtocolVersion::V2_1;

pub(super) fn samples(version: ProtocolVersion) -> Vec<Sample> {
    let mut samples = vec![query(version)];
    samples.extend(asynchronous());
    samples.extend(logins(version));
    samples.extend(others(version));
    samples
}

fn query(version: ProtocolVersion) -> Sample {
    let list = |since, item| if version.is_at_least(since) { vec![item] } else { Vec::new() };
    let one = ObjectTypeOrTypes::ObjectType(ObjectType::SymmetricKey);
    sample(
        QueryRequest {
            query_function: vec![QueryFunction::QueryOperations, QueryFunction::QueryObjects],
            object_groups: since(V2_1, version, groups()),
        },
        QueryResponse {
            operation: vec![Operation::Create, Operation::Query],
            object_type: vec![ObjectType::SymmetricKey, ObjectType::Certificate],
            vendor_identification: Some("harbour".into()),
            server_information: Some(server_information(version)),
            application_namespace: vec!["ssl".into()],
            extension_information: since(V1_1, version, extension(version)).into_iter().collect(),
            attestation_type: since(V1_2, version, AttestationType::TpmQuote).into_iter().collect(),
            rng_parameters: list(V1_3, rng()),
            profile_information: since(V1_3, version, profile(version)).into_iter().collect(),
            validation_information: since(V1_3, version, validation()).into_iter().collect(),
            capability_information: since(V1_3, version, capability(version)).into_iter().collect(),
            client_registration_method: since(V1_3, version, ClientRegistrationMethod::ClientGenerated)
                .into_iter()
                .collect(),
            defaults_information: since(V2_0, version, defaults(version, &[one])),
            protection_storage_masks: since(V2_0, version, storage()),
        },
    )
}

/// What a server says of itself, as far as the version has it.
pub fn server_information(version: ProtocolVersion) -> ServerInformation {
    let text = |text: &str| since(V2_0, version, text.to_owned());
    ServerInformation {
        server_name: text("kms-1"),
        server_serial_number: text("0001"),
        server_version: text("2.1"),
        server_load: text("3"),
        product_name: text("kms"),
        build_level: text("77"),
        build_date: text("2020-01-01"),
        cluster_info: text("one of three"),
        alternate_failover_endpoints: text("kms-2:5696").into_iter().collect(),
        vendor_specific: vec![Item::integer(Tag::from_raw(0x54_0001), 5)],
    }
}

fn extension(version: ProtocolVersion) -> ExtensionInformation {
    ExtensionInformation {
        extension_name: "Colour".into(),
        extension_tag: Some(0x54_0001),
        extension_type: Some(ItemTypeEnumeration::Integer),
        extension_enumeration: since(V2_0, version, 1),
        extension_attribute: since(V2_0, version, true),
        extension_parent_structure_tag: since(V2_0, version, 0x42_0001),
        extension_description: since(V2_0, version, "a colour".into()),
    }
}

fn rng() -> RngParameters {
    RngParameters {
        rng_algorithm: RngAlgorithm::Drbg,
        cryptographic_algorithm: Some(CryptographicAlgorithm::Aes),
        cryptographic_length: Some(256),
        hashing_algorithm: Some(HashingAlgorithm::Sha256),
        drbg_algorithm: Some(DrbgAlgorithm::Ctr),
        recommended_curve: Some(RecommendedCurve::P256),
        fips186_variation: Some(Fips186Variation::GpXOriginal),
        prediction_resistance: Some(true),
    }
}

fn profile(version: ProtocolVersion) -> ProfileInformation {
    let profile_version = ProfileVersion { profile_version_major: 2, profile_version_minor: 1 };
    ProfileInformation {
        profile_name: if version.is_at_least(ProtocolVersion::V2_0) {
            ProfileName::BaselineServer
        } else {
            ProfileName::BaselineServerBasicKmipV1_2
        },
        profile_version: since(V2_0, version, profile_version),
        server_uri: Some("https://kms-1.example".into()),
        server_port: Some(5696),
    }
}

fn validation() -> ValidationInformation {
    ValidationInformation {
        validation_authority_type: ValidationAuthorityType::NistCmvp,
        validation_authority_country: Some("US".into()),
        validation_authority_uri: Some("https://validation.example".into()),
        validation_version_major: 140,
        validation_version_minor: Some(2),
        validation_type: ValidationType::Hardware,
        validation_level: 3,
        validation_certificate_identifier: Some("1234".into()),
        validation_certificate_uri: Some("https://validation.example/1234".into()),
        validation_vendor_uri: Some("https://kms.example".into()),
        validation_profile: vec!["a".into(), "b".into()],
    }
}

fn capability(version: ProtocolVersion) -> CapabilityInformation {
    CapabilityInformation {
        streaming_capability: Some(true),
        asynchronous_capability: Some(false),
        attestation_capability: Some(true),
        batch_undo_capability: since(V1_4, version, true),
        batch_continue_capability: since(V1_4, version, false),
        unwrap_mode: Some(UnwrapMode::Processed),
        destroy_action: Some(DestroyAction::KeyMaterialDeleted),
        shredding_algorithm: Some(ShreddingAlgorithm::Cryptographic),
        rng_mode: Some(RngMode::SharedInstantiation),
        quantum_safe_capability: since(V2_0, version, true),
    }
}

fn defaults(version: ProtocolVersion, object_types: &[ObjectTypeOrTypes]) -> DefaultsInformation {
    let of = |object_type: &ObjectTypeOrTypes| ObjectDefaults {
        object_type: object_type.clone(),
        attributes: attributes(),
        object_groups: since(V2_1, version, groups()),
    };
    DefaultsInformation { object_defaults: object_types.iter().map(of).collect() }
}

fn asynchronous() -> Vec<Sample> {
    let value = || CORRELATION.to_vec();
    vec![
        sample(
            PollRequest { asynchronous_correlation_value: value() },
            ActivateResponse { unique_identifier: identifier() },
        ),
        sample(
            CancelRequest { asynchronous_correlation_value: value() },
            CancelResponse {
                asynchronous_correlation_value: value(),
                cancellation_result: CancellationResult::Canceled,
            },
        ),
        sample(ProcessRequest { asynchronous_correlation_value: value() }, ProcessResponse {}),
        sample(
            QueryAsynchronousRequestsRequest {
                asynchronous_correlation_values: Some(AsynchronousCorrelationValues {
                    asynchronous_correlation_value: vec![value(), RANDOM.to_vec()],
                }),
                operations: Some(Operations { operation: vec![Operation::Create, Operation::ReKey] }),
            },
            QueryAsynchronousRequestsResponse {
                asynchronous_request: vec![AsynchronousRequest {
                    asynchronous_correlation_value: value(),
                    operation: Operation::ReKey,
                    submission_date: DateTimeExtended::from_microseconds(1_700_000_000_000_001),
                    processing_stage: ProcessingStage::InProcess,
                }],
            },
        ),
    ]
}

fn logins(version: ProtocolVersion) -> Vec<Sample> {
    let right = Right {
        usage_limits: Some(usage_limits()),
        operations: Some(Operations { operation: vec![Operation::Get] }),
        objects: Some(Objects { unique_identifier: vec![identifier(), identifiers::NEW_KEY.into()] }),
        object_groups: since(V2_1, version, groups()),
    };
    vec![
        sample(
            LoginRequest {
                lease_time: Some(LeaseTime::Interval(Interval::from_seconds(3600))),
                request_count: Some(100),
                usage_limits: Some(usage_limits()),
            },
            LoginResponse { ticket: ticket() },
        ),
        sample(
            DelegatedLoginRequest {
                lease_time: Some(LeaseTime::DateTime(DateTime::from_seconds(1_800_000_000))),
                request_count: Some(1),
                usage_limits: Some(usage_limits()),
                rights: Rights { right: vec![right, Right::default()] },
            },
            DelegatedLoginResponse { ticket: ticket() },
        ),
        sample(LogoutRequest { ticket: ticket() }, LogoutResponse {}),
    ]
}

fn others(version: ProtocolVersion) -> Vec<Sample> {
    let constraint = || Constraint {
        object_types: Some(ObjectTypes { object_type: vec![ObjectType::SymmetricKey] }),
        object_groups: Some(groups()),
        attributes: Some([Attribute::CryptographicLength(256)].into_iter().collect()),
    };
    let kinds = [
        ObjectTypeOrTypes::ObjectType(ObjectType::SymmetricKey),
        ObjectTypeOrTypes::ObjectTypes(ObjectTypes {
            object_type: vec![ObjectType::PublicKey, ObjectType::PrivateKey],
        }),
    ];
    let defaults = defaults(version, &kinds);
    let constraints = || Constraints { constraint: vec![constraint(), Constraint::default()] };
    vec![
        sample(
            DiscoverVersionsRequest { protocol_version: ProtocolVersion::ALL.to_vec() },
            DiscoverVersionsResponse { protocol_version: vec![V1_4, V2_0] },
        ),
        sample(
            InteropRequest {
                interop_function: InteropFunction::Begin,
                interop_identifier: "LEDGER-M-1-21".into(),
            },
            InteropResponse {},
        ),
        sample(LogRequest { log_message: "here I am".into() }, LogResponse {}),
        sample(PingRequest {}, PingResponse {}),
        sample(SetConstraintsRequest { constraints: constraints() }, SetConstraintsResponse {}),
        sample(GetConstraintsRequest {}, GetConstraintsResponse { constraints: constraints() }),
        sample(SetDefaultsRequest { defaults_information: Some(defaults) }, SetDefaultsResponse {}),
        sample(
            SetEndpointRoleRequest { endpoint_role: EndpointRole::Client },
            SetEndpointRoleResponse { endpoint_role: EndpointRole::Server },
        ),
    ]
}
