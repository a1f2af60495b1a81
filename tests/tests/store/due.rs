//! What is due and cannot be done: it is in nobody's way, and is done once it can be.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use kmip_sdk::server::store::{
    Backend, Body, Change, Commit, Difference, Form, Key, Kind, Memory, Record, Store, Value,
};
use kmip_sdk::server::{Later, ServerOptions};
use kmip_sdk::types::attribute::Attribute;
use kmip_sdk::types::enumerations::{Operation, ResultStatus, State};
use kmip_sdk::types::operation::{PingRequest, PollRequest};
use kmip_sdk::types::{DateTime, Interval};
use kmip_tests::watched::{Beside, Call, Watched};

use crate::asked::{Asked, START, name};
use crate::places::key;

/// A backend of sealed records, of which it is counted how often it is asked what is due, or for a record.
#[derive(Debug)]
struct Sealed(Arc<AtomicUsize>);

impl Beside for Sealed {
    fn form(&self) -> Option<Form> {
        Some(Form::Sealed)
    }

    fn after(&self, call: Call, _: usize) {
        self.0.fetch_add(usize::from(matches!(call, Call::Due | Call::Get)), Ordering::SeqCst);
    }
}

/// A store of sealed records, and how often its backend was asked.
fn sealed(memory: &Arc<Memory>) -> (Store, Arc<AtomicUsize>) {
    let calls = Arc::new(AtomicUsize::new(0));
    let backend = Watched::over(Arc::<Memory>::clone(memory) as Arc<dyn Backend>, Sealed(Arc::clone(&calls)));
    (Store::sealed(Box::new(backend), key()).unwrap().cache(0), calls)
}

/// Puts another body into a record: the one that it had.
fn overwrite(memory: &Memory, key: &Key, body: Body) -> Body {
    let Record { version, due, body: old, .. } = memory.get(key).unwrap().unwrap();
    let value = Value { size: body.bytes().len() as u64, body, due };
    let (terms, names) = (Difference::default(), Difference::default());
    let change = Change { key: key.clone(), expected: Some(version), value: Some(value), terms, names };
    memory.commit(Commit { changes: vec![change], ..Commit::default() }).unwrap();
    old
}

fn due(memory: &Memory, kind: Kind, asked: &Asked) -> Vec<Key> {
    let now = asked.clock.load(Ordering::SeqCst);
    memory.due(kind, now, usize::MAX).unwrap().into_iter().map(|(_, key)| key).collect()
}

#[test]
fn damaged_records_are_in_nobodys_way() {
    let memory = Arc::new(Memory::new());
    let options = ServerOptions::default().later(Operation::Ping, Later::Time(Interval::from_seconds(20)));
    let (store, calls) = sealed(&memory);
    let asked = Asked::with(options.store(store));
    let at = |seconds| [Attribute::ActivationDate(DateTime::from_seconds(START + seconds))];
    let rotating = |seconds, text| {
        let interval = Attribute::RotateInterval(Interval::from_seconds(seconds));
        [Attribute::RotateAutomatic(true), interval, name(text)]
    };
    // More than are looked at together, and the first that are due.
    let mut damaged: Vec<(Key, Body)> = Vec::new();
    for _ in 0..100 {
        damaged.push((Key::new(Kind::OBJECT, asked.create(at(10))), Body::from_bytes([])));
    }
    let unrotated = asked.create(rotating(10, "unrotated"));
    damaged.push((Key::new(Kind::OBJECT, unrotated), Body::from_bytes([])));
    let lost = asked.later(PingRequest {}).asynchronous_correlation_value.unwrap();
    let [lost_key] = due_later(&memory).try_into().unwrap();
    damaged.push((lost_key, Body::from_bytes([])));
    let activated = asked.create(at(20));
    let rotated = asked.create(rotating(20, "rotated"));
    let told = asked.later(PingRequest {}).asynchronous_correlation_value.unwrap();
    for (key, body) in &mut damaged {
        *body = overwrite(&memory, key, Body::from_bytes([7; 100]));
    }
    asked.wait(30);
    // Nobody who asks for something else is refused for it.
    assert_eq!(asked.attributes(&activated).state(), Some(State::Active));
    assert_ne!(asked.locate([name("rotated")]), [rotated.as_str()]);
    assert_eq!(due(&memory, Kind::OBJECT, &asked).len(), 100, "the others were moved");
    let active = asked.locate([Attribute::State(State::Active)]);
    assert_eq!(active, [activated.as_str()]);
    assert_eq!(poll(&asked, &told), ResultStatus::Success);
    asked.server.settle().unwrap();
    calls.store(0, Ordering::SeqCst);
    asked.server.settle().unwrap();
    assert_eq!(calls.load(Ordering::SeqCst), 0, "they are left alone");
    // Where somebody brings them back they are done, in a while.
    for (key, body) in &damaged {
        overwrite(&memory, key, body.clone());
    }
    asked.wait(61);
    asked.server.settle().unwrap();
    for kind in [Kind::OBJECT, Kind::ROTATION] {
        assert_eq!(due(&memory, kind, &asked), [], "{kind:?}");
    }
    assert_eq!(asked.locate([Attribute::State(State::Active)]).len(), 101);
    assert_eq!(poll(&asked, &lost), ResultStatus::Success);
}

/// What is answered later.
fn due_later(memory: &Memory) -> Vec<Key> {
    let due = memory.due(Kind::ASYNCHRONOUS, i64::MAX, usize::MAX).unwrap();
    due.into_iter().map(|(_, key)| key).collect()
}

fn poll(asked: &Asked, correlation_value: &[u8]) -> ResultStatus {
    let request = PollRequest { asynchronous_correlation_value: correlation_value.to_vec() };
    asked.send(request, |_| {}).result_status
}

#[test]
fn a_rotation_without_room_is_done_once_there_is_some() {
    let interval = Attribute::RotateInterval(Interval::from_seconds(10));
    let (few, small) =
        (ServerOptions::default().maximum_objects(1), ServerOptions::default().maximum_bytes(1));
    for full in [few, small] {
        let memory = Arc::new(Memory::new());
        let store = sealed(&memory).0;
        let asked = Asked::on(store.clone());
        let key = asked.create([Attribute::RotateAutomatic(true), interval.clone(), name("app")]);
        let full = Asked::with(full.store(store.clone()));
        full.wait(10);
        assert_eq!(full.locate([name("app")]), [key.as_str()]);
        assert_eq!(due(&memory, Kind::ROTATION, &full).len(), 1, "it is still to be done");
        let roomy = Asked::on(store);
        roomy.wait(71);
        let [newest] = roomy.locate([name("app")]).try_into().unwrap();
        assert_ne!(newest, key);
    }
}
