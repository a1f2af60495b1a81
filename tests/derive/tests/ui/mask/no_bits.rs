use kmip_types::TtlvMask;

#[derive(Clone, Copy, TtlvMask)]
enum Use {}

fn main() {}
