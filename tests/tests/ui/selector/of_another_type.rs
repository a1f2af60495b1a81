use kmip_types::Ttlv;
use kmip_types::enumerations::{ObjectType, Operation};

#[derive(Ttlv)]
struct Item {
    object_type: ObjectType,
    #[ttlv(select = "object_type")]
    request_payload: Payload,
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
