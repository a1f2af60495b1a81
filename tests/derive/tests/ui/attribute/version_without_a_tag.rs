use kmip_types::{ProtocolVersion, Ttlv};

#[derive(Ttlv)]
#[ttlv(version = "protocol_version")]
struct Header {
    protocol_version: ProtocolVersion,
}

fn main() {}
