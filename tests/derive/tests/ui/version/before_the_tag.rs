use kmip_types::{Interval, Ttlv};

#[derive(Ttlv)]
struct Payload {
    #[ttlv(since = "1.0")]
    rotate_interval: Option<Interval>,
}

fn main() {}
