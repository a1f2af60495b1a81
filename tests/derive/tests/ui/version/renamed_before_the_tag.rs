use kmip_types::Ttlv;

#[derive(Ttlv)]
struct Payload {
    #[ttlv(formerly = "TemplateAttribute", renamed = "1.4")]
    attributes: Option<Empty>,
}

#[derive(Ttlv)]
struct Empty {}

fn main() {}
