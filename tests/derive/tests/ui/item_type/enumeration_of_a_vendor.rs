use kmip_types::{Ttlv, TtlvEnum};

#[derive(TtlvEnum)]
enum AcmeMode {
    #[ttlv(value = 0x80000001)]
    Fast,
    #[ttlv(other)]
    Other(u32),
}

#[derive(Ttlv)]
struct Payload {
    object_type: AcmeMode,
}

fn main() {}
