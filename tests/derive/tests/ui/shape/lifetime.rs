use kmip_types::Ttlv;

#[derive(Ttlv)]
struct Payload<'a> {
    unique_identifier: &'a str,
}

fn main() {}
