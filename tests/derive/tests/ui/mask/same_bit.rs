use kmip_types::TtlvMask;

#[derive(Clone, Copy, TtlvMask)]
enum Use {
    Fly = 0x1,
    #[ttlv(value = 0x1)]
    Dig,
}

fn main() {}
