use kmip_types::Ttlv;

#[derive(Ttlv)]
struct Payload {
    #[ttlv(flatten)]
    count: i32,
}

fn main() {}
