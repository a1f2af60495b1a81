use kmip_types::Ttlv;

struct Color;

#[derive(Ttlv)]
struct Paint(Color);

fn main() {}
