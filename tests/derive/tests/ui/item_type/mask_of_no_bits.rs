use kmip_types::{Mask, Ttlv};

#[derive(Ttlv)]
struct Payload {
    #[ttlv(tag = 0x540001)]
    mask: Mask<i32>,
}

fn main() {}
