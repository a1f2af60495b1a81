use kmip_types::Ttlv;

#[derive(Ttlv)]
#[ttlv(choice = "tag")]
enum Attribute {
    ArchiveDate(String),
}

fn main() {}
