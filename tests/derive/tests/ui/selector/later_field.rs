use kmip_types::Ttlv;
use kmip_types::enumerations::Operation;

#[derive(Ttlv)]
struct Item {
    #[ttlv(select = "operation")]
    request_payload: Payload,
    operation: Operation,
}

#[derive(Ttlv)]
#[ttlv(select = "Operation")]
enum Payload {
    #[ttlv(value = "Operation::Get")]
    Get(Empty),
}

#[derive(Ttlv)]
struct Empty {}

fn main() {}
