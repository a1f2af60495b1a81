//! What the page says of exchanges.

use std::io::{BufRead, BufReader};

use kmip_sdk::Client;
use kmip_sdk::inspect::{Filter, Inspector};
use kmip_sdk::server::{EmbeddedServer, ServerOptions};
use kmip_sdk::testing::MockServer;
use kmip_sdk::types::case::Case;
use kmip_sdk::types::enumerations::{Operation, QueryFunction};
use kmip_sdk::types::message::{Credential, Message, RequestBatchItem, RequestHeader, RequestMessage};
use kmip_sdk::types::object::SecretData;
use kmip_sdk::types::operation::QueryRequest;
use kmip_sdk::types::{Item, ProtocolVersion, Tag, Value};
use serde_json::Value as Json;

use crate::support::{client, embedded, get, inspected, meaning, path, secrets, send, with};

/// The numbers of the exchanges that the page lists.
fn numbers(inspector: &Inspector, query: &str) -> Vec<u64> {
    let listed = get(inspector, &format!("exchanges?{query}")).json();
    listed.as_array().unwrap().iter().map(|exchange| exchange["number"].as_u64().unwrap()).collect()
}

/// A request with a field that the standard does not know.
fn odd_request() -> Vec<u8> {
    let request = RequestMessage {
        request_header: RequestHeader::new(ProtocolVersion::V2_1, 1),
        batch_item: vec![RequestBatchItem::new(
            Operation::Query,
            QueryRequest::new([QueryFunction::QueryOperations]).into(),
        )],
    };
    let mut item = Item::from_ttlv(&request.to_ttlv().unwrap()).unwrap();
    let Value::Structure(fields) = &mut item.value else { panic!("a message is a structure") };
    let Value::Structure(fields) = &mut fields[1].value else { panic!("a batch item is a structure") };
    fields.push(Item::integer(Tag::from_raw(0x42_0FFF), 7));
    item.to_ttlv().unwrap()
}

#[test]
fn filters_by_operation_client_failure_and_deviation() {
    let (inspector, server) = embedded();
    let client = Client::builder().embedded(&server).version(ProtocolVersion::V2_1).connect().unwrap();
    let key = client.create_aes(256).send().unwrap();
    client.get_attributes(&key).send().unwrap();
    assert!(client.get_attributes("nobody").send().is_err());
    let (certificate, key) = server.new_client("alice").unwrap();
    let alice = Client::builder()
        .address(server.address().to_string())
        .root_certificates_pem(server.ca_certificate_pem())
        .identity_pem(certificate, key.as_str())
        .version(ProtocolVersion::V2_1)
        .connect()
        .unwrap();
    alice.create_aes(128).send().unwrap();
    server.server().handle(&odd_request());

    assert_eq!(numbers(&inspector, ""), [1, 2, 3, 4, 5]);
    assert_eq!(numbers(&inspector, "operation=create"), [1, 4]);
    assert_eq!(numbers(&inspector, "operation=Get%41ttr"), [2, 3]);
    assert_eq!(numbers(&inspector, "client=ALICE"), [4]);
    assert_eq!(numbers(&inspector, "client=1"), [4], "by its connection");
    assert_eq!(numbers(&inspector, "failures=1&operation=attributes"), [3]);
    assert_eq!(numbers(&inspector, "deviations=1"), [5]);
    assert_eq!(numbers(&inspector, "operation=create&client=kmip"), [1]);
    assert_eq!(numbers(&inspector, "operation=nothing"), [0; 0]);

    let failed = inspector.exchanges(&Filter::of_operation("GetAttributes").failures());
    assert_eq!(failed[0].results, ["ObjectNotFound"]);
    let of_alice = inspector.exchanges(&Filter::all().of_client("alice"));
    assert_eq!((of_alice[0].client.as_deref(), of_alice[0].connection), (Some("alice"), Some(1)));
    assert_eq!(of_alice[0].operations, ["Create"]);
    let odd = &inspector.exchanges(&Filter::all().deviations())[0];
    assert_eq!((odd.deviations, odd.client.as_deref(), odd.connection), (1, None, None));
    let shown = get(&inspector, "exchange?number=5").json();
    let problems: Vec<&Json> = shown["parts"][0]["lines"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|line| line["problem"] == true)
        .collect();
    assert_eq!(problems.len(), 1, "{shown}");
}

