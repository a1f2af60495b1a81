use kmip_types::TtlvMask;

#[derive(Clone, Copy, TtlvMask)]
enum Use {
    Fly = 0x1,
    Dig = 0x6,
}

fn main() {}
