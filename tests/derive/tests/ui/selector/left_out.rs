use kmip_types::{Ttlv, enumerations::Operation};

#[derive(Ttlv)]
struct Empty {}

#[derive(Ttlv)]
#[ttlv(select = "Operation")]
enum Payload {
    #[ttlv(value = "Operation::Get")]
    Get(Empty),
}

#[derive(Ttlv)]
struct BatchItem {
    operation: Operation,
    request_payload: Payload,
}

fn main() {}
