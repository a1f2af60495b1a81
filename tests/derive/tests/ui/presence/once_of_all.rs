use kmip_types::Ttlv;

#[derive(Ttlv)]
struct Payload {
    #[ttlv(once)]
    unique_identifier: Vec<String>,
}

fn main() {}
