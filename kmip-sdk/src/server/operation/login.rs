//! Login: gives a ticket that stands for who asks (KMIP 2.1 section 6.1.30).

use kmip_types::DateTime;
use kmip_types::enumerations::ResultReason;
use kmip_types::message::Ticket;
use kmip_types::operation::{LeaseTime, LoginRequest, LoginResponse};

use crate::answer::Failure;
use crate::server::access::Caller;
use crate::server::context::Context;
use crate::server::crypto::random::random;
use crate::server::tickets::{self, Login};

pub(super) fn login(context: &mut Context<'_>, request: LoginRequest) -> Result<LoginResponse, Failure> {
    let limits = request.usage_limits.is_some();
    let caller = Caller { proof: None, ..context.caller.clone() };
    let ticket = give(context, caller, request.lease_time, request.request_count, limits)?;
    Ok(LoginResponse { ticket })
}

/// A ticket for a caller. How much may be done with it in bytes or objects is not counted, so such a ticket is refused. Who asks
/// with a ticket gets no other that holds for more.
pub(super) fn give(
    context: &mut Context<'_>,
    caller: Caller,
    lease_time: Option<LeaseTime>,
    request_count: Option<i32>,
    has_usage_limits: bool,
) -> Result<Ticket, Failure> {
    if context.caller.rights.is_some() {
        let message = "who has some rights only cannot give a ticket";
        return Err(Failure::new(ResultReason::PermissionDenied, message));
    }
    if has_usage_limits {
        let message = "the server limits a ticket by requests and time only";
        return Err(Failure::new(ResultReason::FeatureNotSupported, message));
    }
    let now = context.now;
    let after = |seconds: u32| DateTime::from_seconds(now.seconds().saturating_add(i64::from(seconds)));
    let until = match lease_time {
        None => after(context.options.ticket_time.seconds()),
        Some(LeaseTime::Interval(interval)) => after(interval.seconds()),
        Some(LeaseTime::DateTime(time)) => time,
    };
    let until = match context.caller.ticket {
        Some(ticket) if ticket.is_counted => {
            let message = "a ticket for a number of requests gives no other";
            return Err(Failure::new(ResultReason::PermissionDenied, message));
        }
        Some(ticket) => until.min(ticket.until),
        None => until,
    };
    let requests = request_count.map(u32::try_from).transpose();
    let requests = requests
        .ok()
        .filter(|_| until > now)
        .ok_or_else(|| Failure::new(ResultReason::InvalidField, "the ticket would be good for nothing"))?;
    tickets::check_room(&context.shared.store, caller.identity.as_deref(), now)?;
    let ticket = tickets::ticket(random(32)?);
    let value = ticket.ticket_value.clone();
    context.store.put(Login { value, caller, until, requests })?;
    Ok(ticket)
}
