use kmip_types::Ttlv;

struct Color;

#[derive(Ttlv)]
enum Paint {
    Color(Color),
    Name(String),
}

fn main() {}
