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
    batch_count: i32,
    #[ttlv(select = "batch_count")]
    request_payload: Payload,
}

fn main() {}
