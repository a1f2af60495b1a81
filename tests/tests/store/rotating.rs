//! The master key is changed while servers run, one or several: nobody writes what another does not read.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};
use std::thread;

use kmip_sdk::server::User;
use kmip_sdk::server::store::{MasterKey, MasterKeys, Store, StoreError};
use kmip_sdk::types::operation::{ActivateRequest, GetRequest};
use kmip_tests::watched::Call;

use crate::asked::{Asked, create};
use crate::places::{Place, key};
use crate::restart::{check, give};

for_every_shared!(
    the_others_go_over_to_the_key_that_one_has_changed_to,
    what_another_has_sealed_before_the_change_is_not_written_after_it,
    who_was_not_told_the_key_writes_nothing_until_it_is,
    two_change_the_key_at_once,
);

for_every_lasting!(
    what_was_sealed_before_the_change_is_not_written_after_it,
    a_change_that_is_cut_short_is_refused_or_whole,
    a_second_change_needs_no_key_of_the_first,
);

#[test]
fn the_file_grows_little_while_all_is_changed() {
    let place = Place::redb();
    let store = place.store();
    let asked = Asked::on(store.clone());
    let made: Vec<String> = (0..2_000).map(|_| asked.create([])).collect();
    let size = || match &place {
        Place::Redb(directory) => std::fs::metadata(directory.path().join("store")).unwrap().len(),
        _ => unreachable!("it is a file"),
    };
    let before = size();
    for turn in 10..16 {
        assert!(store.rotate(MasterKey::new([turn; 32])).unwrap() >= 2_000);
    }
    assert!(size() < 4 * before, "{before} bytes before, {} after", size());
    reads(&asked, &made[..20]);
}

fn new() -> MasterKey {
    MasterKey::new([8; 32])
}

fn with(place: &Place, keys: impl Into<MasterKeys>) -> Result<Store, StoreError> {
    Store::sealed(place.open(), keys)
}

/// Whether all of these are read by a server.
fn reads(asked: &Asked, identifiers: &[String]) {
    for identifier in identifiers {
        assert!(asked.call(GetRequest::new(identifier.as_str())).is_ok(), "{identifier} is not read");
    }
}

fn the_others_go_over_to_the_key_that_one_has_changed_to(place: &Place) {
    let [one, other] = [(); 2].map(|()| place.store());
    give(one.clone());
    // Both are told first, and one of them changes to it.
    one.accept(new());
    other.accept(new());
    let (of_one, of_other) = (Asked::on(one.clone()), Asked::on(other.clone()));
    let is_over = AtomicBool::new(false);
    let mut made = thread::scope(|scope| {
        let load = scope.spawn(|| {
            let mut made = vec![of_other.create([])];
            while !is_over.load(Ordering::SeqCst) && made.len() < 2_000 {
                made.push(of_other.create([]));
                of_other.call(ActivateRequest::new(made[0].as_str())).ok();
            }
            made
        });
        let changed = one.rotate(new());
        is_over.store(true, Ordering::SeqCst);
        assert!(changed.unwrap() >= 6);
        load.join().unwrap()
    });
    made.push(of_other.create([]));
    reads(&Asked::on(with(place, new()).unwrap()), &made);
    made.push(of_other.create([]));
    reads(&of_one, &made);
    made.push(of_one.create([]));
    reads(&of_other, &made);
    assert_eq!(other.rotate(new()).unwrap(), 0, "nothing is left to be changed");
    made.push(of_other.create([]));
    let last = with(place, new()).unwrap();
    reads(&Asked::on(last.clone()), &made);
    let refused = with(place, key());
    assert!(matches!(refused, Err(StoreError::WrongMasterKey)), "{refused:?}");
    let located = Asked::on(last).locate([]);
    assert!(made.iter().all(|one| located.contains(one)));
}

fn what_another_has_sealed_before_the_change_is_not_written_after_it(place: &Place) {
    let one = place.store();
    one.accept(new());
    let (begun, changing) = (Arc::new(AtomicBool::new(false)), one.clone());
    let begins = Arc::clone(&begun);
    let backend = place.open_with(move |call| {
        // What is committed then was sealed when the other key was the present one.
        if call == Call::Commit && begins.swap(false, Ordering::SeqCst) {
            changing.rotate(new())?;
        }
        Ok(())
    });
    let other = Store::sealed(backend, MasterKeys::from(key()).accepting(new())).unwrap();
    begun.store(true, Ordering::SeqCst);
    let made = [Asked::on(other).create([])];
    assert!(!begun.load(Ordering::SeqCst));
    // Who has the new key alone comes first: what is given for the first time is written again.
    reads(&Asked::on(with(place, new()).unwrap()), &made);
    reads(&Asked::on(one), &made);
}

