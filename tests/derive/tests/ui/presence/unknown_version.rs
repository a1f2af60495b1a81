use kmip_types::Ttlv;

#[derive(Ttlv)]
struct Payload {
    #[ttlv(required = "..=1.9")]
    unique_identifier: Option<String>,
}

fn main() {}
