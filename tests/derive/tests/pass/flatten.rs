//! `flatten`: the fields of another struct stand here.

use kmip_types::{ProtocolVersion, Tag, Ttlv, ttlv};

#[derive(Debug, PartialEq, Ttlv)]
struct Payload {
    unique_identifier: String,
    #[ttlv(flatten)]
    common: Common,
    batch_count: Option<i32>,
}

#[derive(Debug, PartialEq, Ttlv)]
struct Common {
    #[ttlv(tag = 0x540001)]
    first: i32,
    #[ttlv(tag = 0x540002)]
    second: Vec<String>,
}

#[test]
fn the_fields_of_another_structure_stand_among_the_own() {
    let common = Common::new(1).with_second(["a", "b"].map(String::from));
    let payload = Payload::new("id", common).with_batch_count(2);
    let bytes = ttlv::encode(Tag::REQUEST_PAYLOAD, &payload, ProtocolVersion::V1_0).unwrap();
    assert_eq!(ttlv::decode::<Payload>(Tag::REQUEST_PAYLOAD, &bytes).unwrap(), payload);
}
