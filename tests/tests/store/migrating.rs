//! What an older library wrote is brought up to date, while others are at the store.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock};

use kmip_sdk::server::User;
use kmip_sdk::server::store::{Clear, Kind, MasterKey, Redb, Store, StoreError};
use kmip_sdk::types::attribute::Attribute;
use kmip_sdk::types::enumerations::{ObjectType, ResultReason, State};
use kmip_sdk::types::operation::{ActivateRequest, AddAttributeRequest, DestroyRequest, GetRequest};
use kmip_tests::watched::Call;

use crate::asked::{Asked, create, name};
use crate::places::{Place, key};
use crate::restart::set_schema;

for_every_shared!(
    what_others_change_meanwhile_is_found,
    what_others_change_while_a_slow_one_does_it_again_is_found,
    who_knows_an_older_schema_changes_nothing_more,
);

for_every_lasting!(one_that_is_cut_short_is_done_again);

fn group() -> Attribute {
    Attribute::ObjectGroup("group".to_owned())
}

fn make(asked: &Asked, count: usize) -> Vec<String> {
    (0..count).map(|number| asked.create([name(&format!("name {number}")), group()])).collect()
}

/// Makes of a store one of the first schema, by whose terms nothing is found now.
fn bring_back(place: &Place) {
    place.open().clear(Kind::OBJECT, Clear::Terms).unwrap();
    set_schema(place, 1);
}

/// Objects with names in a store of the first schema.
fn of_the_first_schema(place: &Place, count: usize) -> Vec<String> {
    let made = make(&Asked::on(place.store()), count);
    bring_back(place);
    made
}

/// Whether each of these is found, by whatever it is looked for.
fn finds(store: Store, made: &[String]) {
    let asked = Asked::on(store);
    for (number, identifier) in made.iter().enumerate().step_by(1 + made.len() / 50) {
        assert_eq!(asked.locate([name(&format!("name {number}"))]), [identifier.as_str()], "{number}");
    }
    for wanted in [vec![], vec![group()], vec![Attribute::ObjectType(ObjectType::SymmetricKey)]] {
        let mut found = asked.locate(wanted.clone());
        found.reverse();
        assert_eq!(found, made, "{wanted:?}");
    }
    let active = asked.locate([Attribute::State(State::Active)]).len();
    assert_eq!(active + asked.locate([Attribute::State(State::PreActive)]).len(), made.len());
}

fn what_others_change_meanwhile_is_found(place: &Place) {
    let running = place.store();
    let made = of_the_first_schema(place, 3);
    let (asked, turns) = (Asked::on(running), AtomicUsize::new(0));
    let changed = made.clone();
    let backend = place.open_with(move |call| {
        // What is committed then was read before.
        let turn = turns.fetch_add(usize::from(call == Call::Commit), Ordering::SeqCst);
        if call == Call::Commit && turn < 4 {
            let group = Attribute::ObjectGroup(format!("group {turn}"));
            asked.call(AddAttributeRequest::new(changed[1].as_str(), group)).unwrap();
            if turn == 1 {
                asked.call(ActivateRequest::new(changed[2].as_str())).unwrap();
            }
        }
        Ok(())
    });
    let store = Store::sealed(backend, key()).unwrap();
    for turn in 0..4 {
        let group = Attribute::ObjectGroup(format!("group {turn}"));
        assert_eq!(Asked::on(store.clone()).locate([group]), [made[1].as_str()]);
    }
    finds(store, &made);
    finds(place.store(), &made);
}

fn what_others_change_while_a_slow_one_does_it_again_is_found(place: &Place) {
    let mut made = of_the_first_schema(place, 3);
    let first: Arc<OnceLock<Asked>> = Arc::default();
    let (serving, opened) = (Arc::clone(&first), Mutex::new(Some(place.open())));
    let (commits, changed) = (AtomicUsize::new(0), made.clone());
    let backend = place.open_with(move |call| {
        let commit = commits.fetch_add(usize::from(call == Call::Commit), Ordering::SeqCst);
        let asked = match call {
            // Once the slow one has begun, another does it all, and serves.
            Call::Commit | Call::Clear if commit > 0 => serving.get_or_init(|| {
                let backend = opened.lock().unwrap().take().unwrap();
                Asked::on(Store::sealed(backend, key()).unwrap())
            }),
            _ => return Ok(()),
        };
        if call == Call::Commit && commit < 4 {
            let group = Attribute::ObjectGroup(format!("group {commit}"));
            asked.call(AddAttributeRequest::new(changed[0].as_str(), group)).unwrap();
        }
        assert_eq!(asked.locate([name("name 1")]), [changed[1].as_str()], "it is found all along");
        Ok(())
    });
    let slow = Store::sealed(backend, key()).unwrap();
    let first = first.get().unwrap();
    made.push(first.create([name("name 3"), group()]));
    for turn in 1..4 {
        let group = Attribute::ObjectGroup(format!("group {turn}"));
        assert_eq!(Asked::on(slow.clone()).locate([group]), [made[0].as_str()]);
    }
    finds(slow, &made);
    finds(place.store(), &made);
}

