use kmip_types::Ttlv;

#[derive(Ttlv)]
enum Identifier {
    Text(String),
    #[ttlv(since = "2.2")]
    Index(i32),
}

fn main() {}
