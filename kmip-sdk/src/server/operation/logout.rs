//! Logout: has a ticket hold no longer (KMIP 2.1 section 6.1.31).

use kmip_types::operation::{LogoutRequest, LogoutResponse};

use crate::answer::Failure;
use crate::server::context::Context;
use crate::server::tickets::{self, Login};

pub(super) fn logout(context: &mut Context<'_>, request: LogoutRequest) -> Result<LogoutResponse, Failure> {
    let owner = context.owner();
    tickets::check(&mut context.store, &request.ticket, owner.as_deref())?;
    context.store.remove::<Login>(request.ticket.ticket_value.reveal())?;
    Ok(LogoutResponse {})
}
