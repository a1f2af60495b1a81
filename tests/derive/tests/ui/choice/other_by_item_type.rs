use kmip_types::Ttlv;

#[derive(Ttlv)]
enum Identifier {
    Text(String),
    #[ttlv(other)]
    Other(i32),
}

fn main() {}
