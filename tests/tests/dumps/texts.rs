//! Messages in JSON and XML.

use kmip_types::dump::{Dump, DumpForm};
use kmip_types::text::{JsonOptions, TextCodec, TextMode, XmlOptions};

use crate::{all, bytes, parts, read};

fn some() -> Vec<Vec<u8>> {
    all().map(|(_, message)| message).take(3).collect()
}

fn json(pretty: bool) -> Vec<String> {
    let codec = TextCodec::new().json(JsonOptions::new().pretty(pretty));
    some().iter().map(|message| codec.to_json(message).unwrap()).collect()
}

fn xml(pretty: bool) -> Vec<String> {
    let codec = TextCodec::new().xml(XmlOptions::new().pretty(pretty));
    some().iter().map(|message| codec.to_xml(message).unwrap()).collect()
}

#[test]
fn json_is_read_alone_in_a_row_in_arrays_and_in_other_objects() {
    for pretty in [false, true] {
        let texts = json(pretty);
        let row = texts.join("\n");
        let array = format!(" [{}]", texts.join(", "));
        let within = format!("{{\"trace\": {{\"level\": \"debug\", \"messages\": [{}]}}}}", texts.join(","));
        let log = format!("request: {}\nresponse: {}\n{}", texts[0], texts[1], texts[2]);
        assert_eq!(bytes(&texts[0]), [some()[0].clone()]);
        for input in [row, array, within, log] {
            assert_eq!(bytes(&input), some(), "{input}");
            assert_eq!(read(&input).unwrap().form, DumpForm::Json);
        }
    }
}

#[test]
fn xml_is_read_alone_in_a_row_in_wrappers_and_in_logs() {
    for pretty in [false, true] {
        let texts = xml(pretty);
        let row = texts.join("\n");
        let wrapped = format!("<?xml version=\"1.0\"?>\n<KMIP>{}</KMIP>", texts.join("<!-- next -->"));
        let deeper = format!("<a><b>{}</b></a>", texts.join("\n"));
        let log = format!("12:00 request: {}\n12:01 response: {}\n{}", texts[0], texts[1], texts[2]);
        assert_eq!(bytes(&texts[0]), [some()[0].clone()]);
        for input in [row, wrapped, deeper, log] {
            assert_eq!(bytes(&input), some(), "{input}");
            assert_eq!(read(&input).unwrap().form, DumpForm::Xml);
        }
    }
}

const COUNT: &str = r#"{"tag":"BatchCount","type":"Integer","value":1}"#;

#[test]
fn faults_in_json_are_at_their_place_and_cost_one_message() {
    insta::assert_snapshot!(parts(format!("request:\n  {COUNT}\n  {}\n", COUNT.replace("Integer", "Intger"))), @r#"
    JSON
    line 1, column 1: text that is not read
    line 2, column 3: BatchCount, 16 bytes
    line 3, column 30, BatchCount: "Intger" is not an item type; did you mean Integer?
    "#);
    insta::assert_snapshot!(parts(format!("{COUNT},\n{}", &COUNT[..30])), @"
    JSON
    line 1, column 1: BatchCount, 16 bytes
    line 2, column 30, BatchCount: EOF while parsing a string
    ");
    insta::assert_snapshot!(parts(r#"{"hello": "world"}"#), @r#"error: the input is JSON, but holds no KMIP message or item: line 1, column 2: unknown member "hello"; an item has tag, name, type and value"#);
    insta::assert_snapshot!(parts("[{'tag': 'BatchCount'}]"), @"error: the input is no TTLV, and no hex, hex dump, list of numbers, string with escapes, base64, JSON or XML of it: line 1, column 4: text that is not read");
}

#[test]
fn faults_in_xml_are_at_their_place_and_cost_one_message() {
    let count = "<BatchCount type='Integer' value='1'/>";
    let wrong = count.replace("'1'", "'x'");
    insta::assert_snapshot!(parts(format!("<KMIP>\n  {count}\n  {wrong}\n</KMIP>")), @"
    XML
    line 2, column 3: BatchCount, 16 bytes
    line 3, column 37, BatchCount: expected a number of 32 bits with a sign, or up to 8 hex digits after 0x for Integer, found other text
    ");
    let message = &xml(false)[0];
    insta::assert_snapshot!(parts(format!("log: {message}\nlog: {}", &message[..100])), @"
    XML
    line 1, column 1: text that is not read
    line 1, column 6: RequestMessage, 240 bytes
    line 2, column 1: text that is not read
    line 2, column 102, RequestMessage/RequestHeader/ProtocolVersion: tag not closed: `>` not found before end of input
    ");
    insta::assert_snapshot!(parts("<html><body>"), @"error: the input is XML, but holds no KMIP message or item: line 1, column 13: expected an end tag, found the end of the text");
}

/// Each with its place in the whole text, and the path in its own message.
#[test]
fn what_reading_a_text_tolerated_is_listed_for_each_message() {
    let codec = TextCodec::new().mode(TextMode::Lenient);
    let json = COUNT.replace("BatchCount", "batch count");
    let xml = "<State type='Enumeration' value='active'/>";
    for input in [
        format!("[{json},\n  {json}]"),
        format!("log: {json}\n  {json}"),
        format!("<KMIP>{xml}\n  {xml}</KMIP>"),
        format!("log <RequestMessage>{xml}</RequestMessage>\n  <RequestMessage>{xml}</RequestMessage>"),
    ] {
        let dump = Dump::read(input.as_bytes(), &codec).unwrap();
        let listed: Vec<_> = dump.messages().map(|message| message.deviations.as_slice()).collect();
        let [[one], [other]] = listed[..] else { panic!("{input}: {listed:?}") };
        assert_eq!((one.line, other.line), (1, 2), "{input}");
        assert_eq!((&one.path, &one.kind), (&other.path, &other.kind), "{input}");
        for one in [one, other] {
            let line = input.lines().nth(one.line - 1).unwrap();
            let rest: String = line.chars().skip(one.column - 1).collect();
            assert!(
                rest.starts_with("\"batch count") || rest.starts_with("active"),
                "{input}: {one}: {rest}"
            );
        }
    }
}
