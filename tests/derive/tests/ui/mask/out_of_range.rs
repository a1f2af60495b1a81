use kmip_types::TtlvMask;

#[derive(Clone, Copy, TtlvMask)]
enum Use {
    Fly = 0x100000000,
}

fn main() {}
