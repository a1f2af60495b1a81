use kmip_types::enumerations::Operation;
use kmip_types::{Ttlv, Value};

#[derive(Ttlv)]
struct BatchItem {
    batch_count: i32,
    #[ttlv(select = "operation")]
    request_payload: Payload,
    operation: Operation,
}

#[derive(Ttlv)]
#[ttlv(select = "Operation")]
enum Payload {
    #[ttlv(other)]
    Other(Value),
}

fn main() {}
