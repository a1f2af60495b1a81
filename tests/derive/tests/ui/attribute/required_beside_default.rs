use kmip_types::Ttlv;

#[derive(Ttlv)]
struct Payload {
    #[ttlv(default, required = "1.3..")]
    batch_count: i32,
}

fn main() {}
