//! Locate by what has no index: that it says so, and how often it asks the backend.

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use kmip_sdk::server::ServerOptions;
use kmip_sdk::server::store::Store;
use kmip_sdk::types::attribute::{Attribute, Attributes};
use kmip_sdk::types::enumerations::{ObjectType, ResultReason, State};
use kmip_sdk::types::operation::LocateRequest;
use kmip_tests::watched::{Call, Counts, Watched};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes as SpanAttributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

use crate::asked::{Asked, name};

/// The fields of each event about a Locate.
#[derive(Clone, Default)]
struct Told(Arc<Mutex<Vec<BTreeMap<String, String>>>>);

/// The fields of an event.
#[derive(Default)]
struct Fields(BTreeMap<String, String>);

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.0.insert(field.name().to_owned(), format!("{value:?}"));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.0.insert(field.name().to_owned(), value.to_owned());
    }
}

impl Subscriber for Told {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target().starts_with("kmip_sdk")
    }

    fn new_span(&self, _: &SpanAttributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut fields = Fields::default();
        event.record(&mut fields);
        if fields.0.contains_key("without_index") {
            self.0.lock().unwrap().push(fields.0);
        }
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

fn wanted(attributes: impl IntoIterator<Item = Attribute>) -> LocateRequest {
    LocateRequest::new(attributes.into_iter().collect::<Attributes>())
}

/// What one Locate tells of: how many objects it has read and found, by which index, and which attributes have none.
fn told(asked: &Asked, request: LocateRequest) -> Vec<[String; 4]> {
    let told = Told::default();
    tracing::subscriber::with_default(told.clone(), || drop(asked.call(request)));
    let told = told.0.lock().unwrap();
    let fields = |event: &BTreeMap<String, String>| {
        assert!(event.contains_key("took"), "{event:?}");
        ["objects", "found", "by", "without_index"].map(|field| event[field].clone())
    };
    told.iter().map(fields).collect()
}

fn event(objects: usize, found: usize, by: &str, without: &str) -> Vec<[String; 4]> {
    vec![[objects.to_string(), found.to_string(), by.to_owned(), without.to_owned()]]
}

#[test]
fn says_what_has_no_index_and_how_many_objects_it_has_read() {
    const OBJECTS: usize = 2000;
    let counts = Counts::default();
    let store = Store::new(Box::new(Watched::new(counts.clone()))).unwrap();
    let asked = Asked::on(store.clone());
    for number in 0..OBJECTS {
        asked.create([name(&format!("name {number}"))]);
    }
    let kind = || Attribute::ObjectType(ObjectType::SymmetricKey);
    let state = || Attribute::State(State::PreActive);
    let comment = || Attribute::Comment("none".to_owned());
    let length = |bits| Attribute::CryptographicLength(bits);
    counts.begin();
    let linear = told(&asked, wanted([comment()]));
    assert_eq!(linear, event(OBJECTS, 0, "nothing", "Comment"));
    // Twice as many each time, up to 256.
    assert_eq!(counts.calls(&[Call::List]), 10);
    let pattern = told(&asked, wanted([name("name 1?"), length(256)]));
    assert_eq!(pattern, event(OBJECTS, 10, "nothing", "Name, CryptographicLength"));
    for (attributes, by) in [
        (vec![kind(), length(128)], "type"),
        (vec![state(), length(128)], "state"),
        (vec![kind(), state(), length(128)], "state and type"),
    ] {
        assert_eq!(told(&asked, wanted(attributes)), event(OBJECTS, 0, by, "CryptographicLength"));
    }
    // What is found was worth it, and what an index gives is not looked for.
    let nothing: Vec<[String; 4]> = Vec::new();
    assert_eq!(told(&asked, wanted([kind(), length(256)])), nothing);
    assert_eq!(told(&asked, wanted([kind(), state()])), nothing);
    assert_eq!(told(&asked, wanted([name("name 7"), length(128)])), nothing);
    assert_eq!(told(&asked, LocateRequest::default()), nothing);
    // One that takes too long says it as well.
    let hasty = Asked::with(ServerOptions::default().store(store).request_time(Duration::ZERO));
    assert_eq!(hasty.call(wanted([comment()])).unwrap_err(), ResultReason::ServerLimitExceeded);
    assert_eq!(told(&hasty, wanted([comment()])), event(32, 0, "nothing", "Comment"));
}
