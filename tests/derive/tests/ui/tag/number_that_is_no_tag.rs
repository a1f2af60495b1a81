use kmip_types::Ttlv;

#[derive(Ttlv)]
struct Payload {
    #[ttlv(tag = 0x42FFFF)]
    number: i32,
}

fn main() {}
