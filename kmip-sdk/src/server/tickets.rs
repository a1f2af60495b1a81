//! Tickets, which stand for a login (KMIP 2.1 sections 6.1.12, 6.1.30 and 6.1.31).

use std::sync::Arc;

use kmip_types::enumerations::{ResultReason, TicketType};
use kmip_types::message::Ticket;
use kmip_types::operation::Right;
use kmip_types::{DateTime, SecretBytes, Ttlv};
use zeroize::Zeroizing;

use super::access::Caller;
use super::shares::{self, Share};
use super::store::{
    Bound, Indexes, Kind, Store, StoreError, Stored, Transaction, decode_record, encode_record,
};
use crate::answer::Failure;

/// What tickets may come to in the store.
pub(crate) const BOUND: Bound = shares::bound(Kind::TICKET, Login::OF_ALL);

/// What a ticket is good for.
#[derive(Clone, Debug)]
pub(crate) struct Login {
    /// The value of the ticket.
    pub(crate) value: SecretBytes,
    pub(crate) caller: Caller,
    /// Until when it holds.
    pub(crate) until: DateTime,
    /// How many requests may still be made with it.
    pub(crate) requests: Option<u32>,
}

/// What a ticket that somebody asks with holds for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Held {
    /// Until when.
    pub(crate) until: DateTime,
    /// Whether it holds for a number of requests.
    pub(crate) is_counted: bool,
}

/// What is kept of it.
#[derive(Ttlv)]
struct LoginRecord {
    #[ttlv(tag = 0x540030)]
    value: SecretBytes,
    #[ttlv(tag = 0x540031)]
    caller: CallerRecord,
    #[ttlv(tag = 0x540032)]
    until: DateTime,
    #[ttlv(tag = 0x540033)]
    requests: Option<i64>,
}

/// Who asks, as it is kept.
#[derive(Ttlv)]
pub(crate) struct CallerRecord {
    #[ttlv(tag = 0x540034)]
    identity: Option<String>,
    /// Absent where they may do everything.
    #[ttlv(tag = 0x540035)]
    rights: Option<RightsRecord>,
    #[ttlv(tag = 0x540036)]
    proof: Option<SecretBytes>,
    /// Whom the client's certificate named.
    #[ttlv(tag = 0x540037)]
    connection: Option<String>,
    #[ttlv(tag = 0x540038)]
    attested: bool,
    /// Until when the ticket holds that they ask with, and whether it does for a number of requests.
    #[ttlv(tag = 0x540039)]
    ticket_until: Option<DateTime>,
    #[ttlv(tag = 0x54003A)]
    ticket_is_counted: Option<bool>,
}

#[derive(Ttlv)]
pub(crate) struct RightsRecord {
    right: Vec<Right>,
}

impl From<&Vec<Right>> for RightsRecord {
    fn from(rights: &Vec<Right>) -> Self {
        Self { right: rights.clone() }
    }
}

impl From<RightsRecord> for Arc<Vec<Right>> {
    fn from(record: RightsRecord) -> Self {
        Self::new(record.right)
    }
}

impl From<&Caller> for CallerRecord {
    fn from(Caller { identity, rights, proof, connection, ticket, attested, is_told: _ }: &Caller) -> Self {
        let rights = rights.as_deref().map(RightsRecord::from);
        Self {
            identity: identity.clone(),
            rights,
            proof: proof.clone(),
            connection: connection.clone(),
            attested: *attested,
            ticket_until: ticket.map(|ticket| ticket.until),
            ticket_is_counted: ticket.map(|ticket| ticket.is_counted),
        }
    }
}

impl From<CallerRecord> for Caller {
    fn from(record: CallerRecord) -> Self {
        let CallerRecord { identity, rights, proof, connection, attested, .. } = record;
        let rights = rights.map(Into::into);
        let is_counted = record.ticket_is_counted.unwrap_or_default();
        let ticket = record.ticket_until.map(|until| Held { until, is_counted });
        // What is told is the application's to say when the ticket is used.
        Self { identity, rights, proof, connection, ticket, attested, is_told: false }
    }
}

impl Stored for Login {
    const KIND: Kind = Kind::TICKET;

    fn identifier(&self) -> Vec<u8> {
        self.value.reveal().to_vec()
    }

    fn indexes(&self) -> Indexes {
        shares::indexes(self.owner(), self.until)
    }

    fn encode(&self) -> Result<Zeroizing<Vec<u8>>, StoreError> {
        let Self { value, caller, until, requests } = self;
        let (value, caller, requests) = (value.clone(), caller.into(), requests.map(i64::from));
        encode_record(&LoginRecord { value, caller, until: *until, requests })
    }

    fn decode(bytes: &[u8]) -> Result<Self, StoreError> {
        let LoginRecord { value, caller, until, requests } = decode_record(bytes)?;
        let requests = requests.map(|requests| u32::try_from(requests).unwrap_or(0));
        Ok(Self { value, caller: caller.into(), until, requests })
    }
}

impl Share for Login {
    const OF_ONE: u64 = 1000;
    const OF_ALL: u64 = 10_000;

    fn owner(&self) -> Option<&str> {
        self.caller.identity.as_deref()
    }
}

/// A ticket with a value that nobody can guess.
pub(crate) fn ticket(value: SecretBytes) -> Ticket {
    Ticket { ticket_type: TicketType::Login, ticket_value: value }
}

fn invalid() -> Failure {
    Failure::new(ResultReason::InvalidTicket, "there is no such ticket, or it holds no longer")
}

/// Refuses one ticket more than somebody may have, or than there may be.
pub(crate) fn check_room(store: &Store, owner: Option<&str>, now: DateTime) -> Result<(), Failure> {
    if shares::has_room::<Login>(store, owner, now)? {
        return Ok(());
    }
    let (one, all) = (Login::OF_ONE, Login::OF_ALL);
    let message = format!("a client has no more than {one} tickets here, and all together {all}");
    Err(Failure::new(ResultReason::ServerLimitExceeded, message))
}

/// Who has a ticket. One request less may be made with it.
pub(crate) fn redeem(store: &Store, ticket: &Ticket, now: DateTime) -> Result<Caller, Failure> {
    let value = ticket.ticket_value.reveal();
    loop {
        let mut transaction = store.begin(now, &[]);
        let login = transaction.value::<Login>(value)?;
        let login = login.filter(|_| ticket.ticket_type == TicketType::Login).ok_or_else(invalid)?;
        let is_left = login.until > now && login.requests != Some(0);
        if !is_left {
            transaction.remove::<Login>(value)?;
        } else if let Some(requests) = login.requests {
            transaction.put(Login { requests: Some(requests.saturating_sub(1)), ..(*login).clone() })?;
        }
        match transaction.commit() {
            Ok(()) if is_left => {
                let ticket = Some(Held { until: login.until, is_counted: login.requests.is_some() });
                return Ok(Caller { ticket, ..login.caller.clone() });
            }
            Ok(()) => return Err(invalid()),
            // Somebody else asks with it at this moment.
            Err(StoreError::Conflict) => {}
            Err(error) => return Err(error.into()),
        }
    }
}

/// Whether a ticket is one of these clients'.
pub(crate) fn check(
    transaction: &mut Transaction<'_>,
    ticket: &Ticket,
    identity: Option<&str>,
) -> Result<(), Failure> {
    let login = transaction.value::<Login>(ticket.ticket_value.reveal())?;
    let is_theirs = login.is_some_and(|login| login.caller.identity.as_deref() == identity);
    if is_theirs { Ok(()) } else { Err(invalid()) }
}
