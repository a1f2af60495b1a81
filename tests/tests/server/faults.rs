//! What stands in front of a server: ready-made faults and functions, in process and on both ports.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use kmip_sdk::server::layer::{Fault, Incoming, Next, Outcome};
use kmip_sdk::server::{EmbeddedServer, Server, ServerOptions};
use kmip_sdk::types::enumerations::{Operation, ResultReason};
use kmip_sdk::{Client, Error, RetryPolicy};

fn once() -> RetryPolicy {
    RetryPolicy { attempts: 1, ..RetryPolicy::default() }
}

/// A client of each port of a server with a fault, and one in process; each with a server of its own.
fn each_way(fault: impl Fn() -> Fault, check: impl Fn(&Client, &Server)) {
    let options = || ServerOptions::default().layer(fault());
    for is_https in [false, true] {
        let server = EmbeddedServer::start_with(options()).unwrap();
        let client = Client::builder().retries(once());
        let client = match is_https {
            false => client.embedded(&server),
            true => client
                .address(format!("https://{}/kmip", server.https_address()))
                .root_certificates_pem(server.ca_certificate_pem())
                .identity_pem(server.client_certificate_pem(), server.client_key_pem()),
        };
        check(&client.connect().unwrap(), server.server());
    }
    let server = Arc::new(Server::new(options()));
    let client = Client::builder().retries(once()).service(Arc::clone(&server)).connect().unwrap();
    check(&client, &server);
}

fn objects(client: &Client) -> usize {
    client.locate().send().unwrap().unique_identifier.len()
}

fn create(client: &Client) -> Result<(), Error> {
    client.create_aes(256).send().map(drop)
}

#[test]
fn the_nth_call_fails_and_nothing_is_done() {
    let fault = || Fault::fail_nth(2, ResultReason::ServerLimitExceeded).of(Operation::Create);
    each_way(fault, |client, _| {
        create(client).unwrap();
        let error = create(client).unwrap_err();
        assert_eq!(error.server().unwrap().result_reason, Some(ResultReason::ServerLimitExceeded));
        create(client).unwrap();
        assert_eq!(objects(client), 2);
    });
}

#[test]
fn a_connection_is_dropped_before_or_after_it_is_done() {
    for (fault, done) in [(Fault::drop_before as fn() -> Fault, 0), (Fault::drop_after, 1)] {
        each_way(
            || fault().of(Operation::Create).nth(1),
            |client, _| {
                let error = create(client).unwrap_err();
                assert!(error.is_outcome_unknown(), "{error:?}");
                assert_eq!(objects(client), done);
                create(client).unwrap();
            },
        );
    }
}

#[test]
fn an_answer_may_be_garbage_or_end_in_the_middle() {
    let garbage = || Fault::garbage(vec![0x42, 0x00, 0x7B, 0x01, 0, 0, 0, 8, 1, 2, 3, 4, 5, 6, 7, 8]);
    for (fault, done) in
        [(&garbage as &dyn Fn() -> Fault, 0), (&(|| Fault::cut(20)) as &dyn Fn() -> Fault, 1)]
    {
        each_way(
            || fault().of(Operation::Create).times(1),
            |client, _| {
                let error = create(client).unwrap_err();
                assert!(error.server().is_none(), "{error:?}");
                assert_eq!(objects(client), done);
            },
        );
    }
}

#[test]
fn a_late_answer_costs_its_call_and_nobody_elses() {
    // Only its own call waits for it, and not to the end.
    let late = Fault::late(Duration::from_secs(5)).of(Operation::Create).times(1);
    let server = EmbeddedServer::start_with(ServerOptions::default().layer(late)).unwrap();
    let client = Client::builder().embedded(&server).retries(once()).connect().unwrap();
    let error = client.create_aes(256).timeout(Duration::from_secs(1)).send().unwrap_err();
    assert!(error.is_outcome_unknown(), "{error:?}");
    // It is done meanwhile.
    while objects(&client) == 0 {
        std::thread::yield_now();
    }
}

#[test]
fn a_function_sees_each_request_and_the_first_layer_is_in_front() {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let note = |name: &'static str| {
        let seen = Arc::clone(&seen);
        move |incoming: &Incoming<'_>, next: Next<'_>| {
            let operations: Vec<_> = incoming.operations().collect();
            let identity = incoming.identity().map(str::to_owned);
            let what = (name, operations, identity, incoming.connection(), incoming.version());
            seen.lock().unwrap().push((what, incoming.number()));
            next.run(incoming)
        }
    };
    let server =
        EmbeddedServer::start_with(ServerOptions::default().layer(note("a")).layer(note("b"))).unwrap();
    let version = kmip_sdk::ProtocolVersion::V1_4;
    let client = Client::builder().embedded(&server).version(version).connect().unwrap();
    client.locate().send().unwrap();
    let name = Some("KMIP client".to_owned());
    let what = |layer| (layer, vec![Operation::Locate], name.clone(), Some(0), Some(version));
    let seen = seen.lock().unwrap();
    let last: Vec<_> = seen.iter().rev().take(2).rev().cloned().collect();
    let number = last[0].1;
    assert_eq!(last, [(what("a"), number), (what("b"), number)]);
}

#[test]
fn a_layer_that_panics_costs_its_request() {
    let options = ServerOptions::default().layer(|incoming: &Incoming<'_>, next: Next<'_>| -> Outcome {
        assert!(!incoming.has(Operation::Create), "no keys today");
        next.run(incoming)
    });
    let server = EmbeddedServer::start_with(options).unwrap();
    let client = Client::builder().embedded(&server).connect().unwrap();
    let error = create(&client).unwrap_err();
    assert_eq!(error.server().unwrap().result_reason, Some(ResultReason::GeneralFailure));
    assert_eq!(objects(&client), 0);
}
