use kmip_types::Ttlv;

#[derive(Ttlv)]
struct Payload {
    cryptographic_usage_mask: i64,
}

fn main() {}
