use kmip_types::Ttlv;

#[derive(Ttlv)]
struct Payload {
    #[ttlv(required = "until 1.2")]
    unique_identifier: Option<String>,
}

fn main() {}
