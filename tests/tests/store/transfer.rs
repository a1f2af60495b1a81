//! Export and import: all that is in a store, in another.

use std::io::{self, Read};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use kmip_sdk::server::User;
use kmip_sdk::server::store::{MasterKey, Store, StoreError};
use kmip_sdk::types::operation::ActivateRequest;
use kmip_tests::watched::Call;

use crate::asked::Asked;
use crate::places::{Place, key};
use crate::restart::{check, give};

for_every_store!(goes_to_every_backend, is_whole_or_refused, is_of_one_export, is_in_its_order);

for_every_lasting!(one_that_is_cut_short_serves_nothing, one_whose_store_fails_serves_nothing);

for_every_shared!(nobody_else_changes_anything_meanwhile, what_came_meanwhile_is_left_alone);

fn other() -> MasterKey {
    MasterKey::new([9; 32])
}

fn export(store: &Store) -> Vec<u8> {
    let mut exported = Vec::new();
    store.export(&mut exported, &other()).unwrap();
    exported
}

fn goes_to_every_backend(place: &Place) {
    let store = place.store();
    let given = give(store.clone());
    let exported = export(&store);
    let database = Place::postgres();
    for target in [Place::memory(), Place::redb(), place.again()].into_iter().chain(database) {
        let store = target.store();
        store.import(&mut &exported[..], other()).unwrap();
        check(store, &given);
        if target.lasts() {
            let store = target.store();
            assert!(matches!(store.import(&mut &exported[..], other()), Err(StoreError::NotEmpty)));
        }
    }
    // And on from there.
    let between = Place::memory().store();
    between.import(&mut &exported[..], other()).unwrap();
    let last = Place::redb().store();
    last.import(&mut &export(&between)[..], other()).unwrap();
    check(last, &given);
}

fn is_whole_or_refused(place: &Place) {
    let store = place.store();
    let asked = Asked::on(store.clone());
    (0..3).for_each(|_| drop(asked.create([])));
    let exported = export(&store);
    let import = |bytes: &[u8], key| Place::memory().store().import(&mut &bytes[..], key);
    assert_eq!(import(&exported, other()).unwrap(), 3);
    assert!(matches!(import(&exported, MasterKey::new([1; 32])), Err(StoreError::WrongMasterKey)));
    for length in (0..exported.len()).step_by(7) {
        let refused = import(&exported[..length], other());
        assert!(matches!(refused, Err(StoreError::Corrupt(_))), "{length} {refused:?}");
    }
    for position in (8..exported.len()).step_by(11) {
        let mut changed = exported.clone();
        changed[position] ^= 0x10;
        // What stands behind the end of an item, to fill it up, says nothing.
        assert!(import(&changed, other()).is_err() || changed[position] == 0x10, "{position}");
    }
    // An item in the place of another.
    let length = exported.len();
    assert!(
        import(&[&exported[..16], &exported[16..length / 2], &exported[16..]].concat(), other()).is_err()
    );
}

/// The items of an export, as bytes.
fn items(mut exported: &[u8]) -> Vec<&[u8]> {
    let mut items = Vec::new();
    while let Some((header, _)) = exported.split_first_chunk::<8>() {
        let length = u32::from_be_bytes(*header.last_chunk().unwrap());
        let (item, rest) = exported.split_at(8 + (length as usize).next_multiple_of(8));
        items.push(item);
        exported = rest;
    }
    items
}

/// A record of an earlier export does not take the place of what it has become.
fn is_of_one_export(place: &Place) {
    let store = place.store();
    let asked = Asked::on(store.clone());
    let key = asked.create([]);
    let before = export(&store);
    asked.call(ActivateRequest { unique_identifier: Some(key.into()) }).unwrap();
    let after = export(&store);
    let (former, mut mixed) = (items(&before), items(&after));
    assert_eq!((former.len(), mixed.len()), (4, 4), "the form, what it is told by, the object and the end");
    let import = |items: &[&[u8]]| Place::memory().store().import(&mut &items.concat()[..], other());
    assert_eq!(import(&mixed).unwrap(), 1);
    mixed[2] = former[2];
    assert!(matches!(import(&mixed), Err(StoreError::Corrupt(_))));
}

/// The items of one export in the places of others, of the same and of another.
fn is_in_its_order(place: &Place) {
    let store = place.store();
    let asked = Asked::on(store.clone());
    (0..3).for_each(|_| drop(asked.create([])));
    let exported = export(&store);
    let another = export(&store);
    let (of_it, of_another) = (items(&exported), items(&another));
    let [form, random, first, second, third, end] = of_it[..] else { panic!("{} items", of_it.len()) };
    let import = |items: &[&[u8]]| Place::shared().store().import(&mut &items.concat()[..], other());
    assert_eq!(import(&of_it).unwrap(), 3);
    for wrong in [
        vec![form, random, second, first, third, end],
        vec![form, random, first, first, third, end],
        vec![form, random, first, second, third, third, end],
        vec![form, random, first, second, end],
        vec![form, random, first, second, third],
        vec![form, random, end],
        vec![form, random, first, second, third, of_another[5]],
        vec![form, of_another[1], first, second, third, end],
        vec![form, first, second, third, end],
        vec![random, first, second, third, end],
        vec![form, form, random, first, second, third, end],
        vec![form, random, random, first, second, third, end],
        vec![form],
        vec![],
    ] {
        let refused = import(&wrong);
        assert!(matches!(refused, Err(StoreError::Corrupt(_))), "{refused:?}");
    }
}

/// So many objects that they go to a store in several commits.
const MANY: usize = 300;

