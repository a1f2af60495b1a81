use kmip_types::Ttlv;

#[derive(Ttlv)]
struct Payload {
    #[ttlv(formerly = "TemplateAttribute", renamed = "2.1")]
    attributes: Option<Empty>,
}

#[derive(Ttlv)]
struct Empty {}

fn main() {}
