use kmip_types::Ttlv;

#[derive(Ttlv)]
#[ttlv(select = "bool")]
enum Payload {
    Get(String),
}

fn main() {}
