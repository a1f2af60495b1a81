//! Why something cannot be shown.

use crate::item::UnknownTagName;
use crate::text::TextError;
use crate::{DecodeError, EncodeError};

/// Why a value cannot be shown as it was asked for.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ViewError {
    /// No version has a form for the value, or the version that was asked for has none.
    #[error("the value cannot be written: {0}")]
    Encode(#[from] EncodeError),
    /// The bytes are not items of TTLV.
    #[error("the bytes are not TTLV: {0}")]
    Decode(#[from] DecodeError),
    /// The text is not what it should be, or the encoding has no form for a value.
    #[error(transparent)]
    Text(#[from] TextError),
    /// A redaction is for a tag that does not exist.
    #[error("a redaction by tag: {0}")]
    Tag(#[from] UnknownTagName),
    /// A redaction is for a path that cannot be one.
    #[error("a redaction by path, {path:?}: {fault}")]
    Path {
        /// The path.
        path: String,
        /// What is wrong with it.
        fault: String,
    },
    /// Redactions matched nothing.
    #[error("nothing matched {}; what need not match is `optional`", list(rules))]
    Unmatched {
        /// The redactions, in words.
        rules: Vec<String>,
    },
    /// What a redaction stands for is not what it should be. Of the value, nothing is said: it may be a secret.
    #[error("{path} is to be {expected}, and is not")]
    Check {
        /// Where the value is.
        path: String,
        /// What it should be.
        expected: String,
    },
    /// A structure is nested deeper than the limits allow.
    #[error("structures are nested deeper than {limit} levels")]
    Depth {
        /// The limit.
        limit: usize,
    },
    /// A text in a test case would be read as a placeholder.
    #[error("{path} is a text that a test case would take for a placeholder: a redaction can stand for it")]
    Ambiguous {
        /// Where the text is.
        path: String,
    },
}

fn list(rules: &[String]) -> String {
    rules.join(", ")
}
