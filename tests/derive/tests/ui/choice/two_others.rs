use kmip_types::{Ttlv, Value};

#[derive(Ttlv)]
#[ttlv(select = "bool")]
enum Payload {
    #[ttlv(other)]
    One(Value),
    #[ttlv(other)]
    Two(Value),
}

fn main() {}