#[test]
fn filters_by_user_names() {
    let inspector = Inspector::start().unwrap();
    let options = ServerOptions::default().user("ops", "secret").layer(inspector.layer());
    let server = EmbeddedServer::start_with(options).unwrap();
    let as_user = |name: &str, password: &str| {
        let builder = Client::builder().embedded(&server).version(ProtocolVersion::V2_1);
        builder.credential(Credential::username_and_password(name, password)).connect().unwrap()
    };
    let nobody = Client::builder().embedded(&server).version(ProtocolVersion::V2_1).connect().unwrap();
    nobody.create_aes(256).send().unwrap();
    as_user("ops", "secret").create_aes(256).send().unwrap();
    assert!(as_user("intruder", "guess").create_aes(256).send().is_err());
    assert_eq!(numbers(&inspector, "client=OPS"), [2]);
    assert_eq!(numbers(&inspector, "client=intruder"), [3]);
    assert_eq!(numbers(&inspector, "client=kmip"), [1, 2, 3], "all have one certificate");
    let listed = get(&inspector, "exchanges?client=ops");
    assert_eq!(listed.json()[0]["users"][0], "ops");
    assert!(!listed.text().contains("secret"));
    assert_eq!(inspector.exchanges(&Filter::all().of_client("ops"))[0].users, ["ops"]);
}

#[test]
fn shows_bytes_beside_their_meaning() {
    let (inspector, server) = inspected();
    client(&server).create_aes(256).send().unwrap();
    let shown = get(&inspector, "exchange?number=1").json();
    let request = &shown["parts"][0];
    assert_eq!((request["title"].as_str(), request["part"].as_str()), (Some("request"), Some("request")));
    let first = &request["lines"][0];
    assert_eq!(first["offset"], "00000000");
    assert!(first["bytes"].as_str().unwrap().starts_with("42 00 78 01 00 00 "), "{first}");
    assert!(first["meaning"].as_str().unwrap().starts_with("RequestMessage (Structure), "), "{first}");
    assert!(meaning(request).contains("Operation (Enumeration), 4 bytes\n"), "{}", meaning(request));
    assert!(meaning(request).contains("Create (0x00000001)\n"), "{}", meaning(request));
    assert_eq!(shown["parts"][1]["title"], "response");
    assert_eq!(get(&inspector, "exchange?number=2").status, 404);
    assert_eq!(get(&inspector, "exchange?number=x").status, 400);
}

#[test]
fn hides_secrets_and_reveals_them_one_by_one() {
    let (inspector, server) = inspected();
    let client = client(&server);
    client.register(SecretData::password("attack at dawn")).send().unwrap();
    let shown = get(&inspector, "exchange?number=1");
    let hex = "61 74 74 61 63 6b 20 61";
    assert!(!shown.text().contains("attack") && !shown.text().contains(hex), "{}", shown.text());
    let shown = shown.json();
    let secrets = secrets(&shown["parts"][0]);
    assert_eq!(secrets.len(), 1, "{shown}");
    let reveal = |part: &str, offset: u64| {
        get(&inspector, &format!("exchange/reveal?number=1&part={part}&offset={offset}"))
    };
    let revealed = reveal("request", secrets[0]).json();
    assert!(revealed["text"].as_str().unwrap().contains("61747461636b206174206461776e"), "{revealed}");
    // What is no secret, or no item, is not revealed.
    for (part, offset) in
        [("request", 0), ("request", secrets[0] + 1), ("request", u64::MAX), ("response", secrets[0])]
    {
        assert_eq!(reveal(part, offset).status, 404, "{part} {offset}");
    }
    assert!(!inspector.case_xml(&Filter::all()).unwrap().contains("61747461"));
}

