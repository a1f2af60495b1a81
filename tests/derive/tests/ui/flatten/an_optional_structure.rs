use kmip_types::Ttlv;

#[derive(Ttlv)]
struct Common {}

#[derive(Ttlv)]
struct Payload {
    #[ttlv(flatten)]
    common: Option<Common>,
}

fn main() {}
