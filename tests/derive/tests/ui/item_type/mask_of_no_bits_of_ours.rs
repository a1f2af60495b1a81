use kmip_types::{Mask, Ttlv, enumerations::State};

#[derive(Ttlv)]
struct Payload {
    #[ttlv(tag = 0x540001)]
    mask: Mask<State>,
}

fn main() {}
