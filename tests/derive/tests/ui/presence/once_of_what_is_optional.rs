use kmip_types::Ttlv;

#[derive(Ttlv)]
struct Payload {
    #[ttlv(once = "..=1.1")]
    unique_identifier: Option<String>,
}

fn main() {}
