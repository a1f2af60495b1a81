use kmip_types::Ttlv;

#[derive(Ttlv)]
#[ttlv(choice = "name")]
enum Identifier {
    Text(String),
}

fn main() {}
