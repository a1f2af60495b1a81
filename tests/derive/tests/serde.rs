//! What the derives make for serde: a value with a tag of its own is the item that it is, as the standard's JSON.

#![allow(clippy::unwrap_used)] // In helpers of tests too, a panic is how a test fails.

use std::fmt::Debug;

use kmip_types::enumerations::Operation;
use kmip_types::item::Revealed;
use kmip_types::{Interval, Item, ProtocolVersion, Tag, Ttlv};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

#[derive(Debug, PartialEq, Ttlv)]
#[ttlv(tag = 0x540000)]
struct Machine {
    #[ttlv(tag = "Comment", until = "1.4")]
    early: Option<String>,
    rotate_interval: Option<Interval>,
}

#[derive(Debug, PartialEq, Ttlv)]
#[ttlv(tag = "RequestMessage", version = "request_header.protocol_version")]
struct Ping {
    request_header: Header,
    #[ttlv(tag = "Comment", since = "2.0")]
    late: Option<String>,
}

#[derive(Debug, PartialEq, Ttlv)]
struct Header {
    protocol_version: ProtocolVersion,
}

#[derive(Debug, PartialEq, Ttlv)]
#[ttlv(tag = "Comment")]
struct Remark(String);

#[derive(Debug, PartialEq, Ttlv)]
#[ttlv(tag = "UniqueIdentifier")]
enum Identifier {
    Text(String),
    Index(i32),
}

#[derive(Debug, PartialEq, Ttlv)]
#[ttlv(choice = "tag")]
enum Part {
    Description(String),
    #[ttlv(tag = "BatchCount")]
    Count(i32),
    #[ttlv(other)]
    Other(Item),
}

#[derive(Debug, PartialEq, Ttlv)]
#[ttlv(select = "Operation", tag = "RequestPayload")]
enum Payload {
    #[ttlv(value = "Operation::Get")]
    Get(Machine),
}

#[track_caller]
fn is<T: Debug + DeserializeOwned + PartialEq + Serialize>(value: T, json: Value) {
    assert_eq!(serde_json::to_value(Revealed(&value)).unwrap(), json);
    assert_eq!(serde_json::from_value::<T>(json).unwrap(), value);
}

#[test]
fn a_value_is_the_item_under_its_own_tag() {
    is(Remark("a".to_owned()), json!({ "tag": "Comment", "type": "TextString", "value": "a" }));
    is(Identifier::Index(1), json!({ "tag": "UniqueIdentifier", "type": "Integer", "value": 1 }));
    is(
        Identifier::Text("a".to_owned()),
        json!({ "tag": "UniqueIdentifier", "type": "TextString", "value": "a" }),
    );
    is(
        Part::Description("a".to_owned()),
        json!({ "tag": "Description", "type": "TextString", "value": "a" }),
    );
    is(Part::Count(1), json!({ "tag": "BatchCount", "type": "Integer", "value": 1 }));
    let other = Item::integer(Tag::from_raw(0x54_0001), 1);
    is(Part::Other(other), json!({ "tag": "0x540001", "type": "Integer", "value": 1 }));
}

#[test]
fn a_value_is_in_the_form_of_the_newest_version_that_carries_it() {
    let early = json!({ "tag": "Comment", "type": "TextString", "value": "a" });
    let interval = json!({ "tag": "RotateInterval", "type": "Interval", "value": 1 });
    let machine = |items: &[&Value]| json!({ "tag": "0x540000", "type": "Structure", "value": items });
    is(Machine { early: None, rotate_interval: None }, machine(&[]));
    is(Machine { early: Some("a".to_owned()), rotate_interval: None }, machine(&[&early]));
    is(Machine { early: None, rotate_interval: Some(Interval::from_seconds(1)) }, machine(&[&interval]));
    let both = Machine { early: Some("a".to_owned()), rotate_interval: Some(Interval::from_seconds(1)) };
    let error = serde_json::to_value(&both).unwrap_err().to_string();
    assert_eq!(error, "0x540000/Comment: Comment is not in KMIP 2.1, but in 1.4 alone");
}

#[test]
fn a_value_that_states_its_version_is_in_no_other() {
    let header = |version| Header { protocol_version: version };
    let ping = Ping { request_header: header(ProtocolVersion::V2_0), late: Some("a".to_owned()) };
    assert_eq!(serde_json::to_value(&ping).unwrap()["value"][1]["value"], "a");
    let ping = Ping { request_header: header(ProtocolVersion::V1_4), ..ping };
    let error = serde_json::to_value(&ping).unwrap_err().to_string();
    assert_eq!(error, "RequestMessage/Comment: Comment is not in KMIP 1.4, but in 2.0 and later");
}

#[test]
fn what_a_sibling_decides_is_written_alone() {
    let payload = Payload::Get(Machine { early: None, rotate_interval: None });
    let json = json!({ "tag": "RequestPayload", "type": "Structure", "value": [] });
    assert_eq!(serde_json::to_value(Revealed(&payload)).unwrap(), json);
}

#[test]
fn an_item_that_is_something_else_is_refused() {
    let json = |tag: &str| json!({ "tag": tag, "type": "Integer", "value": 1 });
    for (result, expected) in [
        (
            serde_json::from_value::<Remark>(json("Comment")).err(),
            "Comment (offset 0): expected TextString, found Integer",
        ),
        (serde_json::from_value::<Remark>(json("BatchCount")).err(), "expected Comment, found BatchCount"),
        (
            serde_json::from_value::<Part>(json("Description")).err(),
            "Description (offset 0): expected TextString, found Integer",
        ),
    ] {
        let error = result.unwrap().to_string();
        assert!(error.contains(expected), "{error}");
    }
}
