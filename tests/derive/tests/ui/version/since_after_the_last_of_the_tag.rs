use kmip_types::Ttlv;

#[derive(Ttlv)]
struct Payload {
    #[ttlv(since = "2.0")]
    template_attribute: Option<Empty>,
}

#[derive(Ttlv)]
struct Empty {}

fn main() {}
