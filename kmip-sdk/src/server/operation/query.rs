//! Query: says what the server has (KMIP 1.4 section 4.25, 2.1 section 6.1.40).

use kmip_types::ProtocolVersion;
use kmip_types::enumerations::{DestroyAction, QueryFunction, ResultReason, RngMode, UnwrapMode};
use kmip_types::masks::ProtectionStorageMask;
use kmip_types::operation::{
    CapabilityInformation, DefaultsInformation, ObjectDefaults, ObjectGroups, ProtectionStorageMasks,
    QueryRequest, QueryResponse, ServerInformation,
};

use super::new_object::random_number_generator;
use super::register::OBJECT_TYPES;
use super::{SUPPORTED, is_own};
use crate::answer::Failure;
use crate::server::context::Context;

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
            QueryFunction::QueryRngs if has_1_3 => response.rng_parameters = vec![random_number_generator()],
            QueryFunction::QueryCapabilities if has_1_3 => {
                response.capability_information = vec![capabilities(version)];
            }
            QueryFunction::QueryDefaultsInformation if version.is_at_least(ProtocolVersion::V2_0) => {
                response.defaults_information = defaults(context, request.object_groups.as_ref());
            }
            QueryFunction::QueryStorageProtectionMasks if version.is_at_least(ProtocolVersion::V2_0) => {
                response.protection_storage_masks = Some(ProtectionStorageMasks {
                    protection_storage_mask: vec![ProtectionStorageMask::SOFTWARE],
                });
            }
            // Of what the others ask for there is none.
            _ => {}
        }
    }
    Ok(response)
}

/// What new objects in any of the groups get where clients leave it out.
fn defaults(context: &Context<'_>, groups: Option<&ObjectGroups>) -> Option<DefaultsInformation> {
    let is_meant = |defaults: &&ObjectDefaults| match (&defaults.object_groups, groups) {
        (Some(of), Some(wanted)) => of.object_group.iter().any(|group| wanted.object_group.contains(group)),
        _ => true,
    };
    let object_defaults: Vec<_> = context.shared.defaults().iter().filter(is_meant).cloned().collect();
    (!object_defaults.is_empty()).then_some(DefaultsInformation { object_defaults })
}

fn capabilities(version: ProtocolVersion) -> CapabilityInformation {
    let has_1_4 = version.is_at_least(ProtocolVersion::V1_4);
    CapabilityInformation {
        streaming_capability: Some(true),
        asynchronous_capability: Some(true),
        attestation_capability: Some(false),
        batch_undo_capability: has_1_4.then_some(true),
        batch_continue_capability: has_1_4.then_some(true),
        unwrap_mode: Some(UnwrapMode::Processed),
        destroy_action: Some(DestroyAction::KeyMaterialDeleted),
        shredding_algorithm: None,
        rng_mode: Some(RngMode::SharedInstantiation),
        quantum_safe_capability: version.is_at_least(ProtocolVersion::V2_0).then_some(false),
    }
}
