use kmip_types::Ttlv;

#[derive(Ttlv)]
#[ttlv(selektor = "bool")]
enum Payload {
    Text(String),
}

fn main() {}
