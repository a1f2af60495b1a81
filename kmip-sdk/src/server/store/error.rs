//! What goes wrong in a store.

use std::error::Error;
use std::io;

use kmip_types::enumerations::ResultReason;

use super::Kind;
use crate::answer::Failure;

/// Why a store did not do what it was asked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// Somebody else changed what was to be changed; it is to be done again.
    #[error("somebody else has changed the same")]
    Conflict,
    /// There is no room.
    #[error("there is no room for {0}")]
    Full(Full),
    /// The backend does not answer: its file or its database cannot be read or written.
    #[error("the store cannot be reached")]
    Unavailable(#[source] Box<dyn Error + Send + Sync>),
    /// What is kept is not what was written.
    #[error("the store is damaged: {0}")]
    Corrupt(String),
    /// What is kept was sealed with another master key.
    #[error("the store was sealed with another master key")]
    WrongMasterKey,
    /// The master key cannot be had.
    #[error("the master key cannot be had: {message}")]
    MasterKey {
        /// What is wrong.
        message: String,
        /// Why, if something else says so.
        #[source]
        source: Option<Box<dyn Error + Send + Sync>>,
    },
    /// The store was written by a newer version of this library.
    #[error("the store has schema version {found}, and this library knows {known} at most")]
    Schema {
        /// The version that it has.
        found: u32,
        /// The newest that is known.
        known: u32,
    },
    /// The URL of the store is of no backend that there is.
    #[error("{0:?} is no URL of a store: there are {known}", known = super::url::KNOWN)]
    Url(String),
    /// What is imported goes into an empty store only.
    #[error("the store is not empty")]
    NotEmpty,
    /// What is in the store is a part of what was to be imported.
    #[error(
        "an import into the store is under way or was cut short: if none is under way, remove what is there and import again \
        into an empty place"
    )]
    Importing,
    /// Somebody has the name of a user, or a device of theirs.
    #[error("there is a user with this name, or with one of these devices")]
    UserTaken,
    /// Nobody has the name of a user.
    #[error("there is no user with this name")]
    NoUser,
    /// Something cannot be written so that it can be read again.
    #[error("a record cannot be encoded: {0}")]
    Encoding(String),
}

/// What there is no room for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Full {
    /// One record more of a kind.
    Records(Kind),
    /// More bytes in records of a kind.
    Bytes(Kind),
    /// More on the disk.
    Disk,
}

impl std::fmt::Display for Full {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Records(Kind::OBJECT) => "another object",
            Self::Bytes(Kind::OBJECT) => "so large an object",
            Self::Records(Kind::TICKET) => "another ticket",
            Self::Bytes(Kind::ASYNCHRONOUS) => "a result of this size that is asked for later",
            Self::Records(_) => "another record",
            Self::Bytes(_) => "so large a record",
            Self::Disk => "more on the disk",
        })
    }
}

impl StoreError {
    /// The error that stands for one of input and output.
    pub fn from_io(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge => {
                Self::Full(Full::Disk)
            }
            _ => Self::Unavailable(Box::new(error)),
        }
    }

    /// Whether it may be about one record, and others are as they should be.
    pub(crate) fn is_of_one_record(&self) -> bool {
        matches!(self, Self::Corrupt(_) | Self::WrongMasterKey | Self::Encoding(_))
    }

    pub(crate) fn master_key(message: impl Into<String>) -> Self {
        Self::MasterKey { message: message.into(), source: None }
    }
}

/// What a client is told. What exactly is wrong with the store is the operator's to know, who reads it in the log.
impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        let (reason, message) = match &error {
            StoreError::Full(full) => {
                return Self::new(
                    ResultReason::ServerLimitExceeded,
                    format!("the server has no room for {full}"),
                );
            }
            StoreError::Conflict => (ResultReason::GeneralFailure, "somebody else has changed the same"),
            StoreError::Unavailable(_) => {
                (ResultReason::GeneralFailure, "the server's store cannot be reached")
            }
            StoreError::Encoding(_) => {
                (ResultReason::GeneralFailure, "the server cannot keep such an object")
            }
            _ => (ResultReason::InternalServerError, "the server cannot read its store"),
        };
        tracing::error!(%error, source = error.source(), "the store has failed");
        Self::new(reason, message)
    }
}
