//! What every backend has to do, asked of it directly.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use kmip_sdk::server::store::{
    Backend, Body, Bound, Change, Clear, Commit, Difference, Full, Key, Kind, StoreError, Totals, Value,
};

use crate::places::Place;

for_every_backend!(
    gives_back_what_was_committed,
    a_change_of_what_has_changed_is_a_conflict,
    a_change_beside_what_has_changed_is_a_conflict,
    all_is_done_or_nothing,
    a_name_is_one_records_at_a_time,
    names_change_places,
    a_name_is_given_up_by_who_has_it,
    lists_the_newest_first_a_page_at_a_time,
    terms_come_and_go,
    kinds_are_apart,
    what_is_due_comes_in_its_order,
    refuses_more_than_there_may_be,
    shows_all_as_it_was,
    forgets_a_kind,
    nothing_is_lost_among_threads,
    what_was_committed_outlives_the_process,
    two_have_it_open,
);

pub(crate) const OBJECT: Kind = Kind::OBJECT;

pub(crate) fn object(identifier: &str) -> Key {
    Key::new(OBJECT, identifier)
}

/// A change to a record whose body is this text.
pub(crate) fn put(identifier: &str, expected: Option<u64>, text: &str) -> Change {
    let body = Body::from_bytes(text.as_bytes());
    let value = Value { body, size: text.len() as u64, due: None };
    let (terms, names) = (Difference::default(), Difference::default());
    Change { key: object(identifier), expected, value: Some(value), terms, names }
}

pub(crate) fn remove(identifier: &str, expected: Option<u64>) -> Change {
    Change { value: None, ..put(identifier, expected, "") }
}

pub(crate) fn named(change: Change, removed: &[&str], added: &[&str]) -> Change {
    Change { names: difference(removed, added), ..change }
}

pub(crate) fn with_terms(change: Change, removed: &[&str], added: &[&str]) -> Change {
    Change { terms: difference(removed, added), ..change }
}

pub(crate) fn due_at(mut change: Change, time: i64) -> Change {
    change.value.as_mut().unwrap().due = Some(time);
    change
}

pub(crate) fn difference(removed: &[&str], added: &[&str]) -> Difference {
    let bytes = |texts: &[&str]| texts.iter().map(|text| text.as_bytes().to_vec()).collect();
    Difference { removed: bytes(removed), added: bytes(added) }
}

pub(crate) fn commit(
    backend: &dyn Backend,
    changes: impl IntoIterator<Item = Change>,
) -> Result<(), StoreError> {
    backend.commit(Commit { changes: changes.into_iter().collect(), ..Commit::default() })
}

fn text(backend: &dyn Backend, identifier: &str) -> Option<String> {
    let record = backend.get(&object(identifier)).unwrap()?;
    assert_eq!(record.key, object(identifier));
    Some(String::from_utf8(record.body.bytes().to_vec()).unwrap())
}

pub(crate) fn version(backend: &dyn Backend, identifier: &str) -> Option<u64> {
    backend.get(&object(identifier)).unwrap().map(|record| record.version)
}

fn holder(backend: &dyn Backend, name: &str) -> Option<String> {
    let key = backend.find(OBJECT, name.as_bytes()).unwrap()?;
    Some(String::from_utf8(key.identifier).unwrap())
}

fn list(backend: &dyn Backend, term: &str, before: Option<u64>, limit: usize) -> Vec<(String, u64)> {
    let records = backend.list(OBJECT, &[term.as_bytes().to_vec()], before, limit).unwrap();
    let name = |identifier: Vec<u8>| String::from_utf8(identifier).unwrap();
    records.into_iter().map(|record| (name(record.key.identifier), record.number)).collect()
}

fn identifiers(backend: &dyn Backend, term: &str) -> Vec<String> {
    list(backend, term, None, 99).into_iter().map(|(identifier, _)| identifier).collect()
}

