use kmip_types::Ttlv;

#[derive(Ttlv)]
#[ttlv(tag = "Message")]
struct Payload {}

fn main() {}
