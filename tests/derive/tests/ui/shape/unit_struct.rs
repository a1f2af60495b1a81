use kmip_types::Ttlv;

#[derive(Ttlv)]
struct Payload;

fn main() {}
