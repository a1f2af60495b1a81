use kmip_types::Ttlv;

#[derive(Ttlv)]
#[ttlv(selector = "bool")]
struct Payload {
    unique_identifier: String,
}

fn main() {}
