use kmip_types::Ttlv;

#[derive(Ttlv)]
struct Payload {
    #[ttlv = "UniqueIdentifier"]
    identifier: String,
}

fn main() {}
