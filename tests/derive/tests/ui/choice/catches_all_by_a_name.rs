use kmip_types::Ttlv;

#[derive(Ttlv)]
#[ttlv(select = "i32")]
enum Payload {
    #[ttlv(value = "get")]
    Get(String),
    #[ttlv(value = "1 | _")]
    Locate(i32),
}

fn main() {}
