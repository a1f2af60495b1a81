//! What was said, said again to a client, without a network.

use kmip_sdk::server::{Server, ServerOptions};
use kmip_sdk::testing::{MockServer, Recorder};
use kmip_sdk::types::attribute::Attributes;
use kmip_sdk::types::case::{Case, Matching};
use kmip_sdk::types::enumerations::{CryptographicAlgorithm, ObjectType};
use kmip_sdk::types::masks::CryptographicUsageMask;
use kmip_sdk::types::operation::{ActivateRequest, CreateRequest, DestroyRequest, GetRequest};
use kmip_sdk::{Client, Error, ProtocolVersion, Service, assert_kmip_snapshot};

fn client(service: impl Service + 'static, recorder: &Recorder) -> Client {
    let builder = Client::builder().service(service).version(ProtocolVersion::V2_1);
    builder.observer(recorder.observer()).connect().unwrap()
}

/// What a program of a user's does.
fn make_key(client: &Client, length: i32) -> Result<String, Error> {
    let attributes = Attributes::new()
        .with_cryptographic_algorithm(CryptographicAlgorithm::Aes)
        .with_cryptographic_length(length)
        .with_cryptographic_usage_mask(CryptographicUsageMask::ENCRYPT);
    let key = client.call(CreateRequest::new(ObjectType::SymmetricKey, attributes)).send()?.unique_identifier;
    client.call(ActivateRequest::new(key.clone())).send()?;
    Ok(key.to_string())
}

fn recorded() -> Recorder {
    let recorder = Recorder::new();
    make_key(&client(Server::new(ServerOptions::default()), &recorder), 256).unwrap();
    recorder
}

fn mock() -> MockServer {
    MockServer::from_case(&Case::from_xml(&recorded().to_case_xml().unwrap()).unwrap()).unwrap()
}

#[test]
fn an_exchange_with_an_embedded_server_is_recorded_from_both_ends() {
    let (here, there) = (Recorder::new(), Recorder::new());
    let server = Server::new(ServerOptions::default().observer(there.observer()));
    make_key(&client(server, &here), 256).unwrap();
    assert_eq!(here.exchanges().len(), 2);
    let [here, there] = [here, there].map(|recorder| recorder.to_case_xml().unwrap());
    assert_eq!(here, there);
    assert_kmip_snapshot!(recorded());
}

#[test]
fn what_was_recorded_is_played_back() {
    let server = mock();
    let made = make_key(&client(server.clone(), &Recorder::new()), 256).unwrap();
    assert_eq!(made, "value-of-unique_identifier_0");
    server.assert_finished();
}

#[test]
fn a_client_that_asks_for_the_version_is_told_that_of_the_case() {
    let server = mock();
    let client = Client::builder().service(server.clone()).connect().unwrap();
    assert_eq!(client.version(), Some(ProtocolVersion::V2_1));
    make_key(&client, 256).unwrap();
    server.assert_finished();
}

/// What the panic of a call says.
fn said(call: impl FnOnce() + std::panic::UnwindSafe) -> String {
    let panic = std::panic::catch_unwind(call).unwrap_err();
    panic.downcast_ref::<String>().cloned().unwrap_or_default()
}

#[test]
fn what_the_case_does_not_have_is_a_panic_with_the_difference() {
    let server = mock();
    insta::assert_snapshot!(said(move || drop(make_key(&client(server, &Recorder::new()), 128))), @"
    the message is not the one that the test case has (- expected, + found):
      BatchItem/UniqueBatchItemID (ByteString): 00000001
      BatchItem/RequestPayload/ObjectType (Enumeration): SymmetricKey (0x00000002)
      BatchItem/RequestPayload/Attributes/CryptographicAlgorithm (Enumeration): AES (0x00000003)
    - BatchItem/RequestPayload/Attributes/CryptographicLength (Integer): 256
    + BatchItem/RequestPayload/Attributes/CryptographicLength (Integer): 128
      BatchItem/RequestPayload/Attributes/CryptographicUsageMask (Integer): Encrypt
    ");
    let server = mock();
    let more = said(move || {
        let client = client(server, &Recorder::new());
        let key = make_key(&client, 256).unwrap();
        let _ = client.call(DestroyRequest::new(key)).send();
    });
    assert_eq!(more, "the test case has no more requests");
    let server = mock();
    assert_eq!(said(move || server.assert_finished()), "2 of the requests of the test case were not made");
}

#[test]
fn order_and_closeness_are_as_asked() {
    let server = mock().any_order().matching(Matching::Operations);
    let client = client(server.clone(), &Recorder::new());
    client.call(ActivateRequest::new("whichever")).send().unwrap_or_else(|error| panic!("{error}"));
    let request = CreateRequest::new(ObjectType::SymmetricKey, Attributes::new());
    client.call(request).send().unwrap_or_else(|error| panic!("{error}"));
    server.assert_finished();
    // In the order of the case, and exactly as it has it.
    let server = mock().matching(Matching::Exact);
    assert!(make_key(&self::client(server, &Recorder::new()), 256).is_ok());
}

#[test]
fn a_service_that_answers_amiss_is_an_error_and_no_panic() {
    let answers: [(&[u8], &str); 3] = [
        (&[], "closed"),
        (&[0x42, 0, 0x7B, 1, 0, 0, 0, 0, 0], "followed"),
        (&[0x42, 0, 0x78, 1, 0, 0, 0, 0], "Request"),
    ];
    for (answer, word) in answers {
        let client = client(move |_: &[u8]| answer.to_vec(), &Recorder::new());
        let error = client.call(GetRequest::default()).send().unwrap_err();
        let chain = format!("{error} {:?}", error);
        assert!(chain.to_lowercase().contains(&word.to_lowercase()), "{word}: {chain}");
        assert!(client.call(GetRequest::default()).send().is_err());
    }
}

#[test]
fn one_exchange_and_none_are_shown_too() {
    let exchanges = recorded().exchanges();
    let shown = kmip_types::view::View::of(&exchanges[1]).render().unwrap();
    assert!(shown.starts_with("RequestMessage/RequestHeader/"), "{shown}");
    assert_kmip_snapshot!(Recorder::new(), @"");
}

#[test]
fn what_a_placeholder_stands_for_can_be_given() {
    let server = mock().bind("UNIQUE_IDENTIFIER_0", "k-9".to_owned());
    assert_eq!(make_key(&client(server, &Recorder::new()), 256).unwrap(), "k-9");
}
