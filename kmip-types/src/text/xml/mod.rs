//! The XML encoding (`kmip-addtl-msg-enc` section 6.1).

mod codec;
mod fault;
mod options;
mod quick;
mod read;
mod value;
mod write;

pub use codec::XmlMessage;
pub use options::XmlOptions;
use quick::transcode;
use read::{read, read_all};
use value::parse_value;
use write::write;
pub(crate) use write::{start, text_value, value};

/// The namespace of KMIP's elements, where they have one.
const NAMESPACE: &str = "urn:oasis:tc:kmip:xmlns";

/// The element of the general form, whose tag is an attribute.
const GENERAL: &str = "TTLV";

/// Whether XML 1.0 has a form for the character.
fn is_xml(character: char) -> bool {
    matches!(character, '\t' | '\n' | '\r' | '\u{20}'..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..)
}
