use kmip_types::Ttlv;

#[derive(Ttlv)]
struct Payload {
    #[ttlv(renamed = "2.0")]
    attributes: Option<Empty>,
}

#[derive(Ttlv)]
struct Empty {}

fn main() {}
