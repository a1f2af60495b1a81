use kmip_types::Ttlv;

#[derive(Ttlv)]
struct Payload {
    #[ttlv(tag = 0x42000D)]
    count: String,
}

fn main() {}
