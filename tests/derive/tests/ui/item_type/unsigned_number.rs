use kmip_types::Ttlv;

#[derive(Ttlv)]
struct Payload {
    batch_count: u64,
}

fn main() {}
