//! What a client counts, through the facade of the crate `metrics`.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use kmip_sdk::Client;
use kmip_sdk::server::{Server, ServerOptions};
use kmip_sdk::types::ProtocolVersion;
use kmip_sdk::types::operation::{GetRequest, LocateRequest};
use metrics::{Counter, Gauge, Histogram, Key, KeyName, Metadata, Recorder, SharedString, Unit};

/// Keeps what is counted, by its name and labels.
#[derive(Default)]
struct Counts(Mutex<BTreeMap<String, Arc<AtomicU64>>>);

impl Counts {
    fn of(&self, key: &Key) -> Arc<AtomicU64> {
        let labels: Vec<_> =
            key.labels().map(|label| format!(" {}={}", label.key(), label.value())).collect();
        let name = format!("{}{}", key.name(), labels.concat());
        Arc::clone(self.0.lock().unwrap().entry(name).or_default())
    }

    fn count(&self, name: &str) -> Option<u64> {
        Some(self.0.lock().unwrap().get(name)?.load(Ordering::Relaxed))
    }
}

impl Recorder for Counts {
    fn describe_counter(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    fn describe_gauge(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    fn describe_histogram(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    fn register_counter(&self, key: &Key, _: &Metadata<'_>) -> Counter {
        Counter::from_arc(self.of(key))
    }

    fn register_gauge(&self, key: &Key, _: &Metadata<'_>) -> Gauge {
        Gauge::from_arc(self.of(key))
    }

    fn register_histogram(&self, key: &Key, _: &Metadata<'_>) -> Histogram {
        self.of(key).fetch_add(1, Ordering::Relaxed);
        Histogram::noop()
    }
}

#[test]
fn counts_calls_attempts_and_connections() {
    let counts = Counts::default();
    metrics::with_local_recorder(&counts, || {
        let server = Server::new(ServerOptions::default());
        let client = Client::builder().service(server).version(ProtocolVersion::V2_1).build().unwrap();
        for _ in 0..3 {
            client.call(LocateRequest::default()).send().unwrap();
        }
        // That the operation failed is known when its result is taken: the call went well.
        client.call(GetRequest::new("nothing")).send().unwrap_err();
        let mute = Client::builder().service(|_: &[u8]| Vec::new()).version(ProtocolVersion::V2_1).build();
        mute.unwrap().call(LocateRequest::default()).send().unwrap_err();
    });
    for (name, expected) in [
        ("kmip_client_calls_total operation=Locate result=ok", 3),
        ("kmip_client_calls_total operation=Get result=ok", 1),
        ("kmip_client_calls_total operation=Locate result=receive", 1),
        // Three times one, and one that was made three times.
        ("kmip_client_attempts_total operation=Locate", 6),
        ("kmip_client_call_seconds operation=Locate", 4),
    ] {
        assert_eq!(counts.count(name), Some(expected), "{name}: {:?}", counts.0.lock().unwrap().keys());
    }
}
