use kmip_types::{Ttlv, Value};

#[derive(Ttlv)]
enum Identifier {
    Text(String),
    Any(Value),
}

fn main() {}
