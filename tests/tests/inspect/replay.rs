//! Either side of what was recorded.

use std::sync::{Arc, Mutex};

use kmip_sdk::server::{EmbeddedServer, Listener, Server};
use kmip_sdk::testing::execute::{Execution, Remote, Verdict};
use kmip_sdk::testing::{Recorder, Replay};
use kmip_sdk::types::case::Case;
use kmip_sdk::{Client, ClientBuilder, Encoding, ProtocolVersion, RetryPolicy};

fn builder() -> ClientBuilder {
    Client::builder().version(ProtocolVersion::V2_1).retries(RetryPolicy::NONE)
}

/// What an application does.
fn work(client: &Client) -> Result<(), kmip_sdk::Error> {
    let key = client.create_aes(256).name("app").send()?;
    client.activate(&key).send()?;
    client.get_attributes(&key).send()?;
    Ok(())
}

fn recorded() -> Case {
    let recorder = Recorder::new();
    work(&builder().service(Server::default()).observer(recorder.observer()).connect().unwrap()).unwrap();
    Case::from_xml(&recorder.to_case_xml().unwrap()).unwrap()
}

#[test]
fn answers_on_a_port_as_was_recorded() {
    let case = recorded();
    let authority = EmbeddedServer::start().unwrap();
    let told = Arc::new(Mutex::new(Vec::new()));
    let tell = Arc::clone(&told);
    let replay = Replay::of([&case, &case]).unwrap();
    let replay = Arc::new(replay.on_mismatch(move |why: &str| tell.lock().unwrap().push(why.to_owned())));
    let (certificate, key) = (authority.client_certificate_pem(), authority.client_key_pem());
    let listener = Listener::builder(Arc::clone(&replay))
        .identity_pem(certificate, key)
        .root_certificates_pem(authority.ca_certificate_pem())
        .https_address(([127, 0, 0, 1], 0))
        .listen("127.0.0.1:0")
        .unwrap();
    let at = |address: String| {
        builder().address(address).pinned_certificate_pem(certificate).identity_pem(certificate, key)
    };
    let client = at(listener.address().to_string()).connect().unwrap();
    assert_eq!(replay.left(), 6);
    work(&client).unwrap();
    assert_eq!(replay.left(), 3);
    assert!(client.destroy("k").send().unwrap_err().server().is_none());
    let why = told.lock().unwrap().join("\n");
    assert!(why.contains("Destroy"), "{why}");
    assert_eq!(replay.left(), 3);
    let https = format!("https://{}/kmip", listener.https_address().unwrap());
    work(&at(https).encoding(Encoding::Xml).connect().unwrap()).unwrap();
    assert_eq!(replay.left(), 0);
}

#[test]
fn asks_a_server_as_was_recorded() {
    let case = recorded();
    let server = EmbeddedServer::start().unwrap();
    let remote = Remote::new(builder().embedded(&server).connect().unwrap());
    let outcome = Execution::new(&remote).run(&case);
    assert_eq!(outcome.verdict, Verdict::Whole, "{:?}", outcome.difference);
    drop(server);
    assert_eq!(Execution::new(&remote).run(&case).verdict, Verdict::Failed);
}
