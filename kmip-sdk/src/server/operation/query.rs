//! Query: says what the server has (KMIP 1.4 section 4.25, 2.1 section 6.1.40).

use kmip_types::ProtocolVersion;
use kmip_types::enumerations::{
    ClientRegistrationMethod, DestroyAction, ObjectType, Operation, QueryFunction, ResultReason, RngMode,
    UnwrapMode,
};
use kmip_types::masks::ProtectionStorageMask;
use kmip_types::operation::{
    CapabilityInformation, DefaultsInformation, ObjectDefaults, ObjectGroups, ObjectTypeOrTypes,
    ProtectionStorageMasks, QueryRequest, QueryResponse, ServerInformation,
};

use super::factory::usual;
use super::new_object::random_number_generator;
use super::{SUPPORTED, is_answered, is_own};
use crate::answer::Failure;
use crate::server::context::Context;
use crate::server::profiles;
use crate::server::store::OBJECT_TYPES;

pub(super) fn query(context: &mut Context<'_>, request: QueryRequest) -> Result<QueryResponse, Failure> {
    if request.query_function.is_empty() {
        return Err(Failure::new(ResultReason::InvalidMessage, "there is no Query Function"));
    }
    let version = context.version;
    let has_1_3 = version.is_at_least(ProtocolVersion::V1_3);
    let mut response = QueryResponse::default();
    for function in request.query_function {
        match function {
            QueryFunction::QueryOperations => {
                let supported = SUPPORTED.iter().copied();
                let own = supported.filter(|operation| is_own(context.options, *operation, version));
                response.operation = own.collect();
                let added = context.options.handlers.operations();
                for operation in added {
                    if !response.operation.contains(&operation) {
                        response.operation.push(operation);
                    }
                }
            }
            QueryFunction::QueryObjects => {
                let kept = OBJECT_TYPES.iter().copied();
                response.object_type = kept.filter(|object_type| object_type.is_in(version)).collect();
            }
            QueryFunction::QueryServerInformation => {
                let (name, number) = (env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION"));
                response.vendor_identification = Some(format!("{name} {number} embedded server"));
                // Before KMIP 2.0 the structure's fields are the vendor's own.
                let has_fields = version.is_at_least(ProtocolVersion::V2_0);
                let said = |text: &str| has_fields.then(|| text.to_owned());
                response.server_information = Some(ServerInformation {
                    server_name: said("embedded server"),
                    server_version: said(number),
                    product_name: said(name),
                    ..ServerInformation::default()
                });
            }
            QueryFunction::QueryAttestationTypes if version.is_at_least(ProtocolVersion::V1_2) => {
                let attestation = context.options.attestation.as_ref();
                response.attestation_type =
                    attestation.map(|attestation| attestation.kinds.clone()).unwrap_or_default();
            }
            QueryFunction::QueryRngs if has_1_3 => response.rng_parameters = vec![random_number_generator()],
            QueryFunction::QueryProfiles if version.is_at_least(ProtocolVersion::V2_0) => {
                response.profile_information = profiles::kept(context.options, version);
            }
            QueryFunction::QueryClientRegistrationMethods if has_1_3 => {
                // How a client gets its certificate or password is the application's affair.
                response.client_registration_method = vec![ClientRegistrationMethod::Unspecified];
            }
            QueryFunction::QueryCapabilities if has_1_3 => {
                response.capability_information = vec![capabilities(context)];
            }
            QueryFunction::QueryDefaultsInformation if version.is_at_least(ProtocolVersion::V2_0) => {
                response.defaults_information = defaults(context, request.object_groups.as_ref())?;
            }
            QueryFunction::QueryStorageProtectionMasks if version.is_at_least(ProtocolVersion::V2_0) => {
                response.protection_storage_masks = Some(ProtectionStorageMasks {
                    protection_storage_mask: vec![ProtectionStorageMask::SOFTWARE],
                });
            }
            // There are no name spaces for which the server makes Application Data, no extensions that it knows of, no
            // attestation and no validation.
            _ => {}
        }
    }
    Ok(response)
}

/// What new objects in any of the groups get where clients leave it out: what clients have set, then what the server takes for
/// the types of which they have set nothing.
fn defaults(
    context: &Context<'_>,
    groups: Option<&ObjectGroups>,
) -> Result<Option<DefaultsInformation>, Failure> {
    let is_meant = |defaults: &&ObjectDefaults| match (&defaults.object_groups, groups) {
        (Some(of), Some(wanted)) => of.object_group.iter().any(|group| wanted.object_group.contains(group)),
        _ => true,
    };
    let mut object_defaults: Vec<_> = context.shared.defaults()?.iter().filter(is_meant).cloned().collect();
    let has = |defaults: &ObjectDefaults, wanted| match &defaults.object_type {
        ObjectTypeOrTypes::ObjectType(only) => *only == wanted,
        ObjectTypeOrTypes::ObjectTypes(types) => types.object_type.contains(&wanted),
    };
    let types =
        [ObjectType::SymmetricKey, ObjectType::PrivateKey, ObjectType::PublicKey, ObjectType::SecretData];
    let left = types.into_iter().filter(|wanted| !object_defaults.iter().any(|set| has(set, *wanted)));
    let own: Vec<_> = left
        .map(|object_type| ObjectDefaults {
            object_type: ObjectTypeOrTypes::ObjectType(object_type),
            attributes: usual(object_type),
            object_groups: None,
        })
        .collect();
    object_defaults.extend(own);
    Ok(Some(DefaultsInformation { object_defaults }))
}

fn capabilities(context: &Context<'_>) -> CapabilityInformation {
    let version = context.version;
    let has = |operation| is_answered(context.options, operation, version);
    let has_1_4 = version.is_at_least(ProtocolVersion::V1_4);
    CapabilityInformation {
        streaming_capability: Some(has(Operation::Encrypt)),
        asynchronous_capability: Some(has(Operation::Poll)),
        attestation_capability: Some(context.options.attestation.is_some()),
        batch_undo_capability: has_1_4.then_some(true),
        batch_continue_capability: has_1_4.then_some(true),
        unwrap_mode: Some(UnwrapMode::Processed),
        destroy_action: Some(DestroyAction::KeyMaterialDeleted),
        shredding_algorithm: None,
        rng_mode: Some(RngMode::SharedInstantiation),
        quantum_safe_capability: version.is_at_least(ProtocolVersion::V2_0).then_some(false),
    }
}
