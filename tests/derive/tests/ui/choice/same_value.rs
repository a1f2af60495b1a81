use kmip_types::Ttlv;

#[derive(Ttlv)]
#[ttlv(select = "i32")]
enum Payload {
    #[ttlv(value = "1 | 2")]
    Get(String),
    #[ttlv(value = "2")]
    Destroy(String),
}

fn main() {}
