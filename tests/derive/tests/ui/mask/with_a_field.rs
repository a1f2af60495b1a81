use kmip_types::TtlvMask;

#[derive(Clone, Copy, TtlvMask)]
enum Use {
    Fly(u32),
}

fn main() {}
