use kmip_types::Ttlv;

#[derive(Ttlv)]
struct Payload {
    #[ttlv(default, default)]
    batch_count: i32,
}

fn main() {}
