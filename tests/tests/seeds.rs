//! Documents that others wrote, some of them faulty: read from a folder that is not part of this repository.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // A panic is how a test fails.

use std::path::PathBuf;

use kmip_types::text::{TextCodec, TextMode};
use kmip_types::{Item, Tag, TextError, TextErrorKind};

/// The texts of the folder that `KMIP_SEEDS` names, by the number in their names.
fn seeds() -> Vec<(String, String)> {
    let folder = PathBuf::from(std::env::var_os("KMIP_SEEDS").expect("KMIP_SEEDS names a folder"));
    let mut seeds: Vec<(String, String)> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap())
        .map(|entry| {
            let text = std::fs::read_to_string(entry.path()).unwrap();
            (entry.file_name().to_string_lossy()[..3].to_owned(), text)
        })
        .collect();
    seeds.sort();
    seeds
}

/// The JSON objects in a text: from a line that is `{` to the next line that is `}` at the same indentation.
fn documents(text: &str) -> Vec<String> {
    let mut documents: Vec<String> = Vec::new();
    let mut open: Option<&str> = None;
    for line in text.lines() {
        let indentation = &line[..line.len() - line.trim_start().len()];
        match open {
            None if line.trim() == "{" => {
                open = Some(indentation);
                documents.push("{\n".to_owned());
            }
            Some(start) => {
                let document = documents.last_mut().unwrap();
                document.push_str(line);
                document.push('\n');
                if line.trim() == "}" && indentation == start {
                    open = None;
                }
            }
            None => {}
        }
    }
    documents
}

#[test]
#[ignore = "needs the documents: KMIP_SEEDS=DIR cargo test -p kmip-tests --test seeds -- --ignored"]
fn messages_of_the_seeds_are_read_and_written_as_they_are() {
    let (_, text) = &seeds()[0];
    let documents = documents(text);
    assert_eq!(documents.len(), 6);
    for document in documents {
        // What varies is written as a variable.
        let document = document.replace("$NOW", "2014-06-10T08:07:28+00:00");
        let item = Item::from_json(&document).unwrap_or_else(|error| panic!("{document}: {error}"));
        let written: serde_json::Value = serde_json::from_str(&item.to_json().unwrap()).unwrap();
        assert_eq!(written, serde_json::from_str::<serde_json::Value>(&document).unwrap());
        assert_eq!(Item::from_xml(&item.to_xml().unwrap()).unwrap(), item);
    }
}

/// Takes away the commas before a closing bracket.
fn without_trailing_commas(json: &str) -> String {
    let mut out = String::new();
    for (at, character) in json.char_indices() {
        let next = json[at + 1..].trim_start().chars().next();
        if character != ',' || !matches!(next, Some(']' | '}') | None) {
            out.push(character);
        }
    }
    out
}

/// Where in the text an error is.
fn offset(text: &str, error: &TextError) -> usize {
    let lines = text.split_inclusive('\n').take(error.line().unwrap() - 1);
    lines.map(str::len).sum::<usize>() + error.column().unwrap() - 1
}

#[test]
#[ignore = "needs the documents: KMIP_SEEDS=DIR cargo test -p kmip-tests --test seeds -- --ignored"]
fn faulty_documents_of_the_seeds_are_reported_fault_by_fault() {
    let mut reported = Vec::new();
    for (seed, text) in &seeds()[1..3] {
        for document in documents(text) {
            let error = TextCodec::new().mode(TextMode::Strict).from_json(&document).unwrap_err();
            assert!(matches!(error.kind(), TextErrorKind::Syntax { .. }), "{error}");
            reported.push(format!("{seed}: {error}"));
            let mut json = without_trailing_commas(&document);
            // Names are put right as the errors suggest, until what is left is no question of names.
            loop {
                let error = match TextCodec::new().mode(TextMode::Strict).from_json(&json) {
                    Ok(_) => break,
                    Err(error) => error,
                };
                reported.push(format!("{seed}: {error}"));
                if error.to_string().ends_with("expected `,` or `]`") {
                    // The requests lack a bracket besides.
                    json.insert(offset(&json, &error), ']');
                    continue;
                }
                if let TextErrorKind::UnexpectedItemType { tag: Tag::TIME_STAMP, .. } = error.kind() {
                    json = json.replace("\"LongInteger\"", "\"DateTime\"");
                    json = json.replace("1698748303", "\"2023-10-31T10:31:43Z\"");
                    continue;
                }
                let TextErrorKind::UnknownTag { name, suggestions } = error.kind() else { break };
                let suggestion = if name == "Items" { "BatchItem" } else { suggestions[0].as_str() };
                json = json.replace(&format!("\"tag\": \"{name}\""), &format!("\"tag\": \"{suggestion}\""));
            }
        }
    }
    println!("{}", reported.join("\n"));
    let all = reported.join("\n");
    for expected in [
        "trailing comma",
        "\"Message\" is not a tag; did you mean RequestMessage or ResponseMessage?",
        "RequestMessage: \"Header\" is not a tag; did you mean RequestHeader?",
        "ResponseMessage: \"Header\" is not a tag; did you mean ResponseHeader?",
        "\"Items\" is not a tag; did you mean OffsetItems, LocatedItems or MaximumItems?",
        "\"BtachItem\" is not a tag; did you mean BatchItem?",
        "\"Timestamp\" is not a tag; did you mean TimeStamp?",
        "TimeStamp takes DateTime or DateTimeExtended, found LongInteger",
        "UniqueIdentifier takes Integer or Enumeration or TextString, found Structure",
    ] {
        assert!(all.contains(expected), "{expected}");
    }
}
