use kmip_types::Ttlv;

#[derive(Ttlv)]
struct Payload {
    #[ttlv(default)]
    unique_identifier: Option<String>,
}

fn main() {}
