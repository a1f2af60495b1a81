//! What can go wrong, in a sentence, and the exit code of it.

use std::path::PathBuf;
use std::process::ExitCode;
use std::{fmt, io};

use kmip_sdk::{ErrorKind, Phase};
use kmip_types::dump::DumpError;
use kmip_types::escape::Escaped;
use kmip_types::explain::UnknownName;
use kmip_types::text::TextError;
use kmip_types::view::ViewError;

use crate::connection::FLAGS;

/// The most bytes that are read of an input.
pub(crate) const LARGEST: u64 = 1 << 30;

/// Why the command did not do what it was asked for.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// The standard has no such name.
    #[error(transparent)]
    Unknown(#[from] UnknownName),
    /// There is no message in the input.
    #[error("{0}: {1}")]
    Dump(Name, DumpError),
    /// Something is wrong with an input, which was told.
    #[error("the input is faulty")]
    Told,
    /// A message cannot be written in the encoding.
    #[error("the message has no form in this encoding: {0}")]
    Write(TextError),
    /// A message cannot be shown.
    #[error(transparent)]
    View(ViewError),
    /// What varies cannot be left out of hex.
    #[error("--redact cannot be used with --to hex, which shows the bytes as they are")]
    RedactedHex,
    /// There is no such subcommand.
    #[error("there is no command {0:?}; kmip --help lists the commands")]
    NoCommand(String),
    /// A call failed.
    #[error("{}{advice}", in_flags(&in_full(.0.as_ref()), FLAGS), advice = Advice(.0))]
    Call(Box<kmip_sdk::Error>),
    /// What the arguments say is not possible, in words.
    #[error("{0}")]
    Usage(String),
    /// What was looked for is not there, or is not as it should be, in words.
    #[error("{0}")]
    Faulty(String),
    /// Key material cannot be read or written.
    #[error("{0}")]
    Key(#[from] kmip_sdk::keys::KeyError),
    /// Ctrl-C.
    #[error("interrupted")]
    Interrupted,
    /// Ctrl-C, with how far it was.
    #[error("{0}")]
    InterruptedAt(io::Error),
    /// The input cannot be read.
    #[error("{0} cannot be read: {1}")]
    Read(Name, io::Error),
    /// The input is too large.
    #[error("{0} is larger than {LARGEST} bytes, which is the most that is read")]
    TooLarge(Name),
    /// The output cannot be written.
    #[error("{file} cannot be written: {why}", file = .0, why = of_system(.1))]
    WriteFile(Name, io::Error),
    /// The standard output cannot be written.
    #[error("the standard output cannot be written: {0}")]
    WriteOutput(io::Error),
}

impl Failure {
    /// `faulty` for faulty input, 2 for wrong arguments, 3 for what cannot be read or written.
    pub(crate) fn exit_code(&self, faulty: u8) -> ExitCode {
        ExitCode::from(match self {
            Self::Unknown(_) | Self::Dump(..) | Self::Told | Self::Write(_) | Self::View(_) => faulty,
            Self::Key(_) | Self::Faulty(_) => 1,
            Self::NoCommand(_) | Self::RedactedHex | Self::Usage(_) => 2,
            Self::Call(error) => of_call(error),
            Self::Interrupted | Self::InterruptedAt(_) => crate::interrupt::CODE,
            Self::Read(..) | Self::TooLarge(_) | Self::WriteFile(..) | Self::WriteOutput(_) => 3,
        })
    }
}

impl From<kmip_sdk::Error> for Failure {
    fn from(error: kmip_sdk::Error) -> Self {
        // Ctrl-C is what a stream is given up for.
        if crate::interrupt::pressed()
            && let ErrorKind::Stream(why) = error.kind()
        {
            return Self::InterruptedAt(io::Error::other(why.to_string()));
        }
        Self::Call(Box::new(error))
    }
}

/// An error with all that led to it, as far as it does not say so itself.
pub(crate) fn in_full(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        let cause = error.to_string();
        if !text.contains(&cause) {
            text += &format!(": {cause}");
        }
        source = error.source();
    }
    text
}

/// What the system said, without the name of a temporary file beside it.
fn of_system(error: &io::Error) -> String {
    let within = error.get_ref().and_then(std::error::Error::source);
    within.and_then(|within| within.downcast_ref::<io::Error>()).unwrap_or(error).to_string()
}

/// A text of the library's, in which methods of its builders are named, with flags of this command in their place.
pub(crate) fn in_flags(text: &str, flags: &[(&str, &str)]) -> String {
    let replaced = |text: String, (method, flag): &(&str, &str)| text.replace(&format!("`{method}`"), flag);
    let text = flags.iter().fold(text.to_owned(), replaced);
    text.replace("which the method of the name with `_der` takes", "which openssl -inform der turns into PEM")
        .replace(
            "it is PEM text, which the method of the name with `_pem` takes",
            "it is PEM text, and not DER",
        )
}

/// What to do about a failure, as a sentence of its own.
struct Advice<'a>(&'a kmip_sdk::Error);

impl fmt::Display for Advice<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        kmip_sdk::check::advice(self.0)
            .map_or(Ok(()), |advice| write!(f, "\nhelp: {}", in_flags(advice, FLAGS)))
    }
}

/// The exit code of a call that failed, by what failed.
fn of_call(error: &kmip_sdk::Error) -> u8 {
    if error.is_outcome_unknown() {
        return 9;
    }
    match (error.kind(), error.phase()) {
        (ErrorKind::NotValid { .. } | ErrorKind::Key(_) | ErrorKind::Envelope(_), _) => 1,
        (ErrorKind::Stream(_), _) => 3,
        (ErrorKind::Server(_) | ErrorKind::Undone(_) | ErrorKind::NotActivated { .. }, _) => 7,
        (ErrorKind::Tls(_), _) | (_, Phase::Tls) => 6,
        (ErrorKind::Io(_) | ErrorKind::TimedOut { .. } | ErrorKind::Closed, _) => 5,
        (_, Phase::Configure) => 4,
        (_, Phase::Wait | Phase::Connect) => 5,
        (_, Phase::Encode) => 2,
        (_, Phase::Result) => 7,
        _ => 8,
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Each method that the library's errors name is a flag here.
    #[test]
    fn errors_name_flags() {
        let errors = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../src/error");
        let mut count = 0;
        for file in ["configuration.rs", "tls.rs"] {
            let text = std::fs::read_to_string(errors.join(file)).unwrap();
            let is_shown = |line: &&str| !line.trim_start().starts_with("//");
            for line in text.lines().filter(is_shown) {
                for named in line.split('`').skip(1).step_by(2) {
                    let is_method = named.contains('_')
                        && named.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
                    if is_method && !named.starts_with('_') {
                        let flag = in_flags(&format!("`{named}`"), FLAGS);
                        assert!(flag.starts_with("--"), "{named} in {file}");
                        count += 1;
                    }
                }
            }
        }
        assert!(count > 10, "{count}");
    }
}
