use kmip_types::Ttlv;
use std::time::SystemTime;

#[derive(Ttlv)]
struct Payload {
    activation_date: Option<SystemTime>,
}

fn main() {}
