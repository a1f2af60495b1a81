//! A struct with one unnamed field.

use kmip_types::Ttlv;

#[derive(Ttlv)]
struct Label(String);

#[derive(Ttlv)]
struct Payload {
    #[ttlv(tag = "Description")]
    label: Label,
}

#[test]
fn a_new_type_is_its_field() {
    let _ = Payload::new(Label(String::new()));
}
