//! What a server counts, through the facade of the crate `metrics`.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // A panic is how a test fails.

use std::io::Read;
use std::net::TcpStream;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use kmip_sdk::Client;
use kmip_sdk::server::store::{Backend, MasterKey, Memory, Store, StoreError};
use kmip_sdk::server::{EmbeddedServer, Server, ServerOptions, TestClock};
use kmip_sdk::types::enumerations::Operation;
use kmip_sdk::types::message::{Credential, Message, RequestBatchItem, RequestHeader, RequestMessage};
use kmip_sdk::types::operation::{GetRequest, LocateRequest, RequestPayload};
use kmip_sdk::types::{DateTime, Interval, ProtocolVersion, RawStructure};
use kmip_tests::counts::Counts;
use kmip_tests::watched::{Beside, Call, Watched};

static COUNTS: LazyLock<Counts> = LazyLock::new(Counts::default);

/// What is counted on the threads of a server is seen by the recorder of the process only, so that this is its only test.
#[test]
fn counts_operations_connections_and_bytes() {
    metrics::set_global_recorder(&*COUNTS).unwrap();
    let store = Store::memory();
    let options = ServerOptions::default()
        .store(store.clone())
        .maximum_connections(1)
        .user("alice", "secret")
        .failed_credentials(1, Interval::from_seconds(1000));
    let server = EmbeddedServer::start_with(options).unwrap();
    let client = Client::builder().embedded(&server).version(ProtocolVersion::V2_1).connect().unwrap();
    for _ in 0..3 {
        client.call(LocateRequest::default()).send().unwrap();
    }
    client.call(GetRequest::new("nothing")).send().unwrap_err();
    let keys: Vec<_> = (0..4).map(|_| client.create_aes(256).send().unwrap().unique_identifier).collect();
    client.activate(&keys[0]).send().unwrap();
    client.destroy(&keys[1]).send().unwrap();
    // Another server on the same store counts nothing twice.
    drop(Server::new(ServerOptions::default().store(store.clone())));
    let objects = |state: &str| {
        let name = format!("kmip_server_objects state={state}");
        COUNTS.count(&name).map(f64::from_bits)
    };
    assert_eq!(
        ["PreActive", "Active", "Destroyed", "Deactivated"].map(objects),
        [Some(2.0), Some(1.0), Some(1.0), None]
    );
    for operation in ["get", "commit", "totals", "keys", "count"] {
        let name = format!("kmip_server_store_seconds operation={operation}");
        assert!(COUNTS.count(&name) > Some(0), "{name}: {:?}", COUNTS.names());
    }
    let guessing = client.with_credential(Credential::username_and_password("alice", "guess".to_owned()));
    guessing.call(LocateRequest::default()).send().unwrap_err();
    guessing.call(LocateRequest::default()).send().unwrap_err();
    // There is no room for another.
    let mut alert = Vec::new();
    let _ = TcpStream::connect(server.address()).unwrap().read_to_end(&mut alert);
    // Names that clients make up are no labels.
    let strange = Operation::Other(0x8000_0042);
    let item = RequestBatchItem::new(strange, RequestPayload::Other(RawStructure::default()));
    let request_header = RequestHeader::new(ProtocolVersion::V2_1, 1);
    let request = RequestMessage { request_header, batch_item: vec![item] }.to_ttlv().unwrap();
    server.server().handle(&request);
    drop(client);
    drop(guessing);
    drop(server);
    drop(store);
    // What is in no store that is open is no longer there.
    assert_eq!(["PreActive", "Active", "Destroyed"].map(objects), [Some(0.0); 3]);
    // What is in a file is counted when a server begins.
    let file = tempfile::tempdir().unwrap();
    let url = format!("redb:{}", file.path().join("store").display());
    for found in [None, Some(1.0)] {
        let store = Store::open_sealed(&url, MasterKey::new([1; 32])).unwrap();
        let server = Server::new(ServerOptions::default().store(store));
        assert_eq!(objects("PreActive"), found.or(Some(0.0)));
        Client::builder().service(server).connect().unwrap().create_aes(256).send().unwrap();
    }
    counts_objects_once_it_can_and_again_where_others_change_them();
    for (name, expected) in [
        ("kmip_server_calls_total operation=Locate result=success", 3),
        ("kmip_server_calls_total operation=Get result=ObjectNotFound", 1),
        ("kmip_server_calls_total operation=unknown result=OperationNotSupported", 1),
        ("kmip_server_call_seconds operation=Locate", 3),
        ("kmip_server_messages_refused_total reason=AuthenticationNotSuccessful", 2),
        ("kmip_server_credentials_held_total", 1),
        ("kmip_server_connections_opened_total port=ttlv", 1),
        ("kmip_server_connections_refused_total port=ttlv why=connections", 1),
    ] {
        assert_eq!(COUNTS.count(name), Some(expected), "{name}: {:?}", COUNTS.names());
    }
    // A gauge is a float.
    let open = COUNTS.count("kmip_server_connections port=ttlv").map(f64::from_bits);
    assert_eq!(open, Some(0.0));
    let bytes = |name| COUNTS.count(name).unwrap();
    assert!(bytes("kmip_server_received_bytes_total") > 6 * 100);
    assert!(bytes("kmip_server_sent_bytes_total") > 6 * 100);
}

