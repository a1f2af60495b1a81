use kmip_types::Ttlv;

#[derive(Ttlv)]
#[ttlv(choice = "tag")]
enum Attribute {
    ObjectGroup(String),
    #[ttlv(other)]
    Other(Vec<u8>),
}

fn main() {}
