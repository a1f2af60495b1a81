use kmip_types::{Ttlv, Value};

#[derive(Ttlv)]
struct BatchItem {
    #[ttlv(select = "operation")]
    request_payload: Payload,
}

#[derive(Ttlv)]
#[ttlv(select = "bool")]
enum Payload {
    #[ttlv(other)]
    Other(Value),
}

fn main() {}
