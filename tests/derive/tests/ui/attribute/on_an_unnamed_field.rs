use kmip_types::Ttlv;

#[derive(Ttlv)]
struct Payload(#[ttlv(tag = "UniqueIdentifier")] String);

fn main() {}
