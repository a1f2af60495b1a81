use kmip_types::Ttlv;

#[derive(Ttlv)]
struct First {
    #[ttlv(tag = 0x540001)]
    one: i32,
}

#[derive(Ttlv)]
struct Second {
    #[ttlv(tag = 0x540001)]
    two: i32,
}

#[derive(Ttlv)]
struct Payload {
    #[ttlv(flatten)]
    first: First,
    #[ttlv(flatten)]
    second: Second,
}

fn main() {}
