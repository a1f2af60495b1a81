use kmip_types::{Item, Ttlv};

#[derive(Ttlv)]
struct Payload {
    #[ttlv(catch_all)]
    rest: Item,
}

fn main() {}
