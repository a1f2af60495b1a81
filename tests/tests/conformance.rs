//! The conformance check itself: what passes, what fails, and what it says of each.

#![allow(clippy::unwrap_used)] // In helpers of tests too, a panic is how a test fails.

use std::fs;
use std::path::PathBuf;

use kmip_tests::conformance::{Report, run};

const HEADER: &str = r#"<RequestHeader><ProtocolVersion><ProtocolVersionMajor type="Integer" value="1"/>
    <ProtocolVersionMinor type="Integer" value="2"/></ProtocolVersion><BatchCount type="Integer" value="1"/></RequestHeader>"#;

/// A request to destroy an object.
fn destroy(identifier: &str) -> String {
    format!(
        r#"<RequestMessage>{HEADER}<BatchItem><Operation type="Enumeration" value="Destroy"/><RequestPayload>
            <UniqueIdentifier type="TextString" value="{identifier}"/></RequestPayload></BatchItem></RequestMessage>"#
    )
}

/// Runs the check over files in a directory of their own.
fn check(name: &str, files: &[(&str, &str)]) -> (Report, String) {
    let directory = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&directory);
    fs::create_dir_all(&directory).unwrap();
    for (file, text) in files {
        fs::write(directory.join(file), text).unwrap();
    }
    let mut out = Vec::new();
    let report = run(std::slice::from_ref(&directory), &mut out).unwrap();
    let out = String::from_utf8(out).unwrap().replace(&format!("{}/", directory.display()), "");
    (report, out)
}

#[test]
fn passes_any_number_of_messages_and_their_siblings() {
    let two = format!("<KMIP>\n{}\n{}\n</KMIP>", destroy("$UNIQUE_IDENTIFIER_0"), destroy("b"));
    let one = destroy("a");
    let ttlv = kmip_types::text::TextCodec::new().from_xml(&one).unwrap();
    let hex: String = ttlv.iter().map(|byte| format!("{byte:02x}")).collect();
    let json = kmip_types::text::TextCodec::new().to_json(&ttlv).unwrap();
    let files = [("two.xml", two.as_str()), ("one.xml", &one), ("one.hex", &hex), ("one.json", &json)];
    let (report, out) = check("passes", &files);
    assert_eq!((report.passed, report.untyped, report.failed), (5, 0, 0), "{out}");
    assert!(out.ends_with("5 typed throughout, 0 with parts kept as items\n5 passed, 0 failed\n"), "{out}");
}

#[test]
fn says_what_was_kept_as_items() {
    let vendor = destroy("a").replace("Destroy", "0x80000001");
    let (report, out) = check("untyped", &[("vendor.xml", &vendor)]);
    assert_eq!((report.passed, report.untyped), (1, 1), "{out}");
    assert!(out.starts_with("passed vendor.xml:1: kept as items: RequestMessage/BatchItem/RequestPayload\n"));
}

