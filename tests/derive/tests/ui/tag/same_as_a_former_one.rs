use kmip_types::Ttlv;

#[derive(Ttlv)]
struct Payload {
    template_attribute: Option<Empty>,
    #[ttlv(formerly = "TemplateAttribute", renamed = "2.0")]
    attributes: Option<Empty>,
}

#[derive(Ttlv)]
struct Empty {}

fn main() {}
