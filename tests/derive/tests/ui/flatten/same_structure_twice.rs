use kmip_types::Ttlv;

#[derive(Ttlv)]
struct Common {
    batch_count: i32,
}

#[derive(Ttlv)]
struct Payload {
    #[ttlv(flatten)]
    first: Common,
    #[ttlv(flatten)]
    second: Common,
}

fn main() {}
