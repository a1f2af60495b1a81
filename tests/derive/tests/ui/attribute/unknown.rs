use kmip_types::Ttlv;

#[derive(Ttlv)]
struct Payload {
    #[ttlv(sinse = "1.2")]
    unique_identifier: Option<String>,
}

fn main() {}
