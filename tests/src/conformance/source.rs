//! A message as it stands in a file.

use std::path::PathBuf;

/// A message as it stands in a file.
#[derive(Clone, Debug)]
pub struct Message {
    /// The file.
    pub file: PathBuf,
    /// The line at which the message starts, from 1.
    pub line: usize,
    /// The encoding.
    pub encoding: Encoding,
    /// The text, with every `$NAME` replaced.
    pub text: String,
}

/// How the messages of a file are encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// XML: any number of messages in an element around them, or one.
    Xml,
    /// JSON: one message.
    Json,
    /// Hex digits of TTLV: any number of messages, in lines as is liked.
    Hex,
}

impl Encoding {
    /// The encoding of a file with this ending.
    pub fn of_extension(extension: &str) -> Option<Self> {
        match extension {
            "xml" => Some(Self::Xml),
            "json" => Some(Self::Json),
            "hex" => Some(Self::Hex),
            _ => None,
        }
    }
}
