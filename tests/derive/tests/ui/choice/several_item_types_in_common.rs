use kmip_types::Ttlv;

#[derive(Ttlv)]
enum Outer {
    Number(i32),
    Inner(Inner),
}

#[derive(Ttlv)]
enum Inner {
    Text(String),
    Index(i32),
}

fn main() {}