#[test]
fn fails_with_the_place_and_the_reason() {
    let misspelled = destroy("a").replace("UniqueIdentifier type", "UniqueIdentifer type");
    let twice = destroy("a")
        .replace("</RequestPayload>", r#"<UniqueIdentifier type="TextString" value="b"/></RequestPayload>"#);
    let missing = destroy("a").replace(r#"<BatchCount type="Integer" value="1"/>"#, "");
    let too_new = destroy("a")
        .replace(r#"<BatchCount"#, r#"<ClientCorrelationValue type="TextString" value="a"/><BatchCount"#);
    for (name, text, reason) in [
        ("misspelled", misspelled, "did you mean UniqueIdentifier?"),
        ("twice", twice, "UniqueIdentifier occurs more than once in DestroyRequest"),
        ("missing", missing, "RequestHeader lacks its required field BatchCount"),
        ("too-new", too_new, "ClientCorrelationValue is not in KMIP 1.2, but in 1.4 and later"),
        ("empty", "<KMIP></KMIP>".to_owned(), "there is no message in it"),
    ] {
        let (report, out) = check(name, &[("case.xml", &text)]);
        assert_eq!((report.passed, report.failed), (0, 1), "{name}: {out}");
        assert!(out.starts_with("FAILED case.xml"), "{name}: {out}");
        assert!(out.contains(reason), "{name}: {out}");
        assert!(out.ends_with("0 passed, 1 failed\n"), "{name}: {out}");
    }
}

#[test]
fn fails_siblings_that_differ() {
    let hex = "42000d02000000040000000100000000";
    let ttlv = kmip_types::text::TextCodec::new().from_xml(&destroy("a")).unwrap();
    let other: String = ttlv.iter().map(|byte| format!("{byte:02x}")).collect();
    let (report, out) = check("siblings", &[("a.xml", &destroy("b")), ("a.hex", &other), ("b.hex", hex)]);
    assert_eq!((report.passed, report.failed), (2, 2), "{out}");
    assert!(out.contains("FAILED a.xml: is not the same as a.hex"), "{out}");
    assert!(out.contains("FAILED b.hex:1: BatchCount is not a message"), "{out}");
}

/// A request with a name of an enumeration, of a mask's bits, of an attribute, and a date.
const LOCATE: &str = r#"<RequestMessage><RequestHeader><ProtocolVersion>
    <ProtocolVersionMajor type="Integer" value="1"/><ProtocolVersionMinor type="Integer" value="2"/>
    </ProtocolVersion><BatchCount type="Integer" value="1"/></RequestHeader><BatchItem>
    <Operation type="Enumeration" value="Locate"/><RequestPayload>
    <Attribute><AttributeName type="TextString" value="Object Type"/>
    <AttributeValue type="Enumeration" value="SymmetricKey"/></Attribute>
    <Attribute><AttributeName type="TextString" value="Cryptographic Usage Mask"/>
    <AttributeValue type="Integer" value="Encrypt Decrypt"/></Attribute>
    <Attribute><AttributeName type="TextString" value="Activation Date"/>
    <AttributeValue type="DateTime" value="2024-05-06T07:08:09+00:00"/></Attribute>
    <Attribute><AttributeName type="TextString" value="x-Rack"/>
    <AttributeValue type="TextString" value="a &amp; b"/></Attribute>
    </RequestPayload></BatchItem></RequestMessage>"#;

#[test]
fn takes_every_spelling_of_a_document() {
    let namespace = "urn:oasis:tc:kmip:xmlns";
    let prefixed = LOCATE.replace("</", "</k:").replace('<', "<k:").replace("<k:/k:", "</k:");
    let documents = [
        format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!-- 0 -->\n{LOCATE}\n<!-- after -->"),
        format!(
            "<?xml version='1.0'?><?style a?><!DOCTYPE KMIP><KMIP>\n<!-- TIME 0 --><?note b?>{LOCATE}</KMIP>"
        ),
        format!("\u{FEFF}<KMIP xmlns=\"{namespace}\" xmlns:x='urn:x' x:y='1' id='2'>{LOCATE}</KMIP>"),
        format!("<k:KMIP xmlns:k=\"{namespace}\">{prefixed}</k:KMIP>"),
        format!("<TestCase><Title>Locate</Title><Step time='0'>first {LOCATE}</Step></TestCase>"),
        LOCATE.replace('"', "'"),
        LOCATE.replace("<RequestMessage>", "<RequestMessage\n  type = \"Structure\" >"),
    ];
    for document in documents {
        let files = [("a.json", json_of(LOCATE)), ("a.xml", document.clone())];
        let (report, out) = check("documents", &files.each_ref().map(|(name, text)| (*name, text.as_str())));
        assert_eq!((report.passed, report.untyped, report.failed), (2, 0, 0), "{out}\n{document}");
    }
}

fn json_of(xml: &str) -> String {
    let codec = kmip_types::text::TextCodec::new();
    codec.to_json(&codec.from_xml(xml).unwrap()).unwrap()
}

#[test]
fn takes_every_spelling_of_a_value() {
    let replacements = [
        ("value=\"Locate\"", "value=\"0x00000008\""),
        ("value=\"SymmetricKey\"", "value=\"0x2\""),
        ("value=\"SymmetricKey\"", "value=\"Symmetric Key\""),
        ("\"Encrypt Decrypt\"", "\"Decrypt|Encrypt\""),
        ("\"Encrypt Decrypt\"", "\"0x0000000C\""),
        ("\"Encrypt Decrypt\"", "\"Encrypt, 0x8\""),
        ("\"Encrypt Decrypt\"", "\"12\""),
        ("2024-05-06T07:08:09+00:00", "2024-05-06T09:08:09.000+02:00"),
        ("2024-05-06T07:08:09+00:00", "2024-05-06T07:08:09"),
        ("2024-05-06T07:08:09+00:00", "0x00000000663881d9"),
        ("<Operation ", "<TTLV tag=\"0x42005C\" name=\"Operation\" "),
        ("<Operation ", "<TTLV tag=\"0x42005c\" "),
        ("<Operation ", "<x42005C "),
        ("\"a &amp; b\"", "\"&#97; &#x26; b\""),
    ];
    for (from, to) in replacements {
        assert!(LOCATE.contains(from), "{from}");
        let xml = LOCATE.replace(from, to);
        let (report, out) = check("values", &[("a.json", json_of(LOCATE).as_str()), ("a.xml", &xml)]);
        assert_eq!((report.passed, report.untyped, report.failed), (2, 0, 0), "{to}: {out}");
    }
}

#[test]
fn takes_every_spelling_in_json() {
    let json = json_of(LOCATE);
    for (from, to) in [
        ("\"value\":1}", "\"value\":\"0x00000001\"}"),
        ("\"value\":1}", "\"value\":\"1\"}"),
        ("\"value\":\"Locate\"", "\"value\":8"),
        ("\"value\":\"Locate\"", "\"value\":\"0x00000008\""),
        ("\"value\":\"Encrypt|Decrypt\"", "\"value\":12"),
        ("\"value\":\"Encrypt|Decrypt\"", "\"value\":\"0x0000000c\""),
        ("\"tag\":\"Operation\"", "\"tag\":\"0x42005C\""),
        ("\"type\":\"Structure\",", ""),
        ("2024-05-06T07:08:09+00:00", "0x00000000663881d9"),
    ] {
        assert!(json.contains(from), "{from} in {json}");
        let other = json.replace(from, to);
        let (report, out) = check("json", &[("a.JSON", other.as_str()), ("a.xml", LOCATE)]);
        assert_eq!((report.passed, report.untyped, report.failed), (2, 0, 0), "{to}: {out}");
    }
    let two = format!("[{json},\n{json}]");
    let xml = format!("<KMIP>{LOCATE}{LOCATE}</KMIP>");
    let (report, out) = check("json", &[("a.json", two.as_str()), ("a.xml", &xml)]);
    assert_eq!((report.passed, report.failed), (4, 0), "{out}");
}

#[test]
fn does_not_take_one_value_for_another() {
    for (from, to) in [
        ("value=\"Locate\"", "value=\"0x00000108\""),
        ("\"Encrypt Decrypt\"", "\"Encrypt Decrypt 0x4000000000\""),
        ("RequestMessage>", "RequestMesage>"),
        ("type=\"Integer\" value=\"1\"", "type=\"Integer\" value=\"0x10000000000000001\""),
    ] {
        assert!(LOCATE.contains(from), "{from}");
        let xml = LOCATE.replace(from, to);
        let (report, out) = check("others", &[("a.json", json_of(LOCATE).as_str()), ("a.xml", &xml)]);
        assert!(report.failed > 0, "{to}: {out}");
    }
}
