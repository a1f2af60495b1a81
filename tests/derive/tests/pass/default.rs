//! `default`: absent reads as the default of the type.

use kmip_types::{ProtocolVersion, Tag, Ttlv, ttlv};

#[derive(Ttlv)]
struct Payload {
    #[ttlv(default)]
    batch_count: i32,
}

#[derive(Ttlv)]
struct Empty {}

#[test]
fn an_absent_field_has_its_default() {
    let bytes = ttlv::encode(Tag::REQUEST_PAYLOAD, &Empty {}, ProtocolVersion::V1_0).unwrap();
    let payload: Payload = ttlv::decode(Tag::REQUEST_PAYLOAD, &bytes).unwrap();
    assert_eq!(payload.with_batch_count(3).batch_count, 3);
}
