use kmip_types::{Item, Ttlv};

#[derive(Ttlv)]
struct Payload {
    #[ttlv(catch_all, tag = "UniqueIdentifier")]
    rest: Vec<Item>,
}

fn main() {}
