use kmip_types::Ttlv;

#[derive(Ttlv)]
struct Payload {
    #[ttlv(until = "1.4", required = "2.0..")]
    unique_identifier: Option<String>,
}

fn main() {}
