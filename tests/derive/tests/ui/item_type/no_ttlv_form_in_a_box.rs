use kmip_types::Ttlv;

struct Color;

#[derive(Ttlv)]
struct Payload {
    #[ttlv(tag = 0x540001)]
    color: Box<Color>,
}

fn main() {}
