use kmip_types::Ttlv;

#[derive(Ttlv)]
#[ttlv(select = "bool", selector = "bool")]
enum Payload {
    #[ttlv(value = "true")]
    Yes(String),
}

fn main() {}
