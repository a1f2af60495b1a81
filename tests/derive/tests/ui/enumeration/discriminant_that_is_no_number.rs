use kmip_types::TtlvEnum;

#[derive(TtlvEnum)]
#[repr(u32)]
enum Mode {
    Fast = 1 + 1,
    #[ttlv(other)]
    Other(u32),
}

fn main() {}
