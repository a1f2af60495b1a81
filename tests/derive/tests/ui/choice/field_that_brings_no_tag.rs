use kmip_types::Ttlv;

#[derive(Ttlv)]
struct Payload {
    #[ttlv(choice)]
    name: Name,
}

#[derive(Ttlv)]
struct Name {
    name_value: String,
}

fn main() {}
