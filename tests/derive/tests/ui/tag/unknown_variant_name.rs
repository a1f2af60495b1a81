use kmip_types::Ttlv;

#[derive(Ttlv)]
#[ttlv(choice = "tag")]
enum Object {
    SymetricKey(String),
}

fn main() {}
