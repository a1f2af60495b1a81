use kmip_types::Ttlv;

#[derive(Ttlv)]
enum Identifier {
    #[ttlv(tag = "ObjectGroup")]
    Text(String),
}

fn main() {}
