use kmip_types::Ttlv;

#[derive(Ttlv)]
struct Payload {
    #[ttlv(with = "module", tag = "UniqueIdentifier")]
    identifier: String,
}

fn main() {}
