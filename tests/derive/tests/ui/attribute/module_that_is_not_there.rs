use kmip_types::Ttlv;

#[derive(Ttlv)]
struct Payload {
    #[ttlv(with = "nowhere")]
    name: String,
}

fn main() {}
