use kmip_types::Ttlv;

#[derive(Ttlv)]
struct Payload {
    zebra: String,
}

fn main() {}
