use kmip_types::Ttlv;

#[derive(Ttlv)]
enum Identifier {
    Text(String),
    Nothing,
}

fn main() {}
