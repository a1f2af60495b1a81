use kmip_types::TtlvMask;

#[derive(Clone, Copy, TtlvMask)]
enum Use {
    Fly = 0x0,
}

fn main() {}
