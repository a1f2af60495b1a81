use kmip_types::Ttlv;

#[derive(Ttlv)]
struct Payload {
    #[ttlv(required = "1.0..")]
    unique_identifier: Option<String>,
}

fn main() {}
