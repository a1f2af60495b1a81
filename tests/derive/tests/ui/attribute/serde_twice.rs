use kmip_types::Ttlv;
use serde::Serialize;

#[derive(Serialize, Ttlv)]
#[ttlv(tag = "RequestPayload")]
struct Payload {
    unique_identifier: String,
}

fn main() {}
