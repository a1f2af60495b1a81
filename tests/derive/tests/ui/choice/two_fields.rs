use kmip_types::Ttlv;

#[derive(Ttlv)]
enum Identifier {
    Text(String),
    Pair(i32, i32),
}

fn main() {}
