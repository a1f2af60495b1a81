//! What is due while a server listens: it is done without a request, and no request waits for it.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::thread;

use kmip_sdk::Client;
use kmip_sdk::server::store::{Backend, Form, Kind, Memory, Store, StoreError};
use kmip_sdk::server::{EmbeddedServer, ServerOptions};
use kmip_sdk::types::attribute::Attribute;
use kmip_sdk::types::enumerations::State;
use kmip_sdk::types::operation::{GetAttributesRequest, LocateRequest};
use kmip_sdk::types::{DateTime, Interval};
use kmip_tests::watched::{Beside, Call, Watched};

use crate::asked::{Asked, START, name};
use crate::places::key;

/// Does nothing beside a backend.
#[derive(Debug)]
struct Nothing;

impl Beside for Nothing {}

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

/// What a backend waits for before it says what is due, as long as it is not let.
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

/// The gate before what a backend is asked for.
#[derive(Debug)]
struct Held(Call, Arc<Gate>);

impl Beside for Held {
    fn before(&self, call: Call) -> Result<(), StoreError> {
        if call == self.0 {
            self.1.pass();
        }
        Ok(())
    }
}

/// A store whose backend is asked for something no sooner than the gate is open.
fn held(call: Call, gate: &Arc<Gate>, memory: &Arc<Memory>) -> Store {
    Store::new(Box::new(Watched::over(
        Arc::<Memory>::clone(memory) as Arc<dyn Backend>,
        Held(call, Arc::clone(gate)),
    )))
    .unwrap()
}

#[test]
fn no_request_waits_for_what_is_due() {
    let (gate, memory) = (Arc::new(Gate::default()), Arc::new(Memory::new()));
    // By the clock of who makes it, it is not due.
    let asked = Asked::on(
        Store::new(Box::new(Watched::over(Arc::<Memory>::clone(&memory) as Arc<dyn Backend>, Nothing)))
            .unwrap(),
    );
    let activated = asked.create([Attribute::ActivationDate(DateTime::from_seconds(START + 10))]);
    let store = held(Call::Due, &gate, &memory);
    let server = EmbeddedServer::start_with(ServerOptions::default().store(store)).unwrap();
    gate.wait_for_somebody();
    let client = Client::builder().embedded(&server).connect().unwrap();
    let soon = DateTime::from_seconds(DateTime::now().seconds() + 3600);
    let made = client.create_aes(256).name("app").activation_date(soon).send().unwrap();
    client.get(&made).send().unwrap();
    client.destroy(&made).send().unwrap();
    let wanted = GetAttributesRequest::new(made.unique_identifier.clone(), Vec::<&str>::new());
    let state = client.call(wanted).send().unwrap().attributes.state();
    assert_eq!(state, Some(State::Destroyed));
    // What is due is found in the state that its dates say, before that is noted and after.
    let located = |state| client.locate().state(state).send().unwrap().unique_identifier;
    let active = located(State::Active);
    assert_eq!(active.iter().map(|key| key.as_text().unwrap()).collect::<Vec<_>>(), [activated.as_str()]);
    assert_eq!(located(State::PreActive), []);
    gate.open();
    while memory.due(Kind::OBJECT, DateTime::now().seconds(), 1).unwrap().len() == 1 {
        thread::yield_now();
    }
    assert_eq!((located(State::Active), located(State::PreActive)), (active, vec![]));
}

#[test]
fn no_request_waits_for_one_that_looks_at_every_object() {
    let (gate, memory) = (Arc::new(Gate::default()), Arc::new(Memory::new()));
    let store = held(Call::List, &gate, &memory);
    let server = EmbeddedServer::start_with(ServerOptions::default().store(store)).unwrap();
    let connect = || Client::builder().embedded(&server).connect().unwrap();
    let (client, other) = (connect(), connect());
    let made = client.create_aes(256).name("app").send().unwrap();
    thread::scope(|scope| {
        let wanted = Attribute::Comment("none".to_owned());
        let request = LocateRequest::new([wanted].into_iter().collect());
        let located = scope.spawn(|| client.call(request).send().unwrap().unique_identifier);
        gate.wait_for_somebody();
        other.get(&made).send().unwrap();
        other.create_aes(256).name("other").send().unwrap();
        gate.open();
        assert_eq!(located.join().unwrap(), []);
    });
}

/// Counts how often a backend of sealed records is asked for one.
#[derive(Debug)]
struct Counting(Arc<AtomicUsize>);

impl Beside for Counting {
    fn form(&self) -> Option<Form> {
        Some(Form::Sealed)
    }

    fn before(&self, call: Call) -> Result<(), StoreError> {
        self.0.fetch_add(usize::from(call == Call::Get), Ordering::SeqCst);
        Ok(())
    }
}

#[test]
fn what_was_read_of_late_is_given_without_asking_the_backend() {
    let count = Arc::new(AtomicUsize::new(0));
    let store = Store::sealed(Box::new(Watched::new(Counting(Arc::clone(&count)))), key()).unwrap();
    let server = EmbeddedServer::start_with(ServerOptions::default().store(store)).unwrap();
    let client = Client::builder().embedded(&server).connect().unwrap();
    let made = client.create_aes(256).send().unwrap();
    (0..2).for_each(|_| drop(client.get(&made).send().unwrap()));
    count.store(0, Ordering::SeqCst);
    (0..10).for_each(|_| drop(client.get(&made).send().unwrap()));
    assert_eq!(count.load(Ordering::SeqCst), 0);
}
