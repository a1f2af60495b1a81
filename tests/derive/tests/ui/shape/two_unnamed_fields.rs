use kmip_types::Ttlv;

#[derive(Ttlv)]
struct Payload(String, i32);

fn main() {}
