use kmip_types::Ttlv;

#[derive(Ttlv)]
struct Payload {
    unique_identifier: Option<Vec<String>>,
}

fn main() {}
