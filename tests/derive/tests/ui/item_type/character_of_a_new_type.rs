use kmip_types::Ttlv;

#[derive(Ttlv)]
struct Letter(char);

fn main() {}
