use kmip_types::Ttlv;

#[derive(Ttlv)]
struct Label(String);

#[derive(Ttlv)]
struct Payload {
    #[ttlv(tag = "Description")]
    label: Label,
}

fn main() {
    let _ = Payload::new(Label(String::new()));
}
