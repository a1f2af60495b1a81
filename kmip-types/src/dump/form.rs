//! The forms in which messages are found.

use core::fmt;

/// What an input is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum DumpForm {
    /// The bytes themselves.
    Binary,
    /// Hex digits and nothing else, save what separates them.
    Hex,
    /// Lines of an offset, bytes in hex and, mostly, what they are as characters.
    HexDump,
    /// Numbers of a byte each, in decimal or hex, as source code and debug output have them.
    Numbers,
    /// Characters and escapes, as string literals have them.
    Escaped,
    /// Base64, in either alphabet.
    Base64,
    /// KMIP's JSON.
    Json,
    /// KMIP's XML.
    Xml,
}

impl DumpForm {
    /// What it is called in a sentence.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Binary => "binary",
            Self::Hex => "hex",
            Self::HexDump => "a hex dump",
            Self::Numbers => "a list of numbers",
            Self::Escaped => "a string with escapes",
            Self::Base64 => "base64",
            Self::Json => "JSON",
            Self::Xml => "XML",
        }
    }
}

impl fmt::Display for DumpForm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
