use kmip_types::Ttlv;

#[derive(Ttlv)]
struct Payload {
    #[ttlv(tag = "UniqueId")]
    id: String,
}

fn main() {}
