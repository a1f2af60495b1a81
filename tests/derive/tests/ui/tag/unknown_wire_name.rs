use kmip_types::Ttlv;

#[derive(Ttlv)]
struct Payload {
    #[ttlv(tag = "CryptographicLenght")]
    bits: i32,
}

fn main() {}
