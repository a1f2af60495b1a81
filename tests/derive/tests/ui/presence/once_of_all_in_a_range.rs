use kmip_types::Ttlv;

#[derive(Ttlv)]
struct Payload {
    #[ttlv(once = "1.0..")]
    unique_identifier: Vec<String>,
}

fn main() {}
