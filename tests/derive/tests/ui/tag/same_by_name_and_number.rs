use kmip_types::Ttlv;

#[derive(Ttlv)]
struct Payload {
    unique_identifier: String,
    #[ttlv(tag = 0x420094)]
    another: String,
}

fn main() {}
