//! The operation and the attribute of a vendor, and a part of an application, in a package that depends on `kmip-sdk`
//! alone.

pub mod keys;
pub mod newcomer;

use kmip_sdk::prelude::*;

/// What Launch asks for.
#[derive(Clone, Debug, PartialEq, Ttlv)]
pub struct LaunchRequest {
    /// What to launch.
    pub unique_identifier: Option<String>,
    /// How.
    #[ttlv(tag = 0x540001)]
    pub mode: Mode,
    /// After how many seconds.
    #[ttlv(tag = 0x540002)]
    pub delay: Option<Interval>,
}

/// What Launch answers.
#[derive(Clone, Debug, PartialEq, Ttlv)]
pub struct LaunchResponse {
    /// The seconds that are left.
    #[ttlv(tag = 0x540003)]
    pub countdown: i32,
}

/// How to launch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, TtlvEnum)]
#[ttlv(name = "AcmeMode")]
pub enum Mode {
    /// At once.
    #[ttlv(value = 0x80000001)]
    Fast,
    /// With care.
    #[ttlv(value = 0x80000002)]
    Slow,
    /// In a way that this version does not know.
    #[ttlv(other)]
    Other(u32),
}

/// Where an object stands: an attribute.
#[derive(Clone, Debug, PartialEq, Ttlv)]
#[ttlv(tag = 0x540005)]
pub struct Rack {
    /// The row.
    #[ttlv(tag = 0x540006)]
    pub row: i32,
    /// The places in the row.
    #[ttlv(tag = 0x540007)]
    pub places: Vec<String>,
}

impl Request for LaunchRequest {
    const OPERATION: Operation = Operation::Other(0x8000_0001);
    type Response = LaunchResponse;
}

impl Response for LaunchResponse {}

#[cfg(test)]
mod tests {
    use std::error::Error;

    use kmip_sdk::types::ttlv;

    use super::*;

    #[test]
    fn the_payload_and_the_attribute_are_read_as_they_were_written() -> Result<(), Box<dyn Error>> {
        let request = LaunchRequest::new(Mode::Slow)
            .with_unique_identifier("rocket")
            .with_delay(Interval::from_seconds(9));
        let bytes = ttlv::encode(Tag::REQUEST_PAYLOAD, &request, ProtocolVersion::V2_1)?;
        assert_eq!(ttlv::decode::<LaunchRequest>(Tag::REQUEST_PAYLOAD, &bytes)?, request);

        let rack = Rack::new(7).with_places(["left".to_owned(), "right".to_owned()]);
        let attributes = Attributes::new().with_cryptographic_length(256).with_typed(&rack)?;
        let bytes = ttlv::encode(Tag::ATTRIBUTES, &attributes, ProtocolVersion::V2_1)?;
        let attributes: Attributes = ttlv::decode(Tag::ATTRIBUTES, &bytes)?;
        assert_eq!(attributes.typed::<Rack>()?, Some(rack));
        Ok(())
    }
}
