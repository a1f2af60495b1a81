//! `since`, `until`, `formerly` and `renamed`.

use kmip_types::{ProtocolVersion, Tag, Ttlv, ttlv};

#[derive(Ttlv)]
struct Payload {
    #[ttlv(since = "1.2", until = "1.4")]
    batch_count: Option<i32>,
    #[ttlv(tag = "Attributes", formerly = "TemplateAttribute", renamed = "2.0")]
    empty: Option<Empty>,
}

#[derive(Ttlv)]
struct Empty {}

#[test]
fn a_field_has_its_versions() {
    let payload = Payload { batch_count: Some(1), empty: Some(Empty {}) };
    let refused = |version| ttlv::encode(Tag::REQUEST_PAYLOAD, &payload, version).is_err();
    assert!(refused(ProtocolVersion::V1_1) && !refused(ProtocolVersion::V1_2));
    assert!(refused(ProtocolVersion::V2_0) && !refused(ProtocolVersion::V1_4));
}
