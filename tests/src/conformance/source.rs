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
    /// XML: any number of messages in elements around them, or none around.
    Xml,
    /// JSON: messages one after another, or in arrays.
    Json,
    /// Hex digits of TTLV: any number of messages, in lines as is liked.
    Hex,
}

impl Encoding {
    /// The encoding of a file with this ending.
    pub fn of_extension(extension: &str) -> Option<Self> {
        match extension.to_ascii_lowercase().as_str() {
            "xml" => Some(Self::Xml),
            "json" => Some(Self::Json),
            "hex" => Some(Self::Hex),
            _ => None,
        }
    }
}
