//! `select`: a choice by the value of an earlier field.

use kmip_types::{Ttlv, enumerations::Operation};

#[derive(Ttlv)]
struct BatchItem {
    operation: Operation,
    #[ttlv(select = "operation")]
    request_payload: Payload,
}

#[derive(Ttlv)]
#[ttlv(select = "Operation")]
enum Payload {
    #[ttlv(value = "Operation::Get | Operation::Locate")]
    Some(Empty),
    #[ttlv(other)]
    Other(kmip_types::Value),
}

#[derive(Ttlv)]
struct Empty {}

#[test]
fn a_field_decides_the_form_of_another() {
    let _ = BatchItem::new(Operation::Get, Payload::Some(Empty {}));
}
