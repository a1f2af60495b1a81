use kmip_types::enumerations::Operation;
use kmip_types::{Ttlv, Value};

#[derive(Ttlv)]
struct BatchItem {
    operation: Operation,
    #[ttlv(select = "operatoin")]
    request_payload: Payload,
}

#[derive(Ttlv)]
#[ttlv(select = "Operation")]
enum Payload {
    #[ttlv(other)]
    Other(Value),
}

fn main() {}
