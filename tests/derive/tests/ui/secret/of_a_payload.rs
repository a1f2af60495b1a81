use kmip_types::Ttlv;

#[derive(Ttlv)]
enum Token {
    Text(#[ttlv(secret)] String),
}

fn main() {}
