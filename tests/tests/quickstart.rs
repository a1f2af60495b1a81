//! The quickstart's messages, member for member, against our own description and against the document.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // A panic is how a test fails.

#[path = "../../kmip-sdk/examples/quickstart/scenario.rs"]
mod scenario;

use kmip_sdk::server::EmbeddedServer;
use kmip_sdk::types::text::TextCodec;
use scenario::Exchange;
use serde_json::{Value, json};

/// Our description of the messages: `[tag, type, value]`, and `[tag, [items]]` for a structure.
const EXPECTED: &str = include_str!("data/quickstart.json");

/// What a server may choose: the hash of a key that it made at random, and how it made it.
const CHOSEN: [&str; 2] = ["DigestValue", "RandomNumberGenerator"];

fn run() -> Vec<Exchange> {
    scenario::run(&EmbeddedServer::start().unwrap()).unwrap()
}

/// The item with `$SERVER` in place of what a server may choose.
fn without_choices(mut item: Value) -> Value {
    if item["tag"].as_str().is_some_and(|tag| CHOSEN.contains(&tag)) {
        item["value"] = "$SERVER".into();
    } else if let Some(items) = item["value"].as_array_mut() {
        items.iter_mut().for_each(|item| *item = without_choices(item.take()));
    }
    item
}

fn parse(json: &str) -> Value {
    serde_json::from_str(json).unwrap()
}

/// The JSON form of an item in our description.
fn expand(item: &Value) -> Value {
    match item.as_array().unwrap().as_slice() {
        [tag, Value::Array(items)] => {
            json!({ "tag": tag, "type": "Structure", "value": items.iter().map(expand).collect::<Vec<_>>() })
        }
        [tag, value] => json!({ "tag": tag, "type": "Structure", "value": value }),
        [tag, kind, value] => json!({ "tag": tag, "type": kind, "value": value }),
        other => panic!("{other:?} is not an item"),
    }
}

#[test]
fn prints_every_message_as_described() {
    let expected: Vec<Value> = serde_json::from_str(EXPECTED).unwrap();
    let exchanges = run();
    assert_eq!(exchanges.len(), expected.len());
    for (exchange, expected) in exchanges.into_iter().zip(&expected) {
        assert_eq!(exchange.title, expected["title"]);
        // Compared as text, so that the order of the members counts.
        for (printed, expected) in
            [(exchange.request, &expected["request"]), (exchange.response, &expected["response"])]
        {
            assert_eq!(without_choices(parse(&printed)).to_string(), expand(expected).to_string());
        }
    }
}

#[test]
fn what_is_printed_is_json_of_valid_messages() {
    for exchange in run() {
        for message in [&exchange.request, &exchange.response] {
            let valid = message.replace("$NOW", "2024-01-01T00:00:00Z").replace("$DIGEST_VALUE_0", "00");
            TextCodec::new().from_json(&valid).unwrap_or_else(|error| panic!("{error}\n{valid}"));
        }
    }
}

/// The ```json blocks of a document, in their order.
fn json_blocks(document: &str) -> Vec<Value> {
    let blocks = document.split("```json").skip(1);
    blocks.map(|rest| serde_json::from_str(rest.split("```").next().unwrap()).unwrap()).collect()
}

#[test]
fn finds_the_blocks_of_a_document() {
    let document = "a\n    ```json\n    {\"a\": 1}\n    ```\nb\n```json\n[2]\n```\n";
    assert_eq!(json_blocks(document), [json!({"a": 1}), json!([2])]);
}

#[test]
#[ignore = "needs the document: KMIP_SEEDS=DIR cargo test -p kmip-tests --test quickstart -- --ignored"]
fn prints_every_message_as_the_document_has_it() {
    let directory = std::env::var("KMIP_SEEDS").expect("KMIP_SEEDS is the directory of the documents");
    let document = std::fs::read_dir(directory)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .find(|path| path.file_name().unwrap().to_string_lossy().starts_with("000"))
        .expect("the directory has a document 000");
    let blocks = json_blocks(&std::fs::read_to_string(document).unwrap());
    assert_eq!(blocks.len(), 6, "three requests, each with its response");
    for (exchange, expected) in run().into_iter().zip(blocks.chunks_exact(2)) {
        assert_eq!(parse(&exchange.request), expected[0], "{}", exchange.title);
        let (response, expected) =
            (without_choices(parse(&exchange.response)), without_choices(expected[1].clone()));
        assert_eq!(response, expected, "{}", exchange.title);
    }
}
