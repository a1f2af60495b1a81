use kmip_types::Ttlv;

#[derive(Ttlv)]
struct Payload {
    unique_id: String,
}

fn main() {}
