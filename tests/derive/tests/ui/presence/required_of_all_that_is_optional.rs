use kmip_types::Ttlv;

#[derive(Ttlv)]
struct Payload {
    #[ttlv(required)]
    unique_identifier: Option<String>,
}

fn main() {}
