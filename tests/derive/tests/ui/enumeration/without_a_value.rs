use kmip_types::TtlvEnum;

#[derive(TtlvEnum)]
enum Mode {
    Fast,
    #[ttlv(other)]
    Other(u32),
}

fn main() {}
