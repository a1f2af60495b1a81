//! Dumps: messages in every shape that they are pasted in, what is missing or in the way, and outlines of what is broken.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // A panic is how a test fails.

mod broken;
mod outlines;
mod packets;
mod properties;
mod shapes;
mod texts;

use kmip_tests::samples::attributes;
use kmip_tests::samples::messages;
use kmip_types::ProtocolVersion;
use kmip_types::dump::{Dump, DumpError};
use kmip_types::enumerations::{ObjectType, Operation};
use kmip_types::message::Message;
use kmip_types::operation::CreateRequestPayload;
use kmip_types::text::TextCodec;

/// A request.
fn request() -> Vec<u8> {
    let payload = CreateRequestPayload::new(ObjectType::SymmetricKey, kmip_tests::samples::attributes());
    messages::request(ProtocolVersion::V1_4, Operation::Create, payload.into()).to_ttlv().unwrap()
}

/// Another one, whose bytes are of every kind.
fn response() -> Vec<u8> {
    let version = ProtocolVersion::V2_1;
    let sample = kmip_tests::samples::all(version).remove(0);
    let operation = sample.response.operation();
    messages::response(version, operation, sample.response).to_ttlv().unwrap()
}

fn read(input: impl AsRef<[u8]>) -> Result<Dump, DumpError> {
    Dump::read(input.as_ref(), &TextCodec::new())
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
