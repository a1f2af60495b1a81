use kmip_types::TtlvMask;

#[derive(Clone, Copy, TtlvMask)]
enum Use {
    Fly = 0x1,
    #[ttlv(name = "Fly")]
    Dig = 0x2,
}

fn main() {}
