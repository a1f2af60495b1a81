use kmip_types::Ttlv;

#[derive(Ttlv)]
struct Payload {
    #[ttlv(choice, tag = "UniqueIdentifier")]
    identifier: Identifier,
}

#[derive(Ttlv)]
#[ttlv(choice = "tag")]
enum Identifier {
    UniqueIdentifier(String),
}

fn main() {}
