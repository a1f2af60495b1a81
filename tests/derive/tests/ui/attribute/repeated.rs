use kmip_types::Ttlv;

#[derive(Ttlv)]
struct Payload {
    #[ttlv(since = "1.2")]
    #[ttlv(since = "1.3")]
    unique_identifier: Option<String>,
}

fn main() {}
