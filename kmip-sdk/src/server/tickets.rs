//! Tickets, which stand for a login (KMIP 2.1 sections 6.1.12, 6.1.30 and 6.1.31).

use std::collections::HashMap;
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

use kmip_types::enumerations::{ResultReason, TicketType};
use kmip_types::message::Ticket;
use kmip_types::{DateTime, SecretBytes};

use super::access::Caller;
use crate::answer::Failure;

/// How many tickets there may be.
const MAXIMUM: usize = 1000;

/// What a ticket is good for.
#[derive(Clone, Debug)]
pub(crate) struct Login {
    pub(crate) caller: Caller,
    /// Until when it holds.
    pub(crate) until: DateTime,
    /// How many requests may still be made with it.
    pub(crate) requests: Option<u32>,
}

/// All that hold.
#[derive(Default)]
pub(crate) struct Tickets {
    logins: Mutex<HashMap<Vec<u8>, Login>>,
}

impl fmt::Debug for Tickets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tickets").field("logins", &self.lock().len()).finish()
    }
}

/// A ticket with a value that nobody can guess.
pub(crate) fn ticket(value: SecretBytes) -> Ticket {
    Ticket { ticket_type: TicketType::Login, ticket_value: value }
}

fn invalid() -> Failure {
    Failure::new(ResultReason::InvalidTicket, "there is no such ticket, or it holds no longer")
}

impl Tickets {
    /// Refuses one ticket more than there may be.
    pub(crate) fn check_room(&self, now: DateTime) -> Result<(), Failure> {
        let mut logins = self.lock();
        logins.retain(|_, login| login.until > now);
        if logins.len() < MAXIMUM {
            return Ok(());
        }
        let message = format!("the server has no more than {MAXIMUM} tickets");
        Err(Failure::new(ResultReason::ServerLimitExceeded, message))
    }

    /// Keeps what a ticket is good for.
    pub(crate) fn put(&self, ticket: &Ticket, login: Login) {
        self.lock().insert(ticket.ticket_value.reveal().to_vec(), login);
    }

    /// Who has a ticket. One request less may be made with it.
    pub(crate) fn redeem(&self, ticket: &Ticket, now: DateTime) -> Result<Caller, Failure> {
        let mut logins = self.lock();
        let value = ticket.ticket_value.reveal();
        let login = logins.get_mut(value).filter(|_| ticket.ticket_type == TicketType::Login);
        let login = login.ok_or_else(invalid)?;
        let is_left = login.until > now && login.requests != Some(0);
        login.requests = login.requests.map(|left| left.saturating_sub(1));
        let caller = login.caller.clone();
        if !is_left {
            logins.remove(value);
            return Err(invalid());
        }
        Ok(caller)
    }

    /// Whether a ticket is one of these clients'.
    pub(crate) fn check(&self, ticket: &Ticket, identity: Option<&str>) -> Result<(), Failure> {
        let logins = self.lock();
        let login = logins.get(ticket.ticket_value.reveal());
        let is_theirs = login.is_some_and(|login| login.caller.identity.as_deref() == identity);
        if is_theirs { Ok(()) } else { Err(invalid()) }
    }

    /// Has a ticket hold no longer.
    pub(crate) fn remove(&self, ticket: &Ticket) {
        self.lock().remove(ticket.ticket_value.reveal());
    }

    /// Forgets all tickets.
    pub(crate) fn clear(&self) {
        self.lock().clear();
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Vec<u8>, Login>> {
        self.logins.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
