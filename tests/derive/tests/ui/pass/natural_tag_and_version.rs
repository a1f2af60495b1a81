use kmip_types::{ProtocolVersion, Ttlv, ttlv::Root};

#[derive(Ttlv)]
#[ttlv(tag = 0x540001, version = "header.version")]
struct Message {
    #[ttlv(tag = "RequestHeader")]
    header: Header,
}

#[derive(Ttlv)]
struct Header {
    #[ttlv(tag = "ProtocolVersion")]
    version: ProtocolVersion,
}

fn main() {
    let message = Message::new(Header::new(ProtocolVersion::V1_2));
    assert_eq!(message.protocol_version(), ProtocolVersion::V1_2);
}
