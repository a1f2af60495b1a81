//! `selector`: a selector for what is within.

use kmip_types::{Ttlv, Value, enumerations::Operation};

#[derive(Ttlv)]
#[ttlv(selector = "Operation")]
struct Wrapper {
    #[ttlv(select = "selector")]
    request_payload: Payload,
}

#[derive(Ttlv)]
#[ttlv(selector = "Operation")]
enum Form {
    Bytes(Vec<u8>),
    #[ttlv(select)]
    Structure(Wrapper),
}

#[derive(Ttlv)]
#[ttlv(select = "Operation")]
enum Payload {
    #[ttlv(value = "Operation::Get")]
    Get(Empty),
    #[ttlv(other)]
    Other(Value),
}

#[derive(Ttlv)]
struct Empty {}

#[test]
fn a_selector_is_handed_on() {
    let _ = Form::Structure(Wrapper::new(Payload::Get(Empty {})));
    let _ = Form::Bytes(Vec::new());
}
