//! What an application asks for, tested without a server: against what a server once answered.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // A panic is how a test fails.

use kmip_outside::keys::key_for;
use kmip_sdk::Client;
use kmip_sdk::testing::{MockServer, Recorder};
use kmip_sdk::types::case::Case;

/// A client of a server that answers as a test case has it.
fn client_of(case: &str) -> (Client, MockServer) {
    let case = Case::from_file(format!("{}/tests/{case}.xml", env!("CARGO_MANIFEST_DIR"))).unwrap();
    let server = MockServer::from_case(&case).unwrap();
    (Client::builder().service(server.clone()).connect().unwrap(), server)
}

#[test]
fn a_key_is_made_where_there_is_none() {
    let (client, server) = client_of("make_a_key");
    let key = key_for(&client, "ledger").unwrap();
    assert_eq!(Some(key.to_string().as_str()), server.bound("UNIQUE_IDENTIFIER_0").unwrap().as_text());
    server.assert_finished();
}

#[test]
fn a_key_that_is_there_is_taken() {
    let (client, server) = client_of("find_a_key");
    key_for(&client, "ledger").unwrap();
    server.assert_finished();
}

#[test]
#[should_panic(expected = r#"+ BatchItem/RequestPayload/Attributes/Name/NameValue (TextString): "journal""#)]
fn another_question_is_told_by_its_difference() {
    let (client, _) = client_of("find_a_key");
    let _ = key_for(&client, "journal");
}

#[test]
fn what_was_said_is_a_test_case_again() {
    let (recorder, case) = (Recorder::new(), Case::from_xml(include_str!("find_a_key.xml")).unwrap());
    let builder =
        Client::builder().service(MockServer::from_case(&case).unwrap()).unique_batch_item_ids(false);
    let client = builder.version("2.1".parse().unwrap()).observer(recorder.observer()).connect().unwrap();
    key_for(&client, "ledger").unwrap();
    assert_eq!(recorder.to_case_xml().unwrap(), include_str!("find_a_key.xml"));
}
