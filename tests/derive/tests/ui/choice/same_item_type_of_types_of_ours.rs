use kmip_types::{Ttlv, enumerations};

#[derive(Ttlv)]
enum Kind {
    State(enumerations::State),
    Operation(enumerations::Operation),
}

fn main() {}
