use kmip_types::Ttlv;

#[derive(Ttlv)]
struct Payload {
    #[ttlv(essential)]
    unique_identifier: String,
}

fn main() {}
