use kmip_types::{Item, Ttlv};

#[derive(Ttlv)]
struct Payload {
    #[ttlv(catch_all)]
    rest: Vec<Item>,
    unique_identifier: String,
}

fn main() {}
