//! Operations in parts: what is open between the requests of a client (KMIP 1.4 section 4.29, 2.1 section 6.1.17).

use std::collections::HashMap;
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

use kmip_types::enumerations::{Operation, ResultReason};
use kmip_types::{DateTime, Interval};

use super::crypto::hash::Hash;
use super::crypto::mac::Mac;
use super::crypto::random::random;
use super::crypto::signature::Signing;
use super::crypto::symmetric::Stream;
use super::operation::Cryptoki;
use crate::answer::Failure;

/// What works on the parts.
pub(crate) enum Running {
    Cipher(Box<dyn Stream>),
    Hash(Box<dyn Hash>),
    Mac(Box<dyn Mac>),
    Signature(Signing),
    /// A use of PKCS#11.
    Cryptoki(Box<Cryptoki>),
}

/// An operation of which not all parts have come.
pub(crate) struct OpenStream {
    pub(crate) operation: Operation,
    /// The key, of what has one.
    pub(crate) key: Option<String>,
    /// Whose it is.
    pub(crate) owner: Option<String>,
    pub(crate) running: Running,
}

impl OpenStream {
    /// Whether it is of this operation, with this key, and this client's.
    fn is(&self, operation: Operation, key: Option<&str>, owner: Option<&str>) -> bool {
        self.operation == operation && self.key.as_deref() == key && self.owner.as_deref() == owner
    }
}

fn not_open() -> Failure {
    let message = "this server has no operation in parts with this Correlation Value open: another that shares its store may";
    Failure::new(ResultReason::InvalidCorrelationValue, message)
}

/// All that is open.
#[derive(Default)]
pub(crate) struct Streams {
    open: Mutex<HashMap<Vec<u8>, (OpenStream, DateTime)>>,
}

impl fmt::Debug for Streams {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Streams").field("open", &self.lock().len()).finish()
    }
}

/// What a client calls a stream by.
pub(crate) fn new_correlation_value() -> Result<Vec<u8>, Failure> {
    Ok(random(16)?.reveal().to_vec())
}

impl Streams {
    /// Refuses one stream more than a client may have; what nobody went on with in time is forgotten first.
    pub(crate) fn check_room(
        &self,
        owner: Option<&str>,
        maximum: usize,
        now: DateTime,
        idle: Interval,
    ) -> Result<(), Failure> {
        let mut open = self.lock();
        let idle = i64::from(idle.seconds());
        open.retain(|_, (_, used)| now.seconds().saturating_sub(used.seconds()) <= idle);
        let count = open.values().filter(|(stream, _)| stream.owner.as_deref() == owner).count();
        if count < maximum {
            return Ok(());
        }
        let message = format!("a client has no more than {maximum} operations in parts open here");
        Err(Failure::new(ResultReason::ServerLimitExceeded, message))
    }

    /// Keeps a stream until its next part comes.
    pub(crate) fn put(&self, correlation_value: Vec<u8>, stream: OpenStream, now: DateTime) {
        self.lock().insert(correlation_value, (stream, now));
    }

    /// Takes a stream out, if it is of this operation, with this key, and this client's.
    pub(crate) fn take(
        &self,
        correlation_value: &[u8],
        operation: Operation,
        key: Option<&str>,
        owner: Option<&str>,
    ) -> Result<OpenStream, Failure> {
        let mut open = self.lock();
        let is_meant = |(stream, _): &(OpenStream, DateTime)| stream.is(operation, key, owner);
        // A client that guesses does not end another's.
        let is_there = open.get(correlation_value).is_some_and(is_meant);
        let taken = if is_there { open.remove(correlation_value) } else { None };
        taken.map(|(stream, _)| stream).ok_or_else(not_open)
    }

    /// Refuses what [`take`](Self::take) would.
    pub(crate) fn check(
        &self,
        correlation_value: &[u8],
        operation: Operation,
        key: Option<&str>,
        owner: Option<&str>,
    ) -> Result<(), Failure> {
        let open = self.lock();
        let is_there =
            open.get(correlation_value).is_some_and(|(stream, _)| stream.is(operation, key, owner));
        if is_there { Ok(()) } else { Err(not_open()) }
    }

    /// Forgets everything that is open of a client's; of everybody's, where the application itself asks.
    pub(crate) fn clear(&self, owner: Option<&str>) {
        self.lock().retain(|_, (stream, _)| owner.is_some() && stream.owner.as_deref() != owner);
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Vec<u8>, (OpenStream, DateTime)>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
