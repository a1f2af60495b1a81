use kmip_types::Ttlv;

#[derive(Ttlv)]
struct Payload {
    unique_identifier: bool,
}

fn main() {}