fn gives_back_what_was_committed(place: &Place) {
    let backend = &*place.open();
    assert_eq!(text(backend, "a"), None);
    commit(backend, [put("a", None, "one"), put("b", None, "two")]).unwrap();
    assert_eq!((text(backend, "a"), text(backend, "b")), (Some("one".to_owned()), Some("two".to_owned())));
    let before = backend.get(&object("a")).unwrap().unwrap();
    assert!(before.number < backend.get(&object("b")).unwrap().unwrap().number);
    commit(backend, [due_at(put("a", Some(before.version), "more"), -5)]).unwrap();
    let after = backend.get(&object("a")).unwrap().unwrap();
    assert_eq!((after.body.bytes(), after.number, after.due), (&b"more"[..], before.number, Some(-5)));
    assert_ne!(after.version, before.version);
    assert_eq!(backend.totals(OBJECT).unwrap(), Totals { records: 2, bytes: 7 });
    commit(backend, [remove("a", Some(after.version))]).unwrap();
    assert_eq!(text(backend, "a"), None);
    assert_eq!(backend.totals(OBJECT).unwrap(), Totals { records: 1, bytes: 3 });
}

fn a_change_of_what_has_changed_is_a_conflict(place: &Place) {
    let backend = &*place.open();
    commit(backend, [put("a", None, "1")]).unwrap();
    let old = version(backend, "a");
    for change in [put("a", None, "x"), put("b", Some(1), "x"), put("a", old.map(|old| old + 1), "x")] {
        assert!(matches!(commit(backend, [change]), Err(StoreError::Conflict)));
    }
    commit(backend, [put("a", old, "2")]).unwrap();
    for change in [put("a", old, "x"), remove("a", old), remove("c", old)] {
        assert!(matches!(commit(backend, [change]), Err(StoreError::Conflict)));
    }
    assert_eq!(text(backend, "a").as_deref(), Some("2"));
}

fn a_change_beside_what_has_changed_is_a_conflict(place: &Place) {
    let backend = &*place.open();
    let beside = |unchanged: &[(&str, u64)], change| {
        let unchanged =
            unchanged.iter().map(|(identifier, version)| (object(identifier), *version)).collect();
        backend.commit(Commit { changes: vec![change], unchanged, ..Commit::default() })
    };
    commit(backend, [put("a", None, "1"), put("b", None, "1")]).unwrap();
    let [a, b] = ["a", "b"].map(|identifier| version(backend, identifier).unwrap());
    beside(&[("a", a), ("b", b)], put("c", None, "1")).unwrap();
    assert_eq!([version(backend, "a"), version(backend, "b")], [Some(a), Some(b)]);
    commit(backend, [put("b", Some(b), "2")]).unwrap();
    for unchanged in [&[("a", a), ("b", b)][..], &[("b", b), ("a", a)], &[("none", a)]] {
        assert!(matches!(beside(unchanged, put("d", None, "1")), Err(StoreError::Conflict)));
        assert_eq!(text(backend, "d"), None);
    }
    beside(&[("a", a)], put("d", None, "1")).unwrap();
}

fn all_is_done_or_nothing(place: &Place) {
    let backend = &*place.open();
    commit(backend, [named(put("a", None, "1"), &[], &["x"])]).unwrap();
    let refused = [
        vec![put("b", None, "2"), put("a", None, "2")],
        vec![with_terms(put("b", None, "2"), &[], &["t"]), named(put("c", None, "2"), &[], &["x"])],
    ];
    for changes in refused {
        assert!(matches!(commit(backend, changes), Err(StoreError::Conflict)));
        assert_eq!((text(backend, "b"), text(backend, "c")), (None, None));
        assert!(identifiers(backend, "t").is_empty());
        assert_eq!(text(backend, "a").as_deref(), Some("1"));
    }
}

fn a_name_is_one_records_at_a_time(place: &Place) {
    let backend = &*place.open();
    commit(backend, [named(put("a", None, ""), &[], &["x", "y"])]).unwrap();
    assert_eq!((holder(backend, "x").as_deref(), holder(backend, "z")), (Some("a"), None));
    let taken = commit(backend, [named(put("b", None, ""), &[], &["y"])]);
    assert!(matches!(taken, Err(StoreError::Conflict)));
    let twice = [named(put("b", None, ""), &[], &["z"]), named(put("c", None, ""), &[], &["z"])];
    assert!(matches!(commit(backend, twice), Err(StoreError::Conflict)));
    commit(backend, [named(put("a", version(backend, "a"), ""), &["y"], &[])]).unwrap();
    commit(backend, [named(put("b", None, ""), &[], &["y"])]).unwrap();
    assert_eq!((holder(backend, "x").as_deref(), holder(backend, "y").as_deref()), (Some("a"), Some("b")));
    commit(backend, [named(remove("a", version(backend, "a")), &["x"], &[])]).unwrap();
    assert_eq!(holder(backend, "x"), None);
}