fn who_knows_an_older_schema_changes_nothing_more(place: &Place) {
    let store = place.store();
    let asked = Asked::on(store.clone());
    let made = asked.create([]);
    set_schema(place, 99);
    let refused = store.users().add(User::new("alice").password("secret"));
    assert!(matches!(refused, Err(StoreError::Schema { found: 99, .. })), "{refused:?}");
    assert!(asked.call(create([])).is_err());
    assert_eq!(asked.locate([]), [made]);
    let refused = store.rotate(MasterKey::new([8; 32]));
    assert!(matches!(refused, Err(StoreError::Schema { found: 99, .. })), "{refused:?}");
}

fn one_that_is_cut_short_is_done_again(place: &Place) {
    let (mut exported, source) = (Vec::new(), Place::memory().store());
    let made = make(&Asked::on(source.clone()), 260);
    source.export(&mut exported, &key()).unwrap();
    for cut_at in 1.. {
        let place = place.again();
        place.store().import(&mut &exported[..], key()).unwrap();
        bring_back(&place);
        let commits = AtomicUsize::new(0);
        let backend = place.open_with(move |call| match call {
            Call::Commit if commits.fetch_add(1, Ordering::SeqCst) + 1 == cut_at => {
                Err(StoreError::Unavailable("it ends here".into()))
            }
            _ => Ok(()),
        });
        let opened = Store::sealed(backend, key()).map(drop);
        finds(place.store(), &made);
        if opened.is_ok() {
            assert_eq!(cut_at, 5, "what it is, twice so many objects, and what it is");
            break;
        }
    }
}

/// A file of the fourth schema, as the library wrote it then: twelve keys of `bench`, sealed with a master key of sevens. They
/// are called `key 0` to `key 11`, ten are in `group 0` and two in `group 1`, and each other one is active.
const OF_THE_FOURTH_SCHEMA: &[u8] = include_bytes!("schema_4.redb");

#[test]
fn a_file_that_was_written_in_the_fourth_schema_is_brought_up_to_date() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("store");
    std::fs::write(&path, OF_THE_FOURTH_SCHEMA).unwrap();
    let open = || {
        let backend = Box::new(Redb::open(&path).unwrap());
        Asked {
            identity: Some("bench"),
            ..Asked::on(Store::sealed(backend, MasterKey::new([7; 32])).unwrap())
        }
    };
    let key = |number: usize| name(&format!("key {number}"));
    let group = |number: usize| Attribute::ObjectGroup(format!("group {number}"));
    for turn in 0..2 {
        let asked = open();
        assert_eq!(asked.locate([]).len(), 12 + turn);
        let found: Vec<String> = (0..12).flat_map(|number| asked.locate([key(number)])).collect();
        assert_eq!(found.len(), 12);
        assert_eq!(asked.locate([group(1)]), [found[11].as_str(), found[10].as_str()]);
        assert_eq!(asked.locate([group(0)]).len(), 10 - turn);
        assert_eq!(asked.locate([Attribute::State(State::Active)]).len(), 6);
        assert_eq!(asked.locate([Attribute::ObjectType(ObjectType::SymmetricKey)]).len(), 12 + turn);
        // A name is taken until what has it is destroyed.
        assert_eq!(asked.call(create([key(3)])).unwrap_err(), ResultReason::NonUniqueNameAttribute);
        if turn == 0 {
            asked.call(GetRequest::new(found[3].as_str())).unwrap();
            asked.call(DestroyRequest::new(found[1].as_str())).unwrap();
            let again = asked.create([key(1), group(2)]);
            assert_eq!(asked.locate([key(1)]), [again.as_str()]);
            asked.create([key(12)]);
        }
    }
}
