use kmip_types::Ttlv;

#[derive(Ttlv)]
#[ttlv(choice = "tag")]
enum Attribute {
    ObjectGroup(String),
    #[ttlv(tag = "ObjectGroup")]
    Group(String),
}

fn main() {}
