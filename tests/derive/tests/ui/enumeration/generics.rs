use kmip_types::TtlvEnum;

#[derive(TtlvEnum)]
enum Mode<T> {
    #[ttlv(value = 0x80000001)]
    Fast,
    #[ttlv(other)]
    Other(T),
}

fn main() {}
