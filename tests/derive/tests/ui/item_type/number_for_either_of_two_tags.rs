use kmip_types::Ttlv;

#[derive(Ttlv)]
struct Payload {
    #[ttlv(formerly = "TemplateAttribute", renamed = "2.0")]
    attributes: bool,
}

fn main() {}
