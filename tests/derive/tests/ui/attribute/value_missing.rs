use kmip_types::Ttlv;

#[derive(Ttlv)]
struct Payload {
    #[ttlv(since)]
    unique_identifier: Option<String>,
}

fn main() {}
