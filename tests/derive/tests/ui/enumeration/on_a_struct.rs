use kmip_types::TtlvEnum;

#[derive(TtlvEnum)]
struct Mode(u32);

fn main() {}
