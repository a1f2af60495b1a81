use kmip_types::Ttlv;

#[derive(Ttlv)]
struct Payload {
    #[ttlv(required = "..=1.2")]
    unique_identifier: String,
}

fn main() {}
