use kmip_types::{Interval, Ttlv};

#[derive(Ttlv)]
#[ttlv(choice = "tag")]
enum Attribute {
    ObjectGroup(String),
    #[ttlv(since = "1.4")]
    RotateInterval(Interval),
}

fn main() {}
