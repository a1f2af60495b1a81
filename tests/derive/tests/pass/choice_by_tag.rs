//! `choice = "tag"`: the tag decides.

use kmip_types::{Item, Ttlv};

#[derive(Ttlv)]
#[ttlv(choice = "tag")]
enum Part {
    Description(String),
    #[ttlv(tag = "BatchCount", since = "1.2")]
    Count(i32),
    #[ttlv(other)]
    Other(Item),
}

#[derive(Ttlv)]
struct Payload {
    #[ttlv(choice)]
    part: Vec<Part>,
}

#[test]
fn a_choice_by_tag_compiles() {
    let _ = Payload { part: vec![Part::Count(1), Part::Description(String::new())] };
}
