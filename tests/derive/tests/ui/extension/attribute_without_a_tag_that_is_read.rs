use kmip_types::{Ttlv, attribute::Attributes};

#[derive(Ttlv)]
struct Rack {
    #[ttlv(tag = 0x540002)]
    row: i32,
}

fn main() {
    let _ = Attributes::new().typed::<Rack>();
}
