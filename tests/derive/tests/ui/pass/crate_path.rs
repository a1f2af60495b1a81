use kmip_types::ttlv::Root;

mod renamed {
    pub use kmip_types as types;
}

#[derive(renamed::types::Ttlv)]
#[ttlv(crate = "renamed::types", tag = "RequestPayload")]
struct Payload {
    batch_count: i32,
}

fn main() {
    assert_eq!(Payload::TAG, kmip_types::Tag::REQUEST_PAYLOAD);
}
