use kmip_types::{Ttlv, Value};

#[derive(Ttlv)]
#[ttlv(select = "the operation")]
enum Payload {
    #[ttlv(other)]
    Other(Value),
}

fn main() {}