fn names_change_places(place: &Place) {
    let backend = &*place.open();
    commit(backend, [named(put("a", None, ""), &[], &["x"]), named(put("b", None, ""), &[], &["y"])])
        .unwrap();
    let (a, b) = (version(backend, "a"), version(backend, "b"));
    commit(backend, [named(put("a", a, ""), &["x"], &["y"]), named(put("b", b, ""), &["y"], &["x"])])
        .unwrap();
    assert_eq!((holder(backend, "x").as_deref(), holder(backend, "y").as_deref()), (Some("b"), Some("a")));
}

/// It is given up by who has it; that another gives it up too says nothing.
fn a_name_is_given_up_by_who_has_it(place: &Place) {
    let backend = &*place.open();
    commit(backend, [named(put("a", None, ""), &[], &["x"]), put("b", None, "")]).unwrap();
    let (a, b) = (version(backend, "a"), version(backend, "b"));
    let by_another = [named(put("b", b, ""), &["x"], &[]), named(put("c", None, ""), &[], &["x"])];
    assert!(matches!(commit(backend, by_another), Err(StoreError::Conflict)));
    let by_both = [
        named(put("a", a, ""), &["x"], &[]),
        named(put("b", b, ""), &["x"], &[]),
        named(put("c", None, ""), &[], &["x"]),
    ];
    commit(backend, by_both).unwrap();
    assert_eq!(holder(backend, "x").as_deref(), Some("c"));
}

fn lists_the_newest_first_a_page_at_a_time(place: &Place) {
    let backend = &*place.open();
    for number in 0..7 {
        let term = if number % 2 == 0 { "even" } else { "odd" };
        commit(backend, [with_terms(put(&format!("k{number}"), None, "x"), &[], &["all", term])]).unwrap();
    }
    // One that has changed stays in its place.
    commit(backend, [put("k2", version(backend, "k2"), "changed")]).unwrap();
    let mut before = None;
    let mut found = Vec::new();
    loop {
        let page = list(backend, "all", before, 3);
        found.extend(page.iter().map(|(identifier, _)| identifier.clone()));
        let Some((_, number)) = page.last() else { break };
        before = Some(*number);
    }
    assert_eq!(found, ["k6", "k5", "k4", "k3", "k2", "k1", "k0"]);
    assert_eq!(identifiers(backend, "odd"), ["k5", "k3", "k1"]);
    assert!(identifiers(backend, "eve").is_empty() && identifiers(backend, "event").is_empty());
    assert!(list(backend, "all", None, 0).is_empty());
}

fn terms_come_and_go(place: &Place) {
    let backend = &*place.open();
    commit(backend, [with_terms(put("a", None, ""), &[], &["x", "y"]), put("b", None, "")]).unwrap();
    commit(backend, [with_terms(put("a", version(backend, "a"), ""), &["x"], &["z"])]).unwrap();
    assert!(identifiers(backend, "x").is_empty());
    assert_eq!(
        (identifiers(backend, "y"), identifiers(backend, "z")),
        (vec!["a".to_owned()], vec!["a".to_owned()])
    );
    commit(backend, [with_terms(remove("a", version(backend, "a")), &["y", "z"], &[])]).unwrap();
    assert!(identifiers(backend, "y").is_empty() && identifiers(backend, "z").is_empty());
}

fn kinds_are_apart(place: &Place) {
    let backend = &*place.open();
    let change = |kind| {
        let change = with_terms(named(due_at(put("a", None, "1"), 5), &[], &["x"]), &[], &["t"]);
        Change { key: Key::new(kind, "a"), ..change }
    };
    commit(backend, [change(OBJECT), change(Kind::TICKET)]).unwrap();
    assert_eq!(backend.find(Kind::TICKET, b"x").unwrap(), Some(Key::new(Kind::TICKET, "a")));
    assert_eq!(backend.list(Kind::TICKET, &[b"t".to_vec()], None, 9).unwrap().len(), 1);
    assert_eq!(backend.due(Kind::TICKET, 9, 9).unwrap(), [(5, Key::new(Kind::TICKET, "a"))]);
    assert_eq!(backend.totals(Kind::TICKET).unwrap().records, 1);
    assert_eq!(backend.get(&Key::new(Kind::USED, "a")).unwrap().map(|record| record.number), None);
}

