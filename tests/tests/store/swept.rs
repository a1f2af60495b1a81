//! What is due while a server listens: it is done without a request, and no request waits for it.

use std::sync::{Arc, Condvar, Mutex};
use std::thread;

use kmip_sdk::Client;
use kmip_sdk::server::store::{Store, StoreError};
use kmip_sdk::server::{EmbeddedServer, ServerOptions};
use kmip_sdk::types::attribute::Attribute;
use kmip_sdk::types::enumerations::State;
use kmip_sdk::types::operation::GetAttributesRequest;
use kmip_sdk::types::{DateTime, Interval};
use kmip_tests::watched::{Beside, Call, Watched};

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

/// The gate before what is due.
#[derive(Debug)]
struct Held(Arc<Gate>);

impl Beside for Held {
    fn before(&self, call: Call) -> Result<(), StoreError> {
        if call == Call::Due {
            self.0.pass();
        }
        Ok(())
    }
}

#[test]
fn no_request_waits_for_what_is_due() {
    let gate = Arc::new(Gate::default());
    let store = Store::new(Box::new(Watched::new(Held(Arc::clone(&gate))))).unwrap();
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
