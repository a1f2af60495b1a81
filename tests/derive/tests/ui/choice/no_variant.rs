use kmip_types::Ttlv;

#[derive(Ttlv)]
enum Identifier {}

fn main() {}