fn what_is_due_comes_in_its_order(place: &Place) {
    let backend = &*place.open();
    for (identifier, time) in [("a", 30), ("b", -10), ("c", 20), ("d", i64::MIN), ("e", i64::MAX), ("f", 20)]
    {
        commit(backend, [due_at(put(identifier, None, ""), time)]).unwrap();
    }
    commit(backend, [put("g", None, "")]).unwrap();
    let due = |until, limit| -> Vec<String> {
        let due = backend.due(OBJECT, until, limit).unwrap();
        due.into_iter().map(|(_, key)| String::from_utf8(key.identifier).unwrap()).collect()
    };
    assert_eq!(due(29, 9), ["d", "b", "c", "f"]);
    assert_eq!(due(29, 2), ["d", "b"]);
    assert_eq!(due(i64::MAX, 9), ["d", "b", "c", "f", "a", "e"]);
    commit(backend, [due_at(put("d", version(backend, "d"), ""), 21)]).unwrap();
    commit(backend, [put("b", version(backend, "b"), ""), remove("c", version(backend, "c"))]).unwrap();
    assert_eq!(due(29, 9), ["f", "d"]);
}

fn refuses_more_than_there_may_be(place: &Place) {
    let backend = &*place.open();
    let bounded = |changes: Vec<Change>, records, bytes| {
        let bounds = vec![Bound { kind: OBJECT, records, bytes }];
        backend.commit(Commit { changes, bounds, ..Commit::default() })
    };
    bounded(vec![put("a", None, "1234"), put("b", None, "1234")], 2, 8).unwrap();
    let records = bounded(vec![put("c", None, "")], 2, 99);
    assert!(matches!(records, Err(StoreError::Full(Full::Records(OBJECT)))));
    let (a, b) = (version(backend, "a"), version(backend, "b"));
    let bytes = bounded(vec![put("a", a, "12345")], 9, 8);
    assert!(matches!(bytes, Err(StoreError::Full(Full::Bytes(OBJECT)))));
    // What makes nothing more is done, however much there is.
    bounded(vec![put("a", a, "4321")], 0, 0).unwrap();
    bounded(vec![put("b", b, "1")], 0, 0).unwrap();
    let a = version(backend, "a");
    bounded(vec![remove("a", a), put("c", None, "123")], 2, 4).unwrap();
    assert_eq!(backend.totals(OBJECT).unwrap(), Totals { records: 2, bytes: 4 });
}

fn shows_all_as_it_was(place: &Place) {
    let backend = &*place.open();
    for number in 0..50 {
        let key = Key::new(if number % 3 == 0 { Kind::TICKET } else { OBJECT }, format!("k{number}"));
        commit(backend, [Change { key, ..put("", None, "old") }]).unwrap();
    }
    let mut seen = Vec::new();
    let scanned = backend.scan(&[OBJECT, Kind::TICKET], &mut |record| {
        if seen.is_empty() {
            // What changes meanwhile is not seen.
            commit(backend, [put("new", None, "new"), put("k1", version(backend, "k1"), "new")])?;
        }
        assert_eq!(record.body.bytes(), b"old");
        seen.push(String::from_utf8(record.key.identifier).unwrap());
        Ok(())
    });
    scanned.unwrap();
    assert_eq!(seen, (0..50).map(|number| format!("k{number}")).collect::<Vec<_>>());
    let ended = backend.scan(&[OBJECT], &mut |_| Err(StoreError::NotEmpty));
    assert!(matches!(ended, Err(StoreError::NotEmpty)));
}

