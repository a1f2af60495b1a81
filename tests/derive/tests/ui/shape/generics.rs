use kmip_types::Ttlv;

#[derive(Ttlv)]
struct Payload<T> {
    unique_identifier: T,
}

fn main() {}
