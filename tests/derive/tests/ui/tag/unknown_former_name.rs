use kmip_types::Ttlv;

#[derive(Ttlv)]
struct Payload {
    #[ttlv(formerly = "TemplateAttributes", renamed = "2.0")]
    attributes: Option<Empty>,
}

#[derive(Ttlv)]
struct Empty {}

fn main() {}
