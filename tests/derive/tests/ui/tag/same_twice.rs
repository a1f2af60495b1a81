use kmip_types::Ttlv;

#[derive(Ttlv)]
struct Payload {
    unique_identifier: String,
    #[ttlv(tag = "UniqueIdentifier")]
    other: Option<String>,
}

fn main() {}
