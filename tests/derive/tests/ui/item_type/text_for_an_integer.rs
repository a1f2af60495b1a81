use kmip_types::Ttlv;

#[derive(Ttlv)]
struct Payload {
    cryptographic_length: String,
}

fn main() {}
