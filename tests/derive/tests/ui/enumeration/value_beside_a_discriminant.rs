use kmip_types::TtlvEnum;

#[derive(TtlvEnum)]
#[repr(u32)]
enum Mode {
    #[ttlv(value = 0x80000001)]
    Fast = 0x80000001,
    #[ttlv(other)]
    Other(u32),
}

fn main() {}
