use kmip_types::Ttlv;

#[derive(Debug, Ttlv)]
struct Common {}

#[derive(Ttlv)]
struct Payload {
    #[ttlv(flatten, secret)]
    common: Common,
}

fn main() {}
