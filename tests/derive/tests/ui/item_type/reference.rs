use kmip_types::Ttlv;

#[derive(Ttlv)]
struct Payload {
    unique_identifier: &'static str,
}

fn main() {}
