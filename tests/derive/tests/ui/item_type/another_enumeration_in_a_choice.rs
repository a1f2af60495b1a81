use kmip_types::Ttlv;
use kmip_types::enumerations::State;

#[derive(Ttlv)]
struct Payload {
    unique_identifier: Identifier,
}

#[derive(Ttlv)]
enum Identifier {
    Text(String),
    Enumeration(State),
}

fn main() {}
