use kmip_types::Ttlv;

#[derive(Ttlv)]
struct Payload {
    #[ttlv(since = "1.4", until = "1.2")]
    unique_identifier: Option<String>,
}

fn main() {}
