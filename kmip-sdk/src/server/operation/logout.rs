//! Logout: has a ticket hold no longer (KMIP 2.1 section 6.1.31).

use kmip_types::operation::{LogoutRequest, LogoutResponse};

use crate::answer::Failure;
use crate::server::context::Context;
use crate::server::shared::Shared;

pub(super) fn logout(context: &mut Context<'_>, request: LogoutRequest) -> Result<LogoutResponse, Failure> {
    context.shared.tickets.check(&request.ticket, context.owner().as_deref())?;
    context.effects.push(Box::new(move |shared: &Shared| shared.tickets.remove(&request.ticket)));
    Ok(LogoutResponse {})
}
