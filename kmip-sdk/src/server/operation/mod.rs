//! The operations of the server, one file each.

mod activate;
mod add_attribute;
mod adjust_attribute;
mod archive;
mod cancel;
mod certify;
mod check;
mod create;
mod create_key_pair;
mod create_split_key;
mod decrypt;
mod delegated_login;
mod delete_attribute;
mod derive_key;
mod destroy;
mod encrypt;
mod export;
mod factory;
mod get;
mod get_attribute_list;
mod get_attributes;
mod get_constraints;
mod get_usage_allocation;
mod hash;
mod import;
mod interop;
mod join_split_key;
mod key_use;
mod locate;
mod log;
mod login;
mod logout;
mod mac;
mod mac_verify;
mod modify_attribute;
mod new_object;
mod obtain_lease;
mod parts;
mod ping;
mod pkcs_11;
mod pkcs_12;
mod process;
mod query;
mod query_asynchronous_requests;
mod re_certify;
mod re_key;
mod re_key_key_pair;
mod re_provision;
mod recover;
mod register;
mod replacing;
mod revoke;
mod rng_retrieve;
mod rng_seed;
mod set_attribute;
mod set_constraints;
mod set_defaults;
mod sign;
mod signature_verify;
mod templates;
mod validate;
mod wrapping;

use kmip_types::ProtocolVersion;
use kmip_types::enumerations::Operation;
use kmip_types::generated::operations::OPERATIONS;
use kmip_types::operation::{RequestPayload, ResponsePayload};
pub(crate) use pkcs_11::Cryptoki;

use super::context::{Context, denied};
use super::options::ServerOptions;
use crate::answer::{Failure, common_versions, not_supported, take_role};

/// Every operation that the server has, in the order of their numbers.
pub(crate) const SUPPORTED: &[Operation] = &[
    Operation::Create,
    Operation::CreateKeyPair,
    Operation::Register,
    Operation::ReKey,
    Operation::DeriveKey,
    Operation::Certify,
    Operation::ReCertify,
    Operation::Locate,
    Operation::Check,
    Operation::Get,
    Operation::GetAttributes,
    Operation::GetAttributeList,
    Operation::AddAttribute,
    Operation::ModifyAttribute,
    Operation::DeleteAttribute,
    Operation::ObtainLease,
    Operation::GetUsageAllocation,
    Operation::Activate,
    Operation::Revoke,
    Operation::Destroy,
    Operation::Archive,
    Operation::Recover,
    Operation::Validate,
    Operation::Query,
    Operation::Cancel,
    Operation::Poll,
    Operation::ReKeyKeyPair,
    Operation::DiscoverVersions,
    Operation::Encrypt,
    Operation::Decrypt,
    Operation::Sign,
    Operation::SignatureVerify,
    Operation::Mac,
    Operation::MacVerify,
    Operation::RngRetrieve,
    Operation::RngSeed,
    Operation::Hash,
    Operation::CreateSplitKey,
    Operation::JoinSplitKey,
    Operation::Import,
    Operation::Export,
    Operation::Log,
    Operation::Login,
    Operation::Logout,
    Operation::DelegatedLogin,
    Operation::Pkcs11,
    Operation::Interop,
    Operation::AdjustAttribute,
    Operation::SetAttribute,
    Operation::SetEndpointRole,
    Operation::Ping,
    Operation::Process,
    Operation::ReProvision,
    Operation::QueryAsynchronousRequests,
    Operation::GetConstraints,
    Operation::SetConstraints,
    Operation::SetDefaults,
];

/// Whether the server has an operation, in a version that has it too.
pub(crate) fn is_supported(operation: Operation, version: ProtocolVersion) -> bool {
    let row = OPERATIONS.iter().find(|row| row.operation == operation);
    SUPPORTED.contains(&operation)
        && row.is_some_and(|row| {
            version.is_at_least(row.since) && row.until.is_none_or(|until| until.is_at_least(version))
        })
}

/// Whether the server that was made with these options has an operation of its own, in a version that has it too.
pub(crate) fn is_own(options: &ServerOptions, operation: Operation, version: ProtocolVersion) -> bool {
    is_supported(operation, version)
        && options.operations.as_ref().is_none_or(|operations| operations.contains(&operation))
}

/// Whether the server, or the application that made it, answers an operation in a version.
pub(crate) fn is_answered(options: &ServerOptions, operation: Operation, version: ProtocolVersion) -> bool {
    options.handlers.get(operation).is_some() || is_own(options, operation, version)
}

/// Does what a request asks for.
pub(crate) fn perform(
    context: &mut Context<'_>,
    operation: Operation,
    payload: RequestPayload,
) -> Result<ResponsePayload, Failure> {
    if let Some(answer) = context.options.handlers.get(operation) {
        if !context.caller.may(operation) {
            return Err(denied(operation));
        }
        context.operation = operation;
        return answer(&payload, context);
    }
    perform_own(context, operation, payload)
}

