//! What can go wrong, in a sentence, and the exit code of it.

use std::path::PathBuf;
use std::process::ExitCode;
use std::{fmt, io};

use kmip_types::escape::Escaped;
use kmip_types::explain::UnknownName;
use kmip_types::text::TextError;
use kmip_types::{DecodeError, EncodeError};

/// The most bytes that are read of an input.
pub(crate) const LARGEST: u64 = 1 << 30;

/// Why the command did not do what it was asked for.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// The standard has no such name.
    #[error(transparent)]
    Unknown(#[from] UnknownName),
    /// No encoding looks like the input.
    #[error("{0}: this is no JSON, XML, hex, Base64 or binary TTLV; --from says what it is")]
    UnknownForm(Name),
    /// The input is not of the encoding that it should be.
    #[error("{0}: {1}")]
    NotOfForm(Name, String),
    /// A message in the input is faulty.
    #[error("{0}: {1}")]
    Text(Name, TextError),
    /// A message in the input is faulty, in binary.
    #[error("{0}: {1}")]
    Decode(Name, DecodeError),
    /// There is no message at all.
    #[error("{0}: this is empty")]
    Empty(Name),
    /// A message cannot be written in the encoding.
    #[error("the message has no form in this encoding: {0}")]
    Write(TextError),
    /// A message cannot be written in binary.
    #[error("the message has no binary form: {0}")]
    Encode(EncodeError),
    /// There is no such subcommand.
    #[error("there is no command {0:?}; kmip --help lists the commands")]
    NoCommand(String),
    /// The input cannot be read.
    #[error("{0} cannot be read: {1}")]
    Read(Name, io::Error),
    /// The input is too large.
    #[error("{0} is larger than {LARGEST} bytes, which is the most that is read")]
    TooLarge(Name),
    /// The output cannot be written.
    #[error("{0} cannot be written: {1}")]
    WriteFile(Name, io::Error),
    /// The standard output cannot be written.
    #[error("the standard output cannot be written: {0}")]
    WriteOutput(io::Error),
}

impl Failure {
    /// 1 for faulty input, 2 for wrong arguments, 3 for what cannot be read or written.
    pub(crate) fn exit_code(&self) -> ExitCode {
        ExitCode::from(match self {
            Self::Unknown(_)
            | Self::UnknownForm(_)
            | Self::NotOfForm(..)
            | Self::Text(..)
            | Self::Decode(..)
            | Self::Empty(_)
            | Self::Write(_)
            | Self::Encode(_) => 1,
            Self::NoCommand(_) => 2,
            Self::Read(..) | Self::TooLarge(_) | Self::WriteFile(..) | Self::WriteOutput(_) => 3,
        })
    }
}

/// The name of a file, for messages.
#[derive(Clone, Debug)]
pub(crate) struct Name(pub(crate) PathBuf);

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.to_str() {
            Some("-") => f.write_str("standard input"),
            _ => write!(f, "{}", Escaped(&self.0.to_string_lossy())),
        }
    }
}
