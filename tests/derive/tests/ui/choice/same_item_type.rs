use kmip_types::Ttlv;

#[derive(Ttlv)]
enum Identifier {
    Text(String),
    Number(i32),
    Name(String),
}

fn main() {}
