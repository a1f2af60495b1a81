//! What goes wrong between a server and its database.

use deadpool_postgres::{HookError, PoolError};
use tokio_postgres::Error;
use tokio_postgres::error::SqlState;

use crate::server::store::{Full, StoreError};

/// Why the database did not do what it was asked.
pub(super) enum Trouble {
    /// There is no connection to be had.
    Connection(PoolError),
    /// It has refused it, or the connection was lost.
    Database(Error),
    /// It has not answered in time.
    Late,
}

/// What has become of it.
pub(super) enum Fate {
    /// It was not done, and may be if it is asked for once more.
    NotDone,
    /// It was not done, and will not be.
    Refused,
    /// It may have been done or not.
    Unknown,
}

impl Trouble {
    pub(super) fn fate(&self) -> Fate {
        let (error, other) = match self {
            Self::Connection(
                PoolError::Backend(error) | PoolError::PostCreateHook(HookError::Backend(error)),
            ) => (error, Fate::NotDone),
            Self::Connection(_) => return Fate::Refused,
            Self::Database(error) => (error, Fate::Unknown),
            Self::Late => return Fate::Unknown,
        };
        match error.code() {
            Some(code) if is_passing(code) => Fate::NotDone,
            Some(_) => Fate::Refused,
            None => other,
        }
    }
}

/// Whether what was refused with a code was so for a moment only: somebody else was in the way, or the database ends, begins,
/// or has become another's copy.
fn is_passing(code: &SqlState) -> bool {
    [
        &SqlState::T_R_SERIALIZATION_FAILURE,
        &SqlState::T_R_DEADLOCK_DETECTED,
        &SqlState::ADMIN_SHUTDOWN,
        &SqlState::CRASH_SHUTDOWN,
        &SqlState::CANNOT_CONNECT_NOW,
        &SqlState::TOO_MANY_CONNECTIONS,
        &SqlState::READ_ONLY_SQL_TRANSACTION,
        &SqlState::IDLE_IN_TRANSACTION_SESSION_TIMEOUT,
    ]
    .contains(&code)
}

impl From<Trouble> for StoreError {
    fn from(trouble: Trouble) -> Self {
        match trouble {
            Trouble::Connection(
                PoolError::Backend(error) | PoolError::PostCreateHook(HookError::Backend(error)),
            )
            | Trouble::Database(error) => failed(error),
            Trouble::Connection(error) => Self::Unavailable(Box::new(error)),
            Trouble::Late => Self::Unavailable("the database does not answer in time".into()),
        }
    }
}

/// The error that stands for one of the driver's.
pub(super) fn failed(error: Error) -> StoreError {
    match error.code() {
        Some(&SqlState::UNIQUE_VIOLATION) => StoreError::Conflict,
        Some(&SqlState::DISK_FULL) => StoreError::Full(Full::Disk),
        Some(&SqlState::DATA_CORRUPTED | &SqlState::INDEX_CORRUPTED) => {
            StoreError::Corrupt(error.to_string())
        }
        _ => StoreError::Unavailable(Box::new(error)),
    }
}
