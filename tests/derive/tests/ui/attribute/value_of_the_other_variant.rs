use kmip_types::Ttlv;

#[derive(Ttlv)]
#[ttlv(select = "bool")]
enum Payload {
    #[ttlv(value = "true")]
    Yes(String),
    #[ttlv(other, value = "false")]
    No(i32),
}

fn main() {}
