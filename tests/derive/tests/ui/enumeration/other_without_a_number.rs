use kmip_types::TtlvEnum;

#[derive(TtlvEnum)]
enum Mode {
    #[ttlv(value = 0x80000001)]
    Fast,
    #[ttlv(other)]
    Other(String),
}

fn main() {}
