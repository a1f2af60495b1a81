use kmip_types::Ttlv;

#[derive(Ttlv)]
#[ttlv(tag = "UniqueIdentifier")]
struct Identifier(bool);

fn main() {}
