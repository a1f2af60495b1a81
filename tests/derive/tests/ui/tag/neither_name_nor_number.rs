use kmip_types::Ttlv;

#[derive(Ttlv)]
struct Payload {
    #[ttlv(tag = true)]
    number: i32,
}

fn main() {}
