//! `tag` by the field's name, by a name, by a number.

use kmip_types::{ProtocolVersion, Tag, Ttlv, ttlv};

#[derive(Ttlv)]
struct Payload {
    unique_identifier: String,
    #[ttlv(tag = "BatchCount")]
    count: i32,
    #[ttlv(tag = 0x540001)]
    vendor: bool,
}

#[test]
fn a_tag_is_given_by_name_or_number() {
    let payload = Payload::new("id", 2, true);
    let bytes = ttlv::encode(Tag::REQUEST_PAYLOAD, &payload, ProtocolVersion::V1_0).unwrap();
    assert_eq!(ttlv::decode::<Payload>(Tag::REQUEST_PAYLOAD, &bytes).unwrap().count, 2);
}
