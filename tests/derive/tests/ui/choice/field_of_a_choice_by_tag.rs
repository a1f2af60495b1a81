use kmip_types::Ttlv;

#[derive(Ttlv)]
struct Payload {
    #[ttlv(tag = 0x540001)]
    part: Vec<Part>,
}

#[derive(Ttlv)]
#[ttlv(choice = "tag")]
enum Part {
    Description(String),
}

fn main() {}