fn forgets_a_kind(place: &Place) {
    let backend = &*place.open();
    let full = |kind| {
        let change = with_terms(named(due_at(put("a", None, "1"), 5), &[], &["x"]), &[], &["t"]);
        Change { key: Key::new(kind, "a"), ..change }
    };
    commit(backend, [full(OBJECT), full(Kind::TICKET)]).unwrap();
    backend.clear(OBJECT, Clear::Terms).unwrap();
    assert!(identifiers(backend, "t").is_empty());
    assert_eq!(holder(backend, "x").as_deref(), Some("a"));
    backend.clear(OBJECT, Clear::Records).unwrap();
    assert_eq!((text(backend, "a"), holder(backend, "x")), (None, None));
    assert!(backend.due(OBJECT, 9, 9).unwrap().is_empty());
    assert_eq!(backend.totals(OBJECT).unwrap(), Totals::default());
    assert_eq!(backend.list(Kind::TICKET, &[b"t".to_vec()], None, 9).unwrap().len(), 1);
    commit(backend, [full(OBJECT)]).unwrap();
    assert_eq!(identifiers(backend, "t"), ["a"]);
}

/// Each thread counts up one number that all of them share, and takes names that only one of them may have.
fn nothing_is_lost_among_threads(place: &Place) {
    let backend = &*place.open();
    commit(backend, [put("counter", None, "0")]).unwrap();
    let names = AtomicU64::new(0);
    thread::scope(|scope| {
        for thread in 0..4 {
            let names = &names;
            scope.spawn(move || {
                for turn in 0..25 {
                    while let Err(error) = count_up(backend) {
                        assert!(matches!(error, StoreError::Conflict), "{error}");
                    }
                    let own = put(&format!("{thread}-{turn}"), None, "");
                    match commit(backend, [named(own, &[], &[&format!("name {turn}")])]) {
                        Ok(()) => drop(names.fetch_add(1, Ordering::SeqCst)),
                        Err(error) => assert!(matches!(error, StoreError::Conflict), "{error}"),
                    }
                }
            });
        }
    });
    assert_eq!(text(backend, "counter").as_deref(), Some("100"));
    assert_eq!(names.load(Ordering::SeqCst), 25);
    assert_eq!(backend.totals(OBJECT).unwrap().records, 26);
}

fn count_up(backend: &dyn Backend) -> Result<(), StoreError> {
    let record = backend.get(&object("counter"))?.unwrap();
    let count: u64 = std::str::from_utf8(record.body.bytes()).unwrap().parse().unwrap();
    commit(backend, [put("counter", Some(record.version), &(count + 1).to_string())])
}

fn what_was_committed_outlives_the_process(place: &Place) {
    if !place.lasts() {
        return;
    }
    let backend = place.open();
    let change = with_terms(named(due_at(put("a", None, "1"), 5), &[], &["x"]), &[], &["t"]);
    commit(&*backend, [change]).unwrap();
    let number = backend.get(&object("a")).unwrap().unwrap().number;
    drop(backend);
    let backend = &*place.open();
    assert_eq!((text(backend, "a").as_deref(), holder(backend, "x").as_deref()), (Some("1"), Some("a")));
    assert_eq!(list(backend, "t", None, 9), [("a".to_owned(), number)]);
    assert_eq!(backend.due(OBJECT, 5, 9).unwrap(), [(5, object("a"))]);
    assert_eq!(backend.totals(OBJECT).unwrap(), Totals { records: 1, bytes: 1 });
    commit(backend, [put("b", None, "")]).unwrap();
    assert!(backend.get(&object("b")).unwrap().unwrap().number > number);
}

/// What one of two that have it open has committed, the other sees.
fn two_have_it_open(place: &Place) {
    if !place.is_shared() {
        return;
    }
    let (one, other): (Arc<dyn Backend>, Arc<dyn Backend>) = (place.open().into(), place.open().into());
    commit(&*one, [named(put("a", None, "1"), &[], &["x"])]).unwrap();
    assert_eq!(text(&*other, "a").as_deref(), Some("1"));
    let version = version(&*one, "a");
    commit(&*other, [put("a", version, "2")]).unwrap();
    assert!(matches!(commit(&*one, [put("a", version, "3")]), Err(StoreError::Conflict)));
    assert!(matches!(commit(&*one, [named(put("b", None, ""), &[], &["x"])]), Err(StoreError::Conflict)));
}
