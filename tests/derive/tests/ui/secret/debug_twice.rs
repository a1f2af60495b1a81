use kmip_types::Ttlv;

#[derive(Debug, Ttlv)]
struct Payload {
    #[ttlv(secret)]
    password: String,
}

fn main() {}
