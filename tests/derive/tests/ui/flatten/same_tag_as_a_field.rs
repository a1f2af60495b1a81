use kmip_types::Ttlv;

#[derive(Ttlv)]
struct Common {
    batch_count: i32,
}

#[derive(Ttlv)]
struct Payload {
    batch_count: i32,
    #[ttlv(flatten)]
    common: Common,
}

fn main() {}
