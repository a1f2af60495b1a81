use kmip_types::Ttlv;

#[derive(Ttlv)]
#[ttlv(choice = "tag")]
enum Attribute {
    #[ttlv(value = "1")]
    ObjectGroup(String),
}

fn main() {}
