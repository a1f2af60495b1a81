//! `catch_all`: the last field takes every item that the others do not.

use kmip_types::{Item, Ttlv};

#[derive(Default, Ttlv)]
struct Payload {
    batch_count: Option<i32>,
    #[ttlv(catch_all)]
    rest: Vec<Item>,
}

#[test]
fn a_catch_all_takes_what_is_left() {
    let payload = Payload::default().with_rest([Item::integer(kmip_types::Tag::BATCH_COUNT, 1)]);
    assert_eq!(payload.rest.len(), 1);
}
