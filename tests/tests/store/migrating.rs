//! What an older library wrote is brought up to date, while others are at the store.

use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock};

use kmip_sdk::server::User;
use kmip_sdk::server::store::{
    Backend as _, Body, Change, Clear, Commit, Difference, Kind, MasterKey, Redb, Store, StoreError, Value,
};
use kmip_sdk::types::attribute::Attribute;
use kmip_sdk::types::enumerations::{ObjectType, ResultReason, State};
use kmip_sdk::types::message::DeviceCredential;
use kmip_sdk::types::operation::{ActivateRequest, AddAttributeRequest, DestroyRequest};
use kmip_tests::watched::Call;
use tempfile::TempDir;

use crate::asked::{Asked, create, name};
use crate::disk::{Disk, End, Random};
use crate::indexed::compare;
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

/// A file of the fourth schema, as the library wrote it then, sealed with a master key of sevens. Alice, Bob and nobody each have
/// five symmetric keys, of which one is given out, one archived, one destroyed and one called `g of` its owner; a pair of keys,
/// of which everybody may find the public one; and two Templates, one of which is destroyed. All are in the group `g`. Carol is a
/// user with a device.
const OF_THE_FOURTH_SCHEMA: &[u8] = include_bytes!("schema_4.redb");

fn of_the_fourth_schema() -> (TempDir, PathBuf) {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("store");
    std::fs::write(&path, OF_THE_FOURTH_SCHEMA).unwrap();
    (directory, path)
}

fn open_sealed_with_sevens(backend: Redb) -> Result<Store, StoreError> {
    Store::sealed(Box::new(backend), MasterKey::new([7; 32]))
}

/// Whether what is in it is found, and what has a name is alone with it.
fn check_of_the_fourth_schema(store: &Store) {
    let count = compare(store.clone());
    assert!(count > 120, "{count} requests found something");
    let bob = Asked { identity: Some("bob"), ..Asked::on(store.clone()) };
    let called = name("g of Some(\"bob\")");
    let [named] = bob.locate([called.clone()]).try_into().unwrap();
    assert_eq!(bob.locate([group_of("both")]).len(), 3 + 3, "his own, and those that are nobody's");
    assert_eq!(bob.call(create([called.clone()])).unwrap_err(), ResultReason::NonUniqueNameAttribute);
    let device =
        DeviceCredential { device_serial_number: Some("1".to_owned()), ..DeviceCredential::default() };
    let taken = store.users().add(User::new("dave").device(device));
    assert!(matches!(taken, Err(StoreError::UserTaken)), "{taken:?}");
    // A name is free once what has it is destroyed.
    bob.call(DestroyRequest::new(named.as_str())).unwrap();
    let again = bob.create([called.clone(), group_of("both")]);
    assert_eq!(bob.locate([called]), [again]);
}

fn group_of(text: &str) -> Attribute {
    Attribute::ObjectGroup(text.to_owned())
}

#[test]
fn a_file_that_was_written_in_the_fourth_schema_is_brought_up_to_date() {
    let (_directory, path) = of_the_fourth_schema();
    for _ in 0..2 {
        check_of_the_fourth_schema(&open_sealed_with_sevens(Redb::open(&path).unwrap()).unwrap());
    }
}

#[test]
fn a_file_of_the_fourth_schema_is_brought_up_to_date_by_and_by_where_the_disk_fails() {
    let mut refused = 0;
    for left in (0..).step_by(3) {
        let disk = Disk::of(OF_THE_FOURTH_SCHEMA.to_vec());
        disk.lock().left = Some(left);
        let is_opened = disk.open().is_ok();
        refused += usize::from(!is_opened);
        let again = disk.after(disk.done(), End::PowerLost, &mut Random(left));
        check_of_the_fourth_schema(&again.open().unwrap());
        if is_opened {
            assert!(refused > 10, "{refused}");
            return;
        }
    }
}

#[test]
fn a_file_of_the_fourth_schema_waits_for_room_on_a_full_disk() {
    let mut refused = 0;
    for room in (0..).step_by(16 << 10) {
        let disk = Disk::of(OF_THE_FOURTH_SCHEMA.to_vec());
        // What is written behind that finds no room, be it new or in the place of something.
        disk.lock().capacity = Some(room);
        let opened = disk.open();
        disk.lock().capacity = None;
        let Ok(store) = opened else {
            refused += 1;
            check_of_the_fourth_schema(&disk.open().unwrap());
            continue;
        };
        check_of_the_fourth_schema(&store);
        assert!(refused > 5, "{refused}");
        return;
    }
}

#[test]
fn a_file_of_the_fourth_schema_is_not_taken_for_a_newer_one_where_its_takeover_was_lost() {
    let mut refused = 0;
    for failing in 0..10 {
        let disk = Disk::of(OF_THE_FOURTH_SCHEMA.to_vec());
        disk.lock().failing_syncs = failing;
        let opened = disk.open();
        refused += usize::from(opened.is_err());
        disk.lock().failing_syncs = 0;
        check_of_the_fourth_schema(&opened.unwrap_or_else(|_| disk.open().unwrap()));
    }
    assert!(refused > 0);
}

#[test]
fn a_file_of_the_fourth_schema_is_not_taken_for_a_newer_one_where_its_takeover_found_no_room() {
    let mut refused = 0;
    for (first, count) in (0..60).step_by(5).flat_map(|first| [1, 4].map(|count| (first, count))) {
        let disk = Disk::of(OF_THE_FOURTH_SCHEMA.to_vec());
        disk.lock().full = first..first + count;
        let opened = disk.open();
        refused += usize::from(opened.is_err());
        disk.lock().full = 0..0;
        check_of_the_fourth_schema(&opened.unwrap_or_else(|_| disk.open().unwrap()));
    }
    assert!(refused > 0);
}

#[test]
fn a_damaged_object_of_an_older_schema_is_in_nobodys_way() {
    let (_directory, path) = of_the_fourth_schema();
    let backend = Redb::open(&path).unwrap();
    let mut damaged = None;
    let shown = backend.scan(&[Kind::OBJECT], &mut |record| {
        damaged = damaged.take().or(Some(record));
        Ok(())
    });
    shown.unwrap();
    let damaged = damaged.unwrap();
    let mut body = damaged.body.bytes().to_vec();
    *body.last_mut().unwrap() ^= 1;
    let value = Value { size: body.len() as u64, body: Body::from_bytes(body), due: damaged.due };
    let (terms, names) = (Difference::default(), Difference::default());
    let (key, expected) = (damaged.key, Some(damaged.version));
    let change = Change { key, expected, value: Some(value), terms, names };
    backend.commit(Commit { changes: vec![change], ..Commit::default() }).unwrap();
    let store = open_sealed_with_sevens(backend).unwrap();
    let alice = Asked { identity: Some("alice"), ..Asked::on(store) };
    assert_eq!(alice.locate([group_of("both")]).len(), 2 + 3);
}
