use kmip_types::Ttlv;

#[derive(Ttlv)]
struct Payload {
    #[ttlv(once = "..=1.1")]
    unique_identifier: String,
}

fn main() {}
