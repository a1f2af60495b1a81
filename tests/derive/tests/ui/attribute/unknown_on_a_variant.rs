use kmip_types::Ttlv;

#[derive(Ttlv)]
enum Payload {
    #[ttlv(skip)]
    Text(String),
}

fn main() {}
