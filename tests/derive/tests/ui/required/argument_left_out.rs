use kmip_types::Ttlv;

#[derive(Ttlv)]
#[ttlv(tag = 0x540001)]
struct Rack {
    #[ttlv(tag = 0x540002)]
    row: i32,
    #[ttlv(tag = 0x540003)]
    shelf: Option<i32>,
}

fn main() {
    Rack::new();
}
