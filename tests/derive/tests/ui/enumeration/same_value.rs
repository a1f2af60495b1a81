use kmip_types::TtlvEnum;

#[derive(TtlvEnum)]
enum Mode {
    #[ttlv(value = 0x80000001)]
    Fast,
    #[ttlv(value = 0x80000001)]
    Slow,
    #[ttlv(other)]
    Other(u32),
}

fn main() {}
