use kmip_types::{Ttlv, Value};

#[derive(Ttlv)]
struct BatchItem {
    batch_count: i32,
    #[ttlv(select = "zebra", tag = 0x540001)]
    payload: Payload,
}

#[derive(Ttlv)]
#[ttlv(select = "i32")]
enum Payload {
    #[ttlv(other)]
    Other(Value),
}

fn main() {}
