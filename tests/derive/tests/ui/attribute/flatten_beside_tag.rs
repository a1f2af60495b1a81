use kmip_types::Ttlv;

#[derive(Ttlv)]
struct Common {}

#[derive(Ttlv)]
struct Payload {
    #[ttlv(flatten, tag = "Attributes")]
    common: Common,
}

fn main() {}
