//! Delegated Login: gives a ticket with which some of what the client may do may be done (KMIP 2.1 section 6.1.12).

use std::sync::Arc;

use kmip_types::operation::{DelegatedLoginRequest, DelegatedLoginResponse};

use super::login::give;
use crate::answer::Failure;
use crate::server::access::Caller;
use crate::server::context::Context;

pub(super) fn delegated_login(
    context: &mut Context<'_>,
    request: DelegatedLoginRequest,
) -> Result<DelegatedLoginResponse, Failure> {
    let rights = request.rights.right;
    let has_usage_limits =
        request.usage_limits.is_some() || rights.iter().any(|right| right.usage_limits.is_some());
    let caller = Caller { identity: context.owner(), rights: Some(Arc::new(rights)), ..Caller::default() };
    let ticket = give(context, caller, request.lease_time, request.request_count, has_usage_limits)?;
    Ok(DelegatedLoginResponse { ticket })
}
