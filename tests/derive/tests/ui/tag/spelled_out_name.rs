use kmip_types::Ttlv;

#[derive(Ttlv)]
struct Payload {
    #[ttlv(tag = "Unique Identifier")]
    identifier: String,
}

fn main() {}
