use kmip_types::Ttlv;

#[derive(Ttlv)]
struct Payload {
    batch_count: i32,
}

impl Payload {
    fn new() -> Self {
        Self { batch_count: 1 }
    }
}

fn main() {}
