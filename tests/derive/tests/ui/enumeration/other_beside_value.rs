use kmip_types::TtlvEnum;

#[derive(TtlvEnum)]
enum Mode {
    #[ttlv(value = 0x80000001)]
    Fast,
    #[ttlv(other, value = 0x80000002)]
    Other(u32),
}

fn main() {}
