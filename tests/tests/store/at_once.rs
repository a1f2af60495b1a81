//! Requests are within a backend at the same time: nothing above it has one wait for another.

use std::sync::{Arc, Condvar, Mutex};
use std::thread;

use kmip_sdk::Client;
use kmip_sdk::server::store::{Store, StoreError};
use kmip_sdk::server::{EmbeddedServer, ServerOptions};
use kmip_sdk::types::attribute::{Attribute, Attributes, CryptographicParameters};
use kmip_sdk::types::enumerations::{BlockCipherMode, State};
use kmip_sdk::types::operation::{ActivateRequest, EncryptRequest, GetRequest, LocateRequest};
use kmip_tests::patience::LONG;
use kmip_tests::watched::{Beside, Call, Watched};

use crate::asked::{Asked, create, name};
use crate::places::{Place, key};

for_every_backend!(a_backend_is_asked_by_all_threads_at_once, a_backend_is_asked_by_all_connections_at_once,);

/// More than most machines that tests run on have processors.
const ALL: usize = 8;

/// Where all meet before one of them goes on.
#[derive(Debug, Default)]
struct Meeting {
    /// In which call they meet, while they do, and how many have come.
    state: Mutex<(Option<Call>, usize)>,
    changed: Condvar,
}

/// Has those who ask the backend come to the meeting.
#[derive(Debug)]
struct Met(Arc<Meeting>);

impl Beside for Met {
    fn before(&self, call: Call) -> Result<(), StoreError> {
        let mut state = self.0.state.lock().unwrap();
        if state.0 != Some(call) {
            return Ok(());
        }
        state.1 += 1;
        if state.1 == ALL {
            state.0 = None;
            self.0.changed.notify_all();
        }
        let waited = self.0.changed.wait_timeout_while(state, LONG, |(call, _)| call.is_some());
        match waited.unwrap().1.timed_out() {
            true => Err(StoreError::Unavailable("not all have come".into())),
            false => Ok(()),
        }
    }
}

impl Meeting {
    /// Has each of all threads ask for something, none of whom is answered before all are in a call.
    fn hold(&self, call: Call, ask: impl Fn(usize) + Sync) {
        *self.state.lock().unwrap() = (Some(call), 0);
        thread::scope(|scope| {
            for number in 0..ALL {
                let ask = &ask;
                scope.spawn(move || ask(number));
            }
        });
        assert!(self.state.lock().unwrap().0.is_none(), "they have not met in {call:?}");
    }
}

/// The options of a server that keeps no objects decoded, and where those meet who ask its backend.
fn options(place: &Place) -> (ServerOptions, Arc<Meeting>) {
    let meeting = Arc::new(Meeting::default());
    let backend = Watched::over(place.open(), Met(Arc::clone(&meeting)));
    let store = Store::sealed(Box::new(backend), key()).unwrap().cache(0);
    (ServerOptions::default().store(store), meeting)
}

fn encrypt(key: &str) -> EncryptRequest {
    let mut request = EncryptRequest::new(key, b"sixteen bytes...".to_vec());
    let mode = CryptographicParameters::default().with_block_cipher_mode(BlockCipherMode::Ecb);
    request.cryptographic_parameters = Some(mode.into());
    request
}

fn active() -> LocateRequest {
    LocateRequest::new([Attribute::State(State::Active)].into_iter().collect::<Attributes>())
}

fn a_backend_is_asked_by_all_threads_at_once(place: &Place) {
    let (options, meeting) = options(place);
    let asked = Asked::with(options);
    let key = asked.create([]);
    asked.call(ActivateRequest::new(key.as_str())).unwrap();
    // That it is given for the first time is written.
    asked.call(GetRequest::new(key.as_str())).unwrap();
    meeting.hold(Call::Get, |_| drop(asked.call(GetRequest::new(key.as_str())).unwrap()));
    meeting.hold(Call::Get, |_| drop(asked.call(encrypt(&key)).unwrap()));
    meeting.hold(Call::List, |_| assert_eq!(asked.call(active()).unwrap().unique_identifier.len(), 1));
    meeting.hold(Call::Commit, |number| drop(asked.call(create([name(&number.to_string())])).unwrap()));
    assert_eq!(asked.locate([]).len(), 1 + ALL);
}

fn a_backend_is_asked_by_all_connections_at_once(place: &Place) {
    // What waits for nothing is done where it comes in, by as many threads as there are processors.
    if !place.open().waits() {
        return;
    }
    let (options, meeting) = options(place);
    let server = EmbeddedServer::start_with(options).unwrap();
    let clients = [(); ALL].map(|()| Client::builder().embedded(&server).connect().unwrap());
    let made = clients[0].create_aes(256).send().unwrap();
    let key = made.unique_identifier.as_text().unwrap();
    clients[0].activate(key).send().unwrap();
    clients[0].get(key).send().unwrap();
    meeting.hold(Call::Get, |number| drop(clients[number].get(key).send().unwrap()));
    meeting.hold(Call::Get, |number| drop(clients[number].call(encrypt(key)).send().unwrap()));
    meeting.hold(Call::List, |number| {
        assert_eq!(clients[number].call(active()).send().unwrap().unique_identifier.len(), 1);
    });
    meeting.hold(Call::Commit, |number| {
        let more = [name(&number.to_string())];
        drop(clients[number].call(create(more)).send().unwrap());
    });
    assert_eq!(clients[0].locate().send().unwrap().unique_identifier.len(), 1 + ALL);
}
