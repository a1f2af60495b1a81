//! `new`, `with_…`, and `no_new` for a `new` of one's own.

use kmip_types::Ttlv;

#[derive(Ttlv)]
struct Payload {
    unique_identifier: String,
    batch_count: Option<i32>,
    description: Option<String>,
    object_group: Vec<String>,
}

#[derive(Ttlv)]
#[ttlv(no_new)]
struct Own {
    batch_count: i32,
    comment: Option<String>,
}

impl Own {
    fn new() -> Self {
        Self { batch_count: 1, comment: None }
    }
}

#[test]
fn a_constructor_and_setters_are_derived() {
    let payload =
        Payload::new("id").with_batch_count(1).with_description("text").with_object_group(["a", "b"]);
    assert_eq!(payload.object_group, ["a", "b"]);
    assert_eq!(Own::new().with_comment("text").comment.as_deref(), Some("text"));
}
