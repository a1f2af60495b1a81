use kmip_types::Ttlv;

#[derive(Ttlv)]
enum Identifier {
    Text(String),
    #[ttlv(since = "2.0")]
    Index(i32),
}

fn main() {
    let _ = Identifier::Index(1);
    let _ = Identifier::Text(String::new());
}