/// Does an operation of the server's own.
pub(crate) fn perform_own(
    context: &mut Context<'_>,
    operation: Operation,
    payload: RequestPayload,
) -> Result<ResponsePayload, Failure> {
    if !is_own(context.options, operation, context.version) {
        return Err(not_supported(operation));
    }
    if !context.caller.may(operation) {
        return Err(denied(operation));
    }
    carry_out(context, operation, payload)
}

/// Does an operation, whoever may ask for it.
pub(crate) fn carry_out(
    context: &mut Context<'_>,
    operation: Operation,
    payload: RequestPayload,
) -> Result<ResponsePayload, Failure> {
    context.operation = operation;
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
        RequestPayload::Encrypt(request) => encrypt::encrypt(context, request).map(Into::into),
        RequestPayload::Decrypt(request) => decrypt::decrypt(context, *request).map(Into::into),
        RequestPayload::Certify(request) => certify::certify(context, request).map(Into::into),
        RequestPayload::ReCertify(request) => re_certify::re_certify(context, *request).map(Into::into),
        RequestPayload::Validate(request) => validate::validate(context, request).map(Into::into),
        RequestPayload::ReKey(request) => re_key::re_key(context, request).map(Into::into),
        RequestPayload::ReKeyKeyPair(request) => {
            re_key_key_pair::re_key_key_pair(context, *request).map(Into::into)
        }
        RequestPayload::ReProvision(request) => re_provision::re_provision(context, request).map(Into::into),
        RequestPayload::DeriveKey(request) => derive_key::derive_key(context, *request).map(Into::into),
        RequestPayload::CreateSplitKey(request) => {
            create_split_key::create_split_key(context, *request).map(Into::into)
        }
        RequestPayload::JoinSplitKey(request) => {
            join_split_key::join_split_key(context, request).map(Into::into)
        }
        RequestPayload::Import(request) => import::import(context, *request).map(Into::into),
        RequestPayload::Export(request) => export::export(context, request).map(Into::into),
        RequestPayload::Login(request) => login::login(context, request).map(Into::into),
        RequestPayload::Logout(request) => logout::logout(context, request).map(Into::into),
        RequestPayload::DelegatedLogin(request) => {
            delegated_login::delegated_login(context, request).map(Into::into)
        }
        RequestPayload::Pkcs11(request) => pkcs_11::pkcs_11(context, request).map(Into::into),
        RequestPayload::GetConstraints(_) => get_constraints::get_constraints(context).map(Into::into),
        RequestPayload::SetConstraints(request) => {
            set_constraints::set_constraints(context, request).map(Into::into)
        }
        RequestPayload::SetDefaults(request) => set_defaults::set_defaults(context, request).map(Into::into),
        RequestPayload::Cancel(request) => cancel::cancel(context, request).map(Into::into),
        RequestPayload::Process(request) => process::process(context, &request).map(Into::into),
        RequestPayload::QueryAsynchronousRequests(request) => {
            query_asynchronous_requests::query_asynchronous_requests(context, &request).map(Into::into)
        }
        RequestPayload::Check(request) => check::check(context, request).map(Into::into),
        RequestPayload::ObtainLease(request) => obtain_lease::obtain_lease(context, request).map(Into::into),
        RequestPayload::GetUsageAllocation(request) => {
            get_usage_allocation::get_usage_allocation(context, request).map(Into::into)
        }
        RequestPayload::Archive(request) => archive::archive(context, request).map(Into::into),
        RequestPayload::Recover(request) => recover::recover(context, request).map(Into::into),
        RequestPayload::Sign(request) => sign::sign(context, request).map(Into::into),
        RequestPayload::SignatureVerify(request) => {
            signature_verify::signature_verify(context, request).map(Into::into)
        }
        RequestPayload::Mac(request) => mac::mac(context, request).map(Into::into),
        RequestPayload::MacVerify(request) => mac_verify::mac_verify(context, request).map(Into::into),
        RequestPayload::RngRetrieve(request) => rng_retrieve::rng_retrieve(context, request).map(Into::into),
        RequestPayload::RngSeed(request) => rng_seed::rng_seed(context, request).map(Into::into),
        RequestPayload::Hash(request) => hash::hash(context, *request).map(Into::into),
        RequestPayload::Log(request) => Ok(log::log(request).into()),
        RequestPayload::Interop(request) => interop::interop(context, request).map(Into::into),
        RequestPayload::AdjustAttribute(request) => {
            adjust_attribute::adjust_attribute(context, request).map(Into::into)
        }
        RequestPayload::SetEndpointRole(request) => take_role(&request, context.may_turn).map(Into::into),
        RequestPayload::DiscoverVersions(request) => {
            Ok(common_versions(&context.options.versions, &request).into())
        }
        RequestPayload::Ping(request) => Ok(ping::ping(request).into()),
        _ => Err(not_supported(operation)),
    }
}
