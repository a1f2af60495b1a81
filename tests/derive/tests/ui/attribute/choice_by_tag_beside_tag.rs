use kmip_types::Ttlv;

#[derive(Ttlv)]
#[ttlv(choice = "tag", tag = "Attribute")]
enum Attribute {
    ObjectGroup(String),
}

fn main() {}
