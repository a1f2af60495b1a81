use kmip_types::{ProtocolVersion, Ttlv};

#[derive(Ttlv)]
#[ttlv(tag = "RequestMessage", version = "header.version")]
struct Message {
    request_header: Header,
}

#[derive(Ttlv)]
struct Header {
    protocol_version: ProtocolVersion,
}

fn main() {}