/// What a test has of a backend: whether it can count, and whether others have it too.
#[derive(Clone, Debug, Default)]
struct Odd {
    is_failing: Arc<AtomicBool>,
    is_shared: bool,
}

impl Beside for Odd {
    fn is_shared(&self) -> Option<bool> {
        Some(self.is_shared)
    }

    fn before(&self, call: Call) -> Result<(), StoreError> {
        match call == Call::Count && self.is_failing.load(Ordering::SeqCst) {
            true => Err(StoreError::Corrupt("it cannot count".to_owned())),
            false => Ok(()),
        }
    }
}

fn counts_objects_once_it_can_and_again_where_others_change_them() {
    let objects = |state: &str| {
        let name = format!("kmip_server_objects state={state}");
        COUNTS.count(&name).map_or(0.0, f64::from_bits)
    };
    let there = || ["PreActive", "Active"].map(objects);
    let clock = TestClock::new(DateTime::from_seconds(1_700_000_000));
    let minute = || clock.advance(Duration::from_secs(60));
    let server = |memory: &Arc<Memory>, odd: &Odd| {
        let store = Store::new(Box::new(Watched::over(
            Arc::<Memory>::clone(memory) as Arc<dyn Backend>,
            odd.clone(),
        )))
        .unwrap();
        Arc::new(Server::new(ServerOptions::default().store(store).test_clock(&clock)))
    };
    let client = |server: &Arc<Server>| Client::builder().service(Arc::clone(server)).connect().unwrap();
    let before = there();
    assert_eq!(before, [0.0; 2], "no store is open");
    let memory = Arc::new(Memory::new());
    let first = server(&memory, &Odd::default());
    let keys: Vec<_> = (0..3).map(|_| client(&first).create_aes(256).send().unwrap()).collect();
    assert_eq!(there(), [3.0, 0.0]);
    drop(first);
    // Where they cannot be counted, there are none, and never fewer.
    let odd = Odd::default();
    odd.is_failing.store(true, Ordering::SeqCst);
    let failing = server(&memory, &odd);
    client(&failing).activate(&keys[0]).send().unwrap();
    assert_eq!(there(), [0.0; 2]);
    odd.is_failing.store(false, Ordering::SeqCst);
    failing.settle().unwrap();
    assert_eq!(there(), [0.0; 2], "it is tried again in a while");
    minute();
    failing.settle().unwrap();
    assert_eq!(there(), [2.0, 1.0]);
    client(&failing).activate(&keys[1]).send().unwrap();
    assert_eq!(there(), [1.0, 2.0]);
    drop(failing);
    // What others change is known after a while.
    let odd = Odd { is_shared: true, ..Odd::default() };
    let (one, other) = (server(&memory, &odd), server(&memory, &odd));
    client(&other).activate(&keys[2]).send().unwrap();
    drop(other);
    assert_eq!(there(), [1.0, 2.0]);
    minute();
    one.settle().unwrap();
    assert_eq!(there(), [0.0, 3.0]);
}
