use kmip_types::Ttlv;

#[derive(Ttlv)]
#[ttlv(select = "bool", choice = "tag")]
enum Payload {
    #[ttlv(value = "true")]
    Get(String),
}

fn main() {}
