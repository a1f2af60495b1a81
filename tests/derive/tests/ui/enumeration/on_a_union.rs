use kmip_types::TtlvEnum;

#[derive(TtlvEnum)]
union Mode {
    number: u32,
}

fn main() {}