#[test]
fn saves_exchanges_as_a_test_case() {
    let (inspector, server) = inspected();
    let application = client(&server);
    let key = application.create_aes(256).name("app").send().unwrap();
    application.activate(&key).send().unwrap();
    let all = get(&inspector, "case.xml");
    assert_eq!(all.field("content-disposition"), Some("attachment; filename=\"case.xml\""));
    let case = Case::from_xml(all.text()).unwrap();
    assert_eq!(case.exchanges().unwrap().len(), 2);
    let mock = MockServer::from_case(&case).unwrap();
    let replayed = Client::builder().service(mock.clone()).version(ProtocolVersion::V2_1).connect().unwrap();
    let key = replayed.create_aes(256).name("app").send().unwrap();
    replayed.activate(&key).send().unwrap();
    mock.assert_finished();

    let count = |query| Case::from_xml(get(&inspector, query).text()).unwrap().exchanges().unwrap().len();
    assert_eq!(count("case.xml?number=2"), 1);
    assert_eq!(count("case.xml?operation=activate"), 1);
    assert_eq!(get(&inspector, "case.xml?number=9").status, 404);
}

#[test]
fn keeps_the_newest_within_a_count_and_a_size() {
    let (inspector, server) = with(Inspector::builder().maximum_exchanges(2).start().unwrap());
    let application = client(&server);
    for _ in 0..3 {
        application.create_aes(256).send().unwrap();
    }
    assert_eq!(numbers(&inspector, ""), [2, 3]);
    assert_eq!(get(&inspector, "exchange?number=1").status, 404);

    let (inspector, server) = with(Inspector::builder().maximum_bytes(1000).start().unwrap());
    let application = client(&server);
    for _ in 0..9 {
        application.create_aes(256).send().unwrap();
    }
    let kept = inspector.exchanges(&Filter::all());
    let bytes: usize = kept.iter().map(|exchange| exchange.request_size + exchange.response_size).sum();
    assert!(kept.len() < 9 && bytes <= 1000, "{} of {bytes}", kept.len());
    // Of one that is too large by itself it is kept that there was one.
    application.register(SecretData::password(vec![7; 2000])).send().unwrap();
    let last = get(&inspector, "exchange?number=10").json();
    assert_eq!((last["isKept"].as_bool(), last["parts"].as_array().unwrap().len()), (Some(false), 0));
    assert_eq!(last["operations"][0], "Register");
}

/// The lines of a response, as they come.
type Lines = Box<dyn Iterator<Item = String>>;

#[test]
fn says_exchanges_as_they_come_in() {
    let (inspector, server) = inspected();
    let application = client(&server);
    let key = application.create_aes(256).send().unwrap();
    let follow = |fields: &str| {
        let (path, address) = (path(&inspector, "events?operation=Create"), inspector.address());
        let stream = send(&inspector, &format!("GET {path} HTTP/1.1\r\nHost: {address}\r\n{fields}\r\n"));
        let mut lines: Lines = Box::new(BufReader::new(stream).lines().map(Result::unwrap));
        let head: Vec<String> = lines.by_ref().take_while(|line| !line.is_empty()).collect();
        assert!(head.contains(&"Content-Type: text/event-stream".to_owned()), "{head:?}");
        assert!(head.iter().any(|line| line.starts_with("Content-Security-Policy: ")), "{head:?}");
        lines
    };
    let number = |line: String| {
        let event: Json = serde_json::from_str(line.strip_prefix("data: ").unwrap()).unwrap();
        event["number"].as_u64().unwrap()
    };
    let next = |lines: &mut Lines| number(lines.find(|line| line.starts_with("data")).unwrap());
    let mut lines = follow("");
    assert_eq!(next(&mut lines), 1, "what was there before");
    application.get_attributes(&key).send().unwrap();
    application.create_aes(256).send().unwrap();
    assert_eq!(next(&mut lines), 3, "without what is not looked for");
    assert_eq!(next(&mut follow("Last-Event-ID: 1\r\n")), 3, "after the connection was lost");
}

#[test]
fn shows_what_is_no_message() {
    let (inspector, server) = inspected();
    server.handle(b"garbage");
    let summary = &inspector.exchanges(&Filter::all())[0];
    assert!(summary.operations.is_empty() && summary.is_failure && summary.deviations > 0, "{summary:?}");
    let shown = get(&inspector, "exchange?number=1").json();
    assert_eq!(shown["parts"][0]["size"], 7);
    assert!(!meaning(&shown["parts"][0]).contains("garbage"));
}
