use kmip_types::Ttlv;

#[derive(Ttlv)]
struct Payload {
    #[ttlv(tag = "ObjectGroup")]
    group: Group,
}

#[derive(Ttlv)]
enum Group {
    Text(String),
    Number(i32),
}

fn main() {}
