use kmip_types::Ttlv;
use kmip_types::enumerations::{self, Operation};

#[derive(Ttlv)]
#[ttlv(select = "Operation")]
enum Payload {
    #[ttlv(value = "Operation::Get")]
    Get(String),
    #[ttlv(value = "enumerations::Operation::Get")]
    Destroy(String),
}

fn main() {}
