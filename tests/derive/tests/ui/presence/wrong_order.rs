use kmip_types::Ttlv;

#[derive(Ttlv)]
struct Payload {
    #[ttlv(once = "1.4..=1.2")]
    unique_identifier: Vec<String>,
}

fn main() {}
