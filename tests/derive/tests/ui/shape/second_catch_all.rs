use kmip_types::{Item, Ttlv};

#[derive(Ttlv)]
struct Payload {
    #[ttlv(catch_all)]
    first: Vec<Item>,
    #[ttlv(catch_all)]
    second: Vec<Item>,
}

fn main() {}
