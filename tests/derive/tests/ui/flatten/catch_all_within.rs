use kmip_types::{Item, Ttlv};

#[derive(Ttlv)]
struct Common {
    #[ttlv(catch_all)]
    rest: Vec<Item>,
}

#[derive(Ttlv)]
struct Payload {
    #[ttlv(flatten)]
    common: Common,
}

fn main() {}