fn who_was_not_told_the_key_writes_nothing_until_it_is(place: &Place) {
    let [one, other] = [(); 2].map(|()| place.store());
    let made = [Asked::on(one.clone()).create([])];
    one.rotate(new()).unwrap();
    let refused = other.users().add(User::new("alice").password("secret"));
    assert!(matches!(refused, Err(StoreError::WrongMasterKey)), "{refused:?}");
    let asked = Asked::on(other.clone());
    assert!(asked.call(create([])).is_err());
    assert_eq!(Asked::on(one.clone()).locate([]), made);
    other.accept(new());
    let made = [made, [asked.create([])]].concat();
    reads(&asked, &made);
    reads(&Asked::on(with(place, new()).unwrap()), &made);
}

fn two_change_the_key_at_once(place: &Place) {
    let third = MasterKey::new([9; 32]);
    let servers = [(); 2].map(|()| place.store());
    let given = give(servers[0].clone());
    for server in &servers {
        server.accept(new());
        server.accept(third.clone());
    }
    thread::scope(|scope| {
        for (server, key) in servers.iter().zip([new(), third.clone()]) {
            scope.spawn(move || server.rotate(key).unwrap());
        }
    });
    // Whichever came last: that one alone opens it.
    let opened: Vec<Store> = [new(), third].into_iter().flat_map(|key| with(place, key)).collect();
    let [store] = opened.try_into().unwrap();
    check(store, &given);
}

fn what_was_sealed_before_the_change_is_not_written_after_it(place: &Place) {
    let (begun, store) = (Arc::new(AtomicBool::new(false)), Arc::new(OnceLock::<Store>::new()));
    let (begins, changing) = (Arc::clone(&begun), Arc::downgrade(&store));
    let backend = place.open_with(move |call| {
        if call == Call::Commit && begins.swap(false, Ordering::SeqCst) {
            changing.upgrade().unwrap().get().unwrap().rotate(new())?;
        }
        Ok(())
    });
    let asked = Asked::on(store.get_or_init(|| Store::sealed(backend, key()).unwrap()).clone());
    begun.store(true, Ordering::SeqCst);
    let made = [asked.create([])];
    assert!(!begun.load(Ordering::SeqCst));
    drop((asked, store));
    reads(&Asked::on(with(place, new()).unwrap()), &made);
}

fn a_change_that_is_cut_short_is_refused_or_whole(place: &Place) {
    for cut_at in 1.. {
        let place = place.again();
        let given = give(place.store());
        let commits = AtomicUsize::new(0);
        let backend = place.open_with(move |call| match call {
            Call::Commit if commits.fetch_add(1, Ordering::SeqCst) + 1 >= cut_at => {
                Err(StoreError::Unavailable("it ends here".into()))
            }
            _ => Ok(()),
        });
        let changed = Store::sealed(backend, key()).unwrap().rotate(new());
        let opened = [key(), new()].into_iter().filter(|key| with(&place, key.clone()).is_ok()).count();
        match (&changed, opened) {
            // As it was, or as it is to be.
            (Err(_), 1) if cut_at == 1 => {}
            (Ok(_), 1) => {}
            (Err(StoreError::Unavailable(_)), 0) => {}
            other => panic!("cut at commit {cut_at}: {other:?}"),
        }
        let store = with(&place, MasterKeys::from(key()).accepting(new())).unwrap();
        store.rotate(new()).unwrap();
        drop(store);
        check(with(&place, new()).unwrap(), &given);
        if changed.is_ok() {
            assert_eq!(cut_at, 4, "what it is, all records, and what it is");
            break;
        }
    }
}

fn a_second_change_needs_no_key_of_the_first(place: &Place) {
    let given = give(place.store());
    let last = MasterKey::new([9; 32]);
    let commits = AtomicUsize::new(0);
    let backend = place.open_with(move |call| match call {
        Call::Commit if commits.fetch_add(1, Ordering::SeqCst) == 4 => {
            Err(StoreError::Unavailable("it ends here".into()))
        }
        _ => Ok(()),
    });
    let store = Store::sealed(backend, key()).unwrap();
    store.rotate(new()).unwrap();
    assert!(matches!(store.rotate(last.clone()), Err(StoreError::Unavailable(_))));
    drop(store);
    let store = with(place, MasterKeys::from(last.clone()).accepting(new())).unwrap();
    store.rotate(last.clone()).unwrap();
    drop(store);
    check(with(place, last).unwrap(), &given);
}
