use kmip_types::Ttlv;

#[derive(Ttlv)]
struct Payload {
    object_type: Vec<Empty>,
}

#[derive(Ttlv)]
struct Empty {}

fn main() {}
