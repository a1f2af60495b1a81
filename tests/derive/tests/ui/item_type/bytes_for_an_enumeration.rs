use kmip_types::Ttlv;

#[derive(Ttlv)]
struct Payload {
    object_type: Vec<u8>,
    unique_identifier: bool,
    cryptographic_usage_mask: i64,
}

fn main() {}
