use kmip_types::{Item, Ttlv};

#[derive(Ttlv)]
#[ttlv(choice = "tag")]
enum Attribute {
    ObjectGroup(String),
    #[ttlv(other, since = "1.2")]
    Other(Item),
}

fn main() {}
