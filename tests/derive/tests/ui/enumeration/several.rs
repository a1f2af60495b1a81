use kmip_types::TtlvEnum;

#[derive(TtlvEnum)]
enum Mode {
    Fast,
    #[ttlv(value = 0x1FFFFFFFF)]
    Slow,
    #[ttlv(other)]
    Other,
}

fn main() {}