fn many() -> Vec<u8> {
    let store = Place::memory().store();
    let asked = Asked::on(store.clone());
    (0..MANY).for_each(|_| drop(asked.create([])));
    export(&store)
}

/// An export of which no more comes than so much.
struct Cut<'a> {
    bytes: &'a [u8],
    dies: bool,
}

impl Read for Cut<'_> {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        if self.bytes.is_empty() {
            assert!(!self.dies, "the process ends here");
            return Err(io::Error::other("no more comes"));
        }
        self.bytes.read(to)
    }
}

/// Whether a store that was to be imported into is refused, and if not, whether it is as if nothing had been.
fn is_refused(place: &Place) -> bool {
    match Store::sealed(place.open(), key()) {
        Err(StoreError::Importing) => true,
        Err(error) => panic!("{error}"),
        Ok(store) => {
            assert_eq!(Asked::on(store).locate([]), [""; 0]);
            false
        }
    }
}

fn one_that_is_cut_short_serves_nothing(place: &Place) {
    let exported = many();
    let items = items(&exported);
    // How many items come, of which two stand before the first record.
    for (count, has_begun) in [
        (0, false),
        (1, false),
        (2, false),
        (100, false),
        (257, false),
        (258, true),
        (280, true),
        (302, true),
    ] {
        for dies in [false, true] {
            let place = place.again();
            let store = place.store();
            let bytes = items[..count].concat();
            let import = || store.import(&mut Cut { bytes: &bytes, dies }, other());
            match std::panic::catch_unwind(std::panic::AssertUnwindSafe(import)) {
                Ok(refused) => assert!(matches!(refused, Err(StoreError::Unavailable(_))) && !dies),
                Err(_) => assert!(dies),
            }
            // Nor does it go on in the same process.
            let again = store.import(&mut &exported[..], other());
            match has_begun {
                true => assert!(matches!(again, Err(StoreError::Importing)), "{count}: {again:?}"),
                false => assert_eq!(again.unwrap(), MANY as u64),
            }
            let added = store.users().add(User::new("alice").password("secret"));
            assert_eq!(matches!(added, Err(StoreError::Importing)), has_begun, "{count}: {added:?}");
            drop(store);
            if has_begun {
                assert!(is_refused(&place), "{count}");
            } else {
                assert_eq!(Asked::on(place.store()).locate([]).len(), MANY);
            }
        }
    }
}

fn one_whose_store_fails_serves_nothing(place: &Place) {
    let exported = many();
    for cut_at in 1.. {
        let place = place.again();
        drop(place.store());
        let commits = AtomicUsize::new(0);
        let backend = place.open_with(move |call| match call {
            Call::Commit if commits.fetch_add(1, Ordering::SeqCst) + 1 == cut_at => {
                Err(StoreError::Unavailable("it ends here".into()))
            }
            _ => Ok(()),
        });
        let imported = Store::sealed(backend, key()).unwrap().import(&mut &exported[..], other());
        if imported.is_ok() {
            assert_eq!(cut_at, 5, "that it is begun, twice so many records, and that it is over");
            assert_eq!(Asked::on(place.store()).locate([]).len(), MANY);
            break;
        }
        assert_eq!(is_refused(&place), cut_at > 1, "{cut_at}");
    }
}

/// Does something once so many bytes have been read.
struct Meanwhile<'a, F> {
    bytes: &'a [u8],
    left: usize,
    act: Option<F>,
}

impl<F: FnOnce()> Read for Meanwhile<'_, F> {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        if let Some(act) = self.act.take_if(|_| self.bytes.len() < self.left) {
            act();
        }
        self.bytes.read(to)
    }
}

fn nobody_else_changes_anything_meanwhile(place: &Place) {
    let exported = many();
    let (store, running) = (place.store(), place.store());
    let alice = || User::new("alice").password("secret");
    let act = || {
        let refused = running.users().add(alice());
        assert!(matches!(refused, Err(StoreError::Importing)), "{refused:?}");
        let refused = running.import(&mut &exported[..], other());
        assert!(matches!(refused, Err(StoreError::Importing | StoreError::NotEmpty)), "{refused:?}");
        let refused = store.users().add(alice());
        assert!(matches!(refused, Err(StoreError::Importing)), "{refused:?}");
        let refused = Store::sealed(place.open(), key());
        assert!(matches!(refused, Err(StoreError::Importing)), "{refused:?}");
    };
    let mut from = Meanwhile { bytes: &exported, left: exported.len() / 20, act: Some(act) };
    assert_eq!(store.import(&mut from, other()).unwrap(), MANY as u64);
    assert!(from.act.is_none());
    running.users().add(alice()).unwrap();
    store.users().remove("alice").unwrap();
    assert_eq!(Asked::on(running).locate([]).len(), MANY);
}

/// What another has put there before it begins is found out.
fn what_came_meanwhile_is_left_alone(place: &Place) {
    let exported = many();
    let running = Asked::on(place.store());
    let begins = AtomicBool::new(true);
    let (running, created) = (Arc::new(running), Arc::new(Mutex::new(Vec::new())));
    let (asked, made) = (Arc::clone(&running), Arc::clone(&created));
    let backend = place.open_with(move |call| {
        if call == Call::Commit && begins.swap(false, Ordering::SeqCst) {
            made.lock().unwrap().push(asked.create([]));
        }
        Ok(())
    });
    let refused = Store::sealed(backend, key()).unwrap().import(&mut &exported[..], other());
    assert!(matches!(refused, Err(StoreError::NotEmpty)), "{refused:?}");
    assert_eq!(Asked::on(place.store()).locate([]), *created.lock().unwrap());
    running.create([]);
}
