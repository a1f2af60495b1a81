//! Dumps: messages in every shape that they are pasted in, what is missing or in the way, and outlines of what is broken.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // A panic is how a test fails.

mod broken;
mod hostile;
mod outlines;
mod properties;
mod shapes;
mod texts;

use kmip_tests::samples::messages::{self, AnyMessage};
use kmip_tests::vectors;
use kmip_types::dump::{Dump, DumpError};
use kmip_types::enumerations::Operation;
use kmip_types::message::Message;
use kmip_types::operation::ActivateRequest;
use kmip_types::{ProtocolVersion, TextCodec};

/// A short request: 120 bytes.
fn request() -> Vec<u8> {
    let payload = ActivateRequest { unique_identifier: Some("key-1".into()) };
    messages::request(ProtocolVersion::V1_2, Operation::Activate, payload.into()).to_ttlv().unwrap()
}

/// Messages of every operation and version.
fn all() -> impl Iterator<Item = (String, Vec<u8>)> {
    vectors::all().into_iter().map(|vector| {
        let ttlv = match &vector.message {
            AnyMessage::Request(message) => message.to_ttlv(),
            AnyMessage::Response(message) => message.to_ttlv(),
        };
        (format!("{}-{}", vector.folder, vector.name), ttlv.unwrap())
    })
}

fn read(input: impl AsRef<[u8]>) -> Result<Dump, DumpError> {
    Dump::read(input.as_ref(), &TextCodec::new())
}

/// The bytes of the messages in an input.
fn bytes(input: impl AsRef<[u8]>) -> Vec<Vec<u8>> {
    let dump = read(input).unwrap_or_else(|error| panic!("{error}"));
    dump.messages().map(|message| message.bytes.reveal().to_vec()).collect()
}

/// What is in an input, a part a line.
fn parts(input: impl AsRef<[u8]>) -> String {
    match read(input) {
        Ok(dump) => {
            let parts: Vec<String> = dump.parts.iter().map(ToString::to_string).collect();
            format!("{}\n{}", dump.form, parts.join("\n"))
        }
        Err(error) => format!("error: {error}"),
    }
}
