//! What is due while a server listens: it is done without a request, and no request waits for it.

use std::sync::{Arc, Condvar, Mutex};
use std::thread;

use kmip_sdk::Client;
use kmip_sdk::server::store::{
    Backend, Clear, Commit, Form, Key, Kind, Memory, Record, Store, StoreError, Totals,
};
use kmip_sdk::server::{EmbeddedServer, ServerOptions};
use kmip_sdk::types::attribute::Attribute;
use kmip_sdk::types::enumerations::State;
use kmip_sdk::types::operation::GetAttributesRequest;
use kmip_sdk::types::{DateTime, Interval};

use crate::asked::{Asked, START, name};

fn rotating(name: Attribute) -> [Attribute; 3] {
    [Attribute::RotateAutomatic(true), Attribute::RotateInterval(Interval::from_seconds(60)), name]
}

#[test]
fn what_is_due_is_done_without_a_request() {
    let store = Store::memory();
    // By this server's clock nothing is due.
    let asked = Asked::on(store.clone());
    let rotated = asked.create(rotating(name("app")));
    let activated = asked.create([Attribute::ActivationDate(DateTime::from_seconds(START + 10))]);
    let server = EmbeddedServer::start_with(ServerOptions::default().store(store.clone())).unwrap();
    while store.objects().unwrap().records < 3 || asked.attributes(&activated).state() != Some(State::Active)
    {
        thread::yield_now();
    }
    let [newest] = asked.locate([name("app")]).try_into().unwrap();
    assert_ne!(newest, rotated);
    // Where nobody listens any more, requests do it again.
    let stopped = server.stop();
    asked.create(rotating(name("other")));
    stopped.server().settle().unwrap();
    assert_eq!(store.objects().unwrap().records, 5);
}

/// A backend in memory that does not say what is due, as long as it is not let.
#[derive(Debug)]
struct Held {
    memory: Memory,
    gate: Arc<Gate>,
}

#[derive(Debug, Default)]
struct Gate {
    state: Mutex<(bool, bool)>,
    changed: Condvar,
}

impl Gate {
    /// Waits until it is open, and says that somebody waits.
    fn pass(&self) {
        let mut state = self.state.lock().unwrap();
        state.1 = true;
        self.changed.notify_all();
        drop(self.changed.wait_while(state, |(is_open, _)| !*is_open).unwrap());
    }

    fn wait_for_somebody(&self) {
        drop(self.changed.wait_while(self.state.lock().unwrap(), |(_, has_come)| !*has_come).unwrap());
    }

    fn open(&self) {
        self.state.lock().unwrap().0 = true;
        self.changed.notify_all();
    }
}

impl Backend for Held {
    fn form(&self) -> Form {
        self.memory.form()
    }

    fn is_shared(&self) -> bool {
        false
    }

    fn get(&self, key: &Key) -> Result<Option<Record>, StoreError> {
        self.memory.get(key)
    }

    fn find(&self, kind: Kind, name: &[u8]) -> Result<Option<Key>, StoreError> {
        self.memory.find(kind, name)
    }

    fn list(
        &self,
        kind: Kind,
        terms: &[Vec<u8>],
        before: Option<u64>,
        limit: usize,
    ) -> Result<Vec<Record>, StoreError> {
        self.memory.list(kind, terms, before, limit)
    }

    fn due(&self, kind: Kind, until: i64, limit: usize) -> Result<Vec<(i64, Key)>, StoreError> {
        self.gate.pass();
        self.memory.due(kind, until, limit)
    }

    fn totals(&self, kind: Kind) -> Result<Totals, StoreError> {
        self.memory.totals(kind)
    }

    fn scan(
        &self,
        kinds: &[Kind],
        visit: &mut dyn FnMut(Record) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        self.memory.scan(kinds, visit)
    }

    fn commit(&self, commit: Commit) -> Result<(), StoreError> {
        self.memory.commit(commit)
    }

    fn clear(&self, kind: Kind, what: Clear) -> Result<(), StoreError> {
        self.memory.clear(kind, what)
    }
}

#[test]
fn no_request_waits_for_what_is_due() {
    let gate = Arc::new(Gate::default());
    let store = Store::new(Box::new(Held { memory: Memory::new(), gate: Arc::clone(&gate) })).unwrap();
    let server = EmbeddedServer::start_with(ServerOptions::default().store(store)).unwrap();
    gate.wait_for_somebody();
    let client = Client::builder().embedded(&server).connect().unwrap();
    let soon = DateTime::from_seconds(DateTime::now().seconds() + 3600);
    let made = client.create_aes(256).name("app").activation_date(soon).send().unwrap();
    client.get(&made).send().unwrap();
    client.destroy(&made).send().unwrap();
    // What Locate finds by the state is noted first, so that it waits.
    thread::scope(|scope| {
        let located =
            scope.spawn(|| client.locate().state(State::Active).send().unwrap().unique_identifier.len());
        let wanted = GetAttributesRequest::new(made.unique_identifier.clone(), Vec::<&str>::new());
        let state = client.call(wanted).send().unwrap().attributes.state();
        assert_eq!(state, Some(State::Destroyed));
        gate.open();
        assert_eq!(located.join().unwrap(), 0);
    });
}
