use kmip_types::Ttlv;

#[derive(Ttlv)]
struct Payload {
    uniqe_identifier: String,
}

fn main() {}
