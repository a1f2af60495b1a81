//! The operations of the server, one file each.

mod activate;
mod add_attribute;
mod create;
mod create_key_pair;
mod decrypt;
mod delete_attribute;
mod destroy;
mod discover_versions;
mod encrypt;
mod get;
mod get_attribute_list;
mod get_attributes;
mod key_use;
mod locate;
mod modify_attribute;
mod new_object;
mod query;
mod register;
mod revoke;
mod set_attribute;

use kmip_types::ProtocolVersion;
use kmip_types::enumerations::{Operation, ResultReason};
use kmip_types::generated::operations::OPERATIONS;
use kmip_types::operation::{RequestPayload, ResponsePayload};

use super::context::Context;
use super::failure::Failure;

/// Every operation that the server has, in the order of their numbers.
pub(crate) const SUPPORTED: &[Operation] = &[
    Operation::Create,
    Operation::CreateKeyPair,
    Operation::Register,
    Operation::Locate,
    Operation::Get,
    Operation::GetAttributes,
    Operation::GetAttributeList,
    Operation::AddAttribute,
    Operation::ModifyAttribute,
    Operation::DeleteAttribute,
    Operation::Activate,
    Operation::Revoke,
    Operation::Destroy,
    Operation::Query,
    Operation::DiscoverVersions,
    Operation::Encrypt,
    Operation::Decrypt,
    Operation::SetAttribute,
];

/// Whether the server has an operation, in a version that has it too.
pub(crate) fn is_supported(operation: Operation, version: ProtocolVersion) -> bool {
    let row = OPERATIONS.iter().find(|row| row.operation == operation);
    SUPPORTED.contains(&operation)
        && row.is_some_and(|row| {
            version.is_at_least(row.since) && row.until.is_none_or(|until| until.is_at_least(version))
        })
}

/// Does what a request asks for.
pub(crate) fn perform(
    context: &mut Context<'_>,
    operation: Operation,
    payload: RequestPayload,
) -> Result<ResponsePayload, Failure> {
    if let Some(answer) = context.options.handlers.get(operation) {
        return answer(&payload, context.version);
    }
    if !is_supported(operation, context.version) {
        return Err(not_supported(operation));
    }
    match payload {
        RequestPayload::Create(request) => create::create(context, request).map(Into::into),
        RequestPayload::CreateKeyPair(request) => {
            create_key_pair::create_key_pair(context, *request).map(Into::into)
        }
        RequestPayload::Register(request) => register::register(context, *request).map(Into::into),
        RequestPayload::Locate(request) => locate::locate(context, request).map(Into::into),
        RequestPayload::Get(request) => get::get(context, request).map(Into::into),
        RequestPayload::GetAttributes(request) => {
            get_attributes::get_attributes(context, request).map(Into::into)
        }
        RequestPayload::GetAttributeList(request) => {
            get_attribute_list::get_attribute_list(context, request).map(Into::into)
        }
        RequestPayload::AddAttribute(request) => {
            add_attribute::add_attribute(context, request).map(Into::into)
        }
        RequestPayload::ModifyAttribute(request) => {
            modify_attribute::modify_attribute(context, *request).map(Into::into)
        }
        RequestPayload::DeleteAttribute(request) => {
            delete_attribute::delete_attribute(context, *request).map(Into::into)
        }
        RequestPayload::SetAttribute(request) => {
            set_attribute::set_attribute(context, request).map(Into::into)
        }
        RequestPayload::Activate(request) => activate::activate(context, request).map(Into::into),
        RequestPayload::Revoke(request) => revoke::revoke(context, request).map(Into::into),
        RequestPayload::Destroy(request) => destroy::destroy(context, request).map(Into::into),
        RequestPayload::Query(request) => query::query(context, request).map(Into::into),
        RequestPayload::DiscoverVersions(request) => {
            discover_versions::discover_versions(context, request).map(Into::into)
        }
        RequestPayload::Encrypt(request) => encrypt::encrypt(context, request).map(Into::into),
        RequestPayload::Decrypt(request) => decrypt::decrypt(context, *request).map(Into::into),
        _ => Err(not_supported(operation)),
    }
}

fn not_supported(operation: Operation) -> Failure {
    Failure::new(ResultReason::OperationNotSupported, format!("{operation} is not supported"))
}
