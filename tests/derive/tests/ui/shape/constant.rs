use kmip_types::Ttlv;

#[derive(Ttlv)]
struct Payload<const N: usize> {
    unique_identifier: String,
}

fn main() {}
