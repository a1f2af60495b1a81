use kmip_types::Ttlv;

#[derive(Ttlv)]
struct Payload {
    #[ttlv(default = "0")]
    batch_count: i32,
}

fn main() {}
