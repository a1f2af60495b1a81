use kmip_types::Ttlv;

#[derive(Ttlv)]
struct Payload {
    #[ttlv(formerly = "TemplateAttribute")]
    attributes: Option<Empty>,
}

#[derive(Ttlv)]
struct Empty {}

fn main() {}
