use kmip_types::Ttlv;
use kmip_types::enumerations::State;

#[derive(Ttlv)]
struct Payload {
    object_type: State,
}

fn main() {}
