use kmip_types::Ttlv;

#[derive(Ttlv)]
struct Payload {
    object_type: Vec<u8>,
}

fn main() {}
