//! Executing test cases: a server that answers as the case has it passes, and an altered answer is noticed.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // A panic is how a test fails.

use kmip_sdk::testing::execute::{Execution, Verdict};
use kmip_types::case::{Bindings, Case};

const HEADER: &str = r#"<ProtocolVersion><ProtocolVersionMajor type="Integer" value="1"/>
    <ProtocolVersionMinor type="Integer" value="4"/></ProtocolVersion>"#;

/// A key is made, and its attributes are asked for, by a name that a document breaks into lines.
fn text() -> String {
    let message = |kind: &str, more: &str, item: &str| {
        format!(
            r#"<{kind}Message><{kind}Header>{HEADER}{more}<BatchCount type="Integer" value="1"/></{kind}Header>
            <BatchItem>{item}</BatchItem></{kind}Message>"#
        )
    };
    let asked = |operation: &str, payload: &str| {
        let item = format!(
            r#"<Operation type="Enumeration" value="{operation}"/><RequestPayload>{payload}</RequestPayload>"#
        );
        message("Request", "", &item)
    };
    let said = |operation: &str, payload: &str| {
        let item = format!(
            r#"<Operation type="Enumeration" value="{operation}"/>
            <ResultStatus type="Enumeration" value="Success"/><ResponsePayload>{payload}</ResponsePayload>"#
        );
        message("Response", r#"<TimeStamp type="DateTime" value="$NOW"/>"#, &item)
    };
    let key = r#"<UniqueIdentifier type="TextString" value="$UNIQUE_IDENTIFIER_0"/>"#;
    let attribute = |name: &str, value: &str| {
        format!(
            r#"<Attribute><AttributeName type="TextString" value="{name}"/><AttributeValue {value}/></Attribute>"#
        )
    };
    let attributes = [
        attribute("Cryptographic Algorithm", r#"type="Enumeration" value="AES""#),
        attribute("Cryptographic Length", r#"type="Integer" value="128""#),
        attribute("Cryptographic Usage Mask", r#"type="Integer" value="Encrypt""#),
    ]
    .concat();
    let object_type = r#"<ObjectType type="Enumeration" value="SymmetricKey"/>"#;
    let exchanges = [
        asked("Create", &format!("{object_type}<TemplateAttribute>{attributes}</TemplateAttribute>")),
        said("Create", &format!("{object_type}{key}")),
        asked(
            "GetAttributes",
            &format!(
                r#"{key}<AttributeName type="TextString" value="Cryptographic   Length"/>
                <AttributeName type="TextString" value="State"/>"#
            ),
        ),
        said(
            "GetAttributes",
            &format!(
                "{key}{}{}",
                attribute("State", r#"type="Enumeration" value="PreActive""#),
                attribute("Cryptographic Length", r#"type="Integer" value="128""#)
            ),
        ),
    ];
    format!("<KMIP>{}</KMIP>", exchanges.concat())
}

/// Executes the case against a server that answers as another text has it.
fn verdict(answers: &str) -> (Verdict, String) {
    let (case, answers) = (Case::from_xml(&text()).unwrap(), Case::from_xml(answers).unwrap());
    let mut bindings = Bindings::new();
    let responses =
        answers.exchanges().unwrap().into_iter().map(|(_, response)| response.fill(&mut bindings));
    let responses: Vec<Vec<u8>> = responses.map(|response| response.to_ttlv().unwrap()).collect();
    let next = std::sync::Mutex::new(responses.into_iter());
    let service = |_: &[u8]| next.lock().unwrap().next().unwrap_or_default();
    let outcome = Execution::new(&service).run(&case);
    (outcome.verdict, outcome.difference.map(|difference| difference.path).unwrap_or_default())
}

#[test]
fn a_server_that_answers_as_the_case_has_it_passes() {
    assert_eq!(verdict(&text()), (Verdict::Whole, String::new()));
}

#[test]
fn the_embedded_server_passes() {
    let server = kmip_sdk::server::Server::new(kmip_sdk::server::ServerOptions::default());
    let outcome = Execution::new(&server).run(&Case::from_xml(&text()).unwrap());
    assert_eq!((outcome.verdict, outcome.difference), (Verdict::Whole, None));
}

#[test]
fn an_altered_answer_is_noticed() {
    let answer = text();
    let (asked, said) = answer.split_at(answer.rfind("<ResponseMessage>").unwrap());
    for (from, to, expected, path) in [
        ("PreActive", "Active", Verdict::Differs, "Attribute/AttributeValue"),
        ("\"128\"", "\"256\"", Verdict::Differs, "Attribute/AttributeValue"),
        ("$UNIQUE_IDENTIFIER_0", "k-9", Verdict::Differs, "UniqueIdentifier"),
        ("\"Success\"", "\"OperationFailed\"", Verdict::Failed, "ResponseMessage/BatchItem[0]"),
        ("\"4\"", "\"3\"", Verdict::Differs, "ProtocolVersionMinor"),
        ("Cryptographic Length", "x-Other", Verdict::Differs, "ResponsePayload/Attribute"),
    ] {
        let altered = said.replace(from, to);
        assert_ne!(altered, said);
        let (found, at) = verdict(&format!("{asked}{altered}"));
        assert_eq!(found, expected, "{from}");
        assert!(at.ends_with(path), "{from}: {at}");
    }
}

#[test]
fn what_the_standard_lets_vary_is_passed_over() {
    let answer = text();
    let (asked, said) = answer.split_at(answer.rfind("<ResponseMessage>").unwrap());
    let more = r#"<Attribute><AttributeName type="TextString" value="x-More"/>
        <AttributeValue type="Integer" value="1"/></Attribute></ResponsePayload>"#;
    for (from, to) in [
        ("</ResponsePayload>", more),
        ("<ResponsePayload>", r#"<ResultMessage type="TextString" value="done"/><ResponsePayload>"#),
        ("<AttributeValue", r#"<AttributeIndex type="Integer" value="0"/><AttributeValue"#),
    ] {
        let altered = said.replace(from, to);
        assert_ne!(altered, said);
        assert_eq!(verdict(&format!("{asked}{altered}")), (Verdict::Whole, String::new()), "{from}");
    }
}
