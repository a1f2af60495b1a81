use kmip_types::Ttlv;

#[derive(Debug, Ttlv)]
struct Key {
    key: Vec<u8>,
}

#[derive(Ttlv)]
struct Payload {
    #[ttlv(secret, tag = 0x540001)]
    key: Key,
}

fn main() {}
