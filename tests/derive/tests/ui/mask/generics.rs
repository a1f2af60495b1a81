use kmip_types::TtlvMask;

#[derive(Clone, Copy, TtlvMask)]
enum Use<const N: u32> {
    Fly = 0x1,
}

fn main() {}
