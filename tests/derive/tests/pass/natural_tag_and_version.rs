//! `tag` and `version` on a struct.

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

#[test]
fn a_type_may_have_a_tag_and_a_version_of_its_own() {
    let message = Message::new(Header::new(ProtocolVersion::V1_2));
    assert_eq!(message.protocol_version(), ProtocolVersion::V1_2);
}
