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
    verdict_of(&text(), answers)
}

/// Executes a case against a server that answers as another text has it.
fn verdict_of(case: &str, answers: &str) -> (Verdict, String) {
    let (case, answers) = (Case::from_xml(case).unwrap(), Case::from_xml(answers).unwrap());
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

/// A message of a request or a response in KMIP 2.1.
fn message(kind: &str, item: &str) -> String {
    let version = r#"<ProtocolVersion><ProtocolVersionMajor type="Integer" value="2"/>
        <ProtocolVersionMinor type="Integer" value="1"/></ProtocolVersion>"#;
    let time = if kind == "Response" { r#"<TimeStamp type="DateTime" value="$NOW"/>"# } else { "" };
    format!(
        r#"<{kind}Message><{kind}Header>{version}{time}<BatchCount type="Integer" value="1"/></{kind}Header>
        <BatchItem>{item}</BatchItem></{kind}Message>"#
    )
}

/// A request with its answer, and what is remarked before.
fn exchange(remark: &str, operation: &str, asked: &str, said: &str) -> String {
    let operation = format!(r#"<Operation type="Enumeration" value="{operation}"/>"#);
    let success = r#"<ResultStatus type="Enumeration" value="Success"/>"#;
    format!(
        "\n# TIME\n# {remark}\n{}\n{}",
        message("Request", &format!("{operation}<RequestPayload>{asked}</RequestPayload>")),
        message("Response", &format!("{operation}{success}<ResponsePayload>{said}</ResponsePayload>"))
    )
}

#[test]
fn each_client_asks_what_the_remarks_say() {
    let ping = |remark: &str| exchange(remark, "Ping", "", "");
    let text =
        [ping("[Client-A]"), ping("[Client-B]"), ping("goes on"), ping("[Client-C]"), ping("[Client-A]")];
    let case = Case::from_xml(&format!("<KMIP>{}</KMIP>", text.concat())).unwrap();
    let server = kmip_sdk::server::Server::new(kmip_sdk::server::ServerOptions::default());
    let asked = std::sync::Mutex::new(String::new());
    let client = |name: char| {
        let (asked, server) = (&asked, &server);
        move |request: &[u8]| {
            asked.lock().unwrap().push(name);
            server.handle(request)
        }
    };
    let (one, other) = (client('1'), client('2'));
    let mut done = Vec::new();
    let outcome =
        Execution::new(&one).client(&other).progress(|progress| done.push(progress.exchange)).run(&case);
    assert_eq!((outcome.verdict, outcome.difference), (Verdict::Whole, None));
    // The last one asks for those that there are not.
    assert_eq!(*asked.lock().unwrap(), "12221");
    assert_eq!(done, [1, 2, 3, 4, 5]);
}

#[test]
fn time_passes_where_the_case_lets_it() {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicI64, Ordering};

    let key = r#"<UniqueIdentifier type="TextString" value="$UNIQUE_IDENTIFIER_0"/>"#;
    let kind = r#"<ObjectType type="Enumeration" value="SymmetricKey"/>"#;
    let attributes = r#"<Attributes><CryptographicAlgorithm type="Enumeration" value="AES"/>
        <CryptographicLength type="Integer" value="128"/>
        <CryptographicUsageMask type="Integer" value="Encrypt"/>
        <ActivationDate type="DateTime" value="$NOW"/>
        <DeactivationDate type="DateTime" value="$NOW+120"/></Attributes>"#;
    let asked = format!(r#"{key}<AttributeReference type="Enumeration" value="State"/>"#);
    let state = |state: &str| {
        let said = format!(r#"{key}<Attributes><State type="Enumeration" value="{state}"/></Attributes>"#);
        exchange("", "GetAttributes", &asked, &said)
    };
    let text = |last: &str| {
        let created = exchange("", "Create", &format!("{kind}{attributes}"), &format!("{kind}{key}"));
        format!("<KMIP>{created}{}{}</KMIP>", state("Active"), state(last))
    };
    let run = |last: &str, passes: bool| {
        let now = kmip_types::DateTime::now();
        let time = Arc::new(AtomicI64::new(now.seconds()));
        let clock = Arc::clone(&time);
        let options = kmip_sdk::server::ServerOptions::default()
            .clock(move || kmip_types::DateTime::from_seconds(clock.load(Ordering::Relaxed)));
        let server = kmip_sdk::server::Server::new(options);
        let mut execution = Execution::at(&server, now);
        if passes {
            execution = execution.clock(|date| time.store(date.seconds(), Ordering::Relaxed));
        }
        execution.run(&Case::from_xml(&text(last)).unwrap()).verdict
    };
    assert_eq!(run("Deactivated", true), Verdict::Whole);
    assert_eq!(run("Deactivated", false), Verdict::Differs);
    assert_eq!(run("Compromised", true), Verdict::Differs);
}

#[test]
fn what_a_server_is_to_push_is_not_executed() {
    let text = exchange("[Server-to-Client]", "Ping", "", "");
    let case = Case::from_xml(&format!("<KMIP>{text}</KMIP>")).unwrap();
    let nobody = |_: &[u8]| panic!("nobody is to be asked");
    assert_eq!(Execution::new(&nobody).run(&case).verdict, Verdict::Failed);
}

/// A case that asks by Query.
fn query(function: &str, answer: &str) -> String {
    let asked = format!(r#"<QueryFunction type="Enumeration" value="{function}"/>"#);
    format!("<KMIP>{}</KMIP>", exchange("", "Query", &asked, answer))
}

#[test]
fn a_server_may_have_more_than_the_case_and_not_less() {
    let query = |operations: &[&str]| {
        let item = |name: &&str| format!(r#"<Operation type="Enumeration" value="{name}"/>"#);
        query("QueryOperations", &operations.iter().map(item).collect::<String>())
    };
    let case = query(&["Create", "Get", "Notify"]);
    for (operations, expected) in [
        (&["Create", "Get", "Notify"][..], Verdict::Whole),
        (&["Locate", "Get", "Create"], Verdict::Whole),
        (&["Create", "Locate"], Verdict::Differs),
        (&[], Verdict::Differs),
    ] {
        assert_eq!(verdict_of(&case, &query(operations)).0, expected, "{operations:?}");
    }
}

#[test]
fn the_generators_that_a_server_has_are_those_of_the_case() {
    let query = |algorithm: &str| {
        let name = format!(r#"<RNGAlgorithm type="Enumeration" value="{algorithm}"/>"#);
        query("QueryRNGs", &format!("<RNGParameters>{name}</RNGParameters>"))
    };
    assert_eq!(verdict_of(&query("DRBG"), &query("DRBG")).0, Verdict::Whole);
    assert_eq!(verdict_of(&query("Unspecified"), &query("DRBG")).0, Verdict::Differs);
}
