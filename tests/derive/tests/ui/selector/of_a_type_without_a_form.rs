use kmip_types::{Ttlv, enumerations::Operation};

struct Payload;

#[derive(Ttlv)]
struct BatchItem {
    operation: Option<Operation>,
    #[ttlv(select = "operation")]
    request_payload: Payload,
}

fn main() {}
