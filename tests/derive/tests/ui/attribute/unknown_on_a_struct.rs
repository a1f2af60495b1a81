use kmip_types::Ttlv;

#[derive(Ttlv)]
#[ttlv(rename_all = "lowercase")]
struct Payload {}

fn main() {}
