use kmip_types::Ttlv;

#[derive(Ttlv)]
#[ttlv(tag = "UniqueIdentifier")]
struct Payload {}

fn main() {}
