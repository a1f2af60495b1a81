//! Takes one message through every encoding.

use kmip_types::message::{RequestMessage, ResponseMessage};
use kmip_types::text::TextCodec;
use kmip_types::ttlv::{Decode, Encode, Mode, Root, decode_with, encode};
use kmip_types::{Item, Limits, ProtocolVersion, Tag};

use super::compare;
use super::source::{Encoding, Message};

/// What is known of a message that passed.
#[derive(Clone, Debug)]
pub struct Passed {
    /// The message as TTLV.
    pub ttlv: Vec<u8>,
    /// Paths of what has no type of its own and was kept as items.
    pub untyped: Vec<String>,
}

/// Takes a message from its text to TTLV, to the typed value and back, and through the other encodings.
///
/// # Errors
/// What the message did not survive, with the place.
pub fn check(codec: &TextCodec, message: &Message) -> Result<Passed, String> {
    let ttlv = match message.encoding {
        Encoding::Xml => codec.from_xml(&message.text).map_err(|error| format!("from XML: {error}"))?,
        Encoding::Json => codec.from_json(&message.text).map_err(|error| format!("from JSON: {error}"))?,
        Encoding::Hex => from_hex(&message.text)?,
    };
    let untyped = typed(&ttlv)?;
    let json = codec.to_json(&ttlv).map_err(|error| format!("to JSON: {error}"))?;
    let xml = codec.to_xml(&ttlv).map_err(|error| format!("to XML: {error}"))?;
    match message.encoding {
        Encoding::Xml => {
            compare::xml(&message.text, &xml).map_err(|error| format!("back to XML: {error}"))?
        }
        Encoding::Json => {
            compare::json(&message.text, &json).map_err(|error| format!("back to JSON: {error}"))?;
        }
        Encoding::Hex => {}
    }
    let from_json = codec.from_json(&json).map_err(|error| format!("from the written JSON: {error}"))?;
    equal(&ttlv, &from_json, "through JSON")?;
    let from_xml = codec.from_xml(&xml).map_err(|error| format!("from the written XML: {error}"))?;
    equal(&ttlv, &from_xml, "through XML")?;
    Ok(Passed { ttlv, untyped })
}

/// Decodes to the typed value and encodes it again.
fn typed(ttlv: &[u8]) -> Result<Vec<String>, String> {
    match Item::from_ttlv(ttlv).map_err(|error| format!("as a tree: {error}"))?.tag {
        Tag::REQUEST_MESSAGE => {
            through::<RequestMessage>(ttlv, |message| message.request_header.protocol_version)
        }
        Tag::RESPONSE_MESSAGE => {
            through::<ResponseMessage>(ttlv, |message| message.response_header.protocol_version)
        }
        tag => Err(format!("{tag} is not a message")),
    }
}

fn through<T: Decode + Encode + Root>(
    ttlv: &[u8],
    version: impl Fn(&T) -> ProtocolVersion,
) -> Result<Vec<String>, String> {
    let decoded = decode_with::<T>(T::TAG, ttlv, Mode::Strict, Limits::default())
        .map_err(|error| format!("to the typed value: {error}"))?;
    let version = version(&decoded.value);
    let again = encode(T::TAG, &decoded.value, version)
        .map_err(|error| format!("from the typed value, in {version}: {error}"))?;
    equal(ttlv, &again, "through the typed value")?;
    Ok(decoded.untyped.iter().map(ToString::to_string).collect())
}

fn equal(before: &[u8], after: &[u8], way: &str) -> Result<(), String> {
    if before == after {
        return Ok(());
    }
    let offset = before.iter().zip(after).position(|(a, b)| a != b).unwrap_or(before.len().min(after.len()));
    Err(format!("{way}: {} bytes became {}, which differ from offset {offset} on", before.len(), after.len()))
}

fn from_hex(text: &str) -> Result<Vec<u8>, String> {
    let digits: Vec<char> = text.chars().filter(|c| !c.is_whitespace()).collect();
    digits
        .chunks(2)
        .map(|pair| {
            let pair: String = pair.iter().collect();
            u8::from_str_radix(&pair, 16).ok().filter(|_| pair.len() == 2)
        })
        .collect::<Option<_>>()
        .ok_or_else(|| "the message is not pairs of hex digits".to_owned())
}
