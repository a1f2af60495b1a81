//! `crate`: where the types are.

use kmip_types::ttlv::Root;

mod renamed {
    pub(super) use kmip_types as types;
}

#[derive(renamed::types::Ttlv)]
#[ttlv(crate = "renamed::types", tag = "RequestPayload")]
struct Payload {
    batch_count: i32,
}

#[test]
fn the_crate_may_be_elsewhere() {
    assert_eq!(Payload::TAG, kmip_types::Tag::REQUEST_PAYLOAD);
}
