use kmip_types::TtlvMask;

#[derive(Clone, Copy, TtlvMask)]
struct Use(u32);

fn main() {}
