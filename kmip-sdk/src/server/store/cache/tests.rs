use std::fmt;
use std::sync::atomic::AtomicUsize;
use std::thread;

use kmip_types::DateTime;
use kmip_types::attribute::{Attribute, Attributes, Name};
use kmip_types::enumerations::{KeyFormatType, ObjectType, State};
use kmip_types::object::{KeyBlock, KeyMaterial, ManagedObject, SymmetricKey};
use proptest::prelude::*;

use super::*;
use crate::server::attributes;
use crate::server::store::{MasterKey, Memory, Pages, Search, Store};

const NOW: DateTime = DateTime::from_seconds(0);

/// What is done once, in the midst of a call.
type Hook = Mutex<Option<Box<dyn FnOnce() + Send>>>;

/// Sealed records in memory, which several stores may have open, and what is done while they are asked for something.
#[derive(Default)]
struct Kept {
    records: Memory,
    is_shared: bool,
    gets: AtomicUsize,
    after_get: Hook,
    before_commit: Hook,
    after_commit: Hook,
}

#[derive(Clone, Default)]
struct Sealed(Arc<Kept>);

impl fmt::Debug for Sealed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sealed").finish_non_exhaustive()
    }
}

fn run(hook: &Hook) {
    let hook = hook.lock().unwrap().take();
    if let Some(hook) = hook {
        hook();
    }
}

fn set(hook: &Hook, what: impl FnOnce() + Send + 'static) {
    *hook.lock().unwrap() = Some(Box::new(what));
}

impl Backend for Sealed {
    fn form(&self) -> Form {
        Form::Sealed
    }

    fn is_shared(&self) -> bool {
        self.0.is_shared
    }

    fn get(&self, key: &Key) -> Result<Option<Record>, StoreError> {
        let found = self.0.records.get(key);
        if key.kind == Kind::OBJECT {
            self.0.gets.fetch_add(1, Ordering::SeqCst);
            run(&self.0.after_get);
        }
        found
    }

    fn find(&self, kind: Kind, name: &[u8]) -> Result<Option<Key>, StoreError> {
        self.0.records.find(kind, name)
    }

    fn list(
        &self,
        kind: Kind,
        terms: &[Vec<u8>],
        before: Option<u64>,
        limit: usize,
    ) -> Result<Vec<Record>, StoreError> {
        let found = self.0.records.list(kind, terms, before, limit);
        run(&self.0.after_get);
        found
    }

    fn due(&self, kind: Kind, until: i64, limit: usize) -> Result<Vec<(i64, Key)>, StoreError> {
        self.0.records.due(kind, until, limit)
    }

    fn totals(&self, kind: Kind) -> Result<Totals, StoreError> {
        self.0.records.totals(kind)
    }

    fn page(&self, kinds: &[Kind], after: u64, limit: usize) -> Result<Vec<Record>, StoreError> {
        self.0.records.page(kinds, after, limit)
    }

    fn scan(
        &self,
        kinds: &[Kind],
        visit: &mut dyn FnMut(Record) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        self.0.records.scan(kinds, visit)
    }

    fn commit(&self, commit: Commit) -> Result<(), StoreError> {
        run(&self.0.before_commit);
        let result = self.0.records.commit(commit);
        run(&self.0.after_commit);
        result
    }

    fn clear(&self, kind: Kind, what: Clear) -> Result<(), StoreError> {
        run(&self.0.before_commit);
        let result = self.0.records.clear(kind, what);
        run(&self.0.after_commit);
        result
    }
}

fn master_key() -> MasterKey {
    MasterKey::new([7; 32])
}

fn open(sealed: &Sealed) -> Store {
    Store::sealed(Box::new(sealed.clone()), master_key()).unwrap()
}

fn shared() -> Sealed {
    Sealed(Arc::new(Kept { is_shared: true, ..Kept::default() }))
}

fn gets(sealed: &Sealed) -> usize {
    sealed.0.gets.swap(0, Ordering::SeqCst)
}

/// An object whose Deactivation Date tells one version from another.
fn object(identifier: &str, seconds: i64) -> StoredObject {
    let key_block = KeyBlock::plain(
        KeyFormatType::Raw,
        KeyMaterial::bytes(vec![1; 16]),
        kmip_types::enumerations::CryptographicAlgorithm::Aes,
        128,
    );
    let mut object = StoredObject {
        identifier: identifier.to_owned(),
        object_type: ObjectType::SymmetricKey,
        object: Some(Arc::new(ManagedObject::SymmetricKey(SymmetricKey { key_block }))),
        attributes: Attributes::new(),
        archived: false,
        owner: None,
        polynomial: None,
    };
    attributes::add(&mut object.attributes, Attribute::Name(Name::text(identifier)));
    attributes::set(&mut object.attributes, Attribute::State(State::Active));
    attributes::set(&mut object.attributes, date(seconds));
    object
}

fn date(seconds: i64) -> Attribute {
    Attribute::DeactivationDate(DateTime::from_seconds(1_000_000 + seconds))
}

fn seconds(object: &StoredObject) -> i64 {
    object.attributes.deactivation_date().unwrap().seconds() - 1_000_000
}

fn write(store: &Store, identifier: &str, seconds: i64) {
    let mut transaction = store.begin(NOW, &[]);
    match transaction.get(identifier) {
        Ok(_) => transaction
            .change(identifier, |object| {
                attributes::set(&mut object.attributes, date(seconds));
                Ok(())
            })
            .unwrap(),
        Err(_) => transaction.insert(object(identifier, seconds)).unwrap(),
    }
    transaction.commit().unwrap();
}

fn read(store: &Store, identifier: &str) -> Option<i64> {
    store.read::<StoredObject>(identifier.as_bytes()).unwrap().map(|found| seconds(&found.value))
}

/// What Locate by a name would look at.
fn listed(store: &Store, name: &str) -> Vec<i64> {
    let mut transaction = store.begin(NOW, &[]);
    let wanted: Attributes = [Attribute::Name(Name::text(name))].into_iter().collect();
    let mut pages = Pages::new(Search::for_all(&wanted), &mut transaction, false).unwrap();
    std::iter::from_fn(|| pages.next_object(&transaction).unwrap().map(|object| seconds(&object))).collect()
}

#[test]
fn what_was_read_is_not_asked_for_again() {
    let sealed = Sealed::default();
    let store = open(&sealed);
    write(&store, "a", 1);
    gets(&sealed);
    assert_eq!([(); 3].map(|()| read(&store, "a")), [Some(1); 3]);
    assert_eq!((gets(&sealed), read(&store, "b")), (1, None));
    let first = store.at_hand("a").unwrap();
    assert_eq!(listed(&store, "a"), [1]);
    assert!(Arc::ptr_eq(&first, &store.at_hand("a").unwrap()));
    write(&store, "a", 2);
    assert!(store.at_hand("a").is_none(), "what was changed is let go of");
    assert_eq!(listed(&store, "a"), [2]);
    gets(&sealed);
    assert_eq!((read(&store, "a"), gets(&sealed)), (Some(2), 0), "what was found is kept too");
}

#[test]
fn keeps_nothing_where_nothing_is_to_be_kept() {
    let sealed = Sealed::default();
    let store = open(&sealed).cache(0);
    write(&store, "a", 1);
    gets(&sealed);
    assert_eq!([(); 3].map(|()| read(&store, "a")), [Some(1); 3]);
    assert_eq!((gets(&sealed), store.inner.backend.objects.kept.len()), (3, 0));
}

#[test]
fn keeps_no_more_than_there_is_room_for() {
    let sealed = Sealed::default();
    let store = open(&sealed).cache(64 << 10);
    for number in 0..200 {
        write(&store, &number.to_string(), number);
        assert_eq!(read(&store, &number.to_string()), Some(number));
    }
    let kept = &store.inner.backend.objects.kept;
    assert!((1..=64 << 10).contains(&kept.weight()) && kept.len() > 10, "{kept:?} of {}", kept.len());
    let store = store.cache(0);
    assert_eq!((store.inner.backend.objects.kept.len(), read(&store, "1")), (0, Some(1)));
}

#[test]
fn who_was_overtaken_by_a_commit_keeps_nothing() {
    for find in [|store: &Store| read(store, "a").unwrap(), |store: &Store| listed(store, "a")[0]] {
        let sealed = Sealed::default();
        let store = open(&sealed);
        write(&store, "a", 1);
        let other = store.clone();
        // It has the first version in its hands when the second is committed.
        set(&sealed.0.after_get, move || write(&other, "a", 2));
        assert_eq!(find(&store), 1);
        assert!(store.at_hand("a").is_none());
        assert_eq!(read(&store, "a"), Some(2));
    }
}

#[test]
fn nothing_is_kept_of_what_is_being_committed() {
    let sealed = Sealed::default();
    let store = open(&sealed);
    write(&store, "a", 1);
    assert_eq!(read(&store, "a"), Some(1));
    let (before, after) = (store.clone(), store.clone());
    set(&sealed.0.before_commit, move || assert_eq!(read(&before, "a"), Some(1)));
    set(&sealed.0.after_commit, move || assert_eq!(read(&after, "a"), Some(2)));
    write(&store, "a", 2);
    assert!(sealed.0.after_commit.lock().unwrap().is_none());
    assert_eq!(read(&store, "a"), Some(2));
}

#[test]
fn what_is_cleared_is_gone() {
    let sealed = Sealed::default();
    let store = open(&sealed);
    write(&store, "a", 1);
    assert_eq!(read(&store, "a"), Some(1));
    let before = store.clone();
    // Every kind is cleared by itself.
    set(&sealed.0.before_commit, move || assert_eq!(read(&before, "a"), Some(1)));
    store.clear().unwrap();
    assert_eq!(read(&store, "a"), None);
}

#[test]
fn what_is_taken_back_or_refused_is_not_seen() {
    let sealed = Sealed::default();
    let store = open(&sealed);
    write(&store, "a", 1);
    assert_eq!(read(&store, "a"), Some(1));
    let change = |object: &mut StoredObject| {
        attributes::set(&mut object.attributes, date(5));
        Ok(())
    };
    let mut transaction = store.begin(NOW, &[]);
    transaction.change("a", change).unwrap();
    assert_eq!(seconds(&transaction.get("a").unwrap()), 5);
    transaction.roll_back();
    assert_eq!(read(&store, "a"), Some(1));
    transaction.change("a", change).unwrap();
    write(&store, "a", 2);
    assert!(matches!(transaction.commit(), Err(StoreError::Conflict)));
    assert_eq!(read(&store, "a"), Some(2));
}

#[test]
fn what_others_change_is_seen() {
    let sealed = shared();
    let (one, other) = (open(&sealed), open(&sealed));
    write(&one, "a", 1);
    assert_eq!((read(&one, "a"), read(&one, "a"), read(&other, "a")), (Some(1), Some(1), Some(1)));
    gets(&sealed);
    let object = |store: &Store| store.read::<StoredObject>(b"a").unwrap().unwrap().value;
    assert!(Arc::ptr_eq(&object(&one), &object(&one)), "what is the same is not decoded again");
    assert_eq!((gets(&sealed), one.at_hand("a").is_none()), (2, true), "who it is shared with is asked");
    write(&other, "a", 2);
    assert_eq!((read(&one, "a"), listed(&one, "a")), (Some(2), vec![2]));
    other.clear().unwrap();
    assert_eq!(read(&one, "a"), None);
}

#[test]
fn a_database_that_went_back_is_believed() {
    let sealed = shared();
    let store = open(&sealed);
    write(&store, "a", 1);
    let before = sealed.0.records.get(&Key::new(Kind::OBJECT, "a")).unwrap().unwrap();
    write(&store, "a", 2);
    assert_eq!(read(&store, "a"), Some(2));
    // What was there comes back under the version of what came after.
    let decoded = store.inner.backend.objects.kept.get(b"a".as_slice()).unwrap();
    let record = Record { version: decoded.version, ..before };
    assert!(store.inner.backend.decoded(&record).is_none());
    let found = store.found_since::<StoredObject>(&record, store.inner.backend.moment()).unwrap();
    assert_eq!(seconds(&found.value), 1);
}

#[test]
fn another_master_key_has_the_same_objects() {
    let sealed = Sealed::default();
    let store = open(&sealed);
    (0..9).for_each(|number| write(&store, &number.to_string(), number));
    (0..9).for_each(|number| assert_eq!(read(&store, &number.to_string()), Some(number)));
    let new = || MasterKey::new([8; 32]);
    assert_eq!(store.rotate(new()).unwrap(), 9);
    for number in 0..9 {
        assert_eq!(read(&store, &number.to_string()), Some(number));
        write(&store, &number.to_string(), number + 10);
        assert_eq!(read(&store, &number.to_string()), Some(number + 10));
    }
    drop(store);
    let store = Store::sealed(Box::new(sealed.clone()), new()).unwrap();
    (0..9).for_each(|number| assert_eq!(read(&store, &number.to_string()), Some(number + 10)));
}

/// Something that is done to one of few objects.
#[derive(Clone, Copy, Debug)]
enum Step {
    Write(u8),
    Read(u8),
    Find(u8),
    TakeBack(u8),
    Clear,
    Bytes(u64),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (0..6_u8).prop_map(Step::Write),
        6 => (0..6_u8).prop_map(Step::Read),
        2 => (0..6_u8).prop_map(Step::Find),
        2 => (0..6_u8).prop_map(Step::TakeBack),
        1 => Just(Step::Clear),
        1 => (0..20_000_u64).prop_map(Step::Bytes),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever is done, a store with a cache says what one without says.
    #[test]
    fn says_what_a_store_without_it_says(steps in prop::collection::vec(step(), 1..60), is_shared: bool) {
        let sealed = Sealed(Arc::new(Kept { is_shared, ..Kept::default() }));
        let (store, plain) = (open(&sealed).cache(8_000), Store::memory());
        for (number, step) in (0..).zip(steps) {
            match step {
                Step::Write(one) => [&store, &plain].map(|store| write(store, &one.to_string(), number)),
                Step::Clear => [&store, &plain].map(|store| store.clear().unwrap()),
                Step::Bytes(bytes) => [&store, &plain].map(|store| drop(store.clone().cache(bytes))),
                Step::TakeBack(one) => [&store, &plain].map(|store| {
                    let mut transaction = store.begin(NOW, &[]);
                    let change = |object: &mut StoredObject| {
                        attributes::set(&mut object.attributes, date(-1));
                        Ok(())
                    };
                    let _ = transaction.change(&one.to_string(), change);
                    transaction.roll_back();
                }),
                Step::Read(one) => {
                    prop_assert_eq!(read(&store, &one.to_string()), read(&plain, &one.to_string()));
                    continue;
                }
                Step::Find(one) => {
                    prop_assert_eq!(listed(&store, &one.to_string()), listed(&plain, &one.to_string()));
                    continue;
                }
            };
        }
    }
}

/// Nobody sees less than what was committed before they asked, and nobody goes back.
#[test]
fn nobody_sees_what_was_before_among_threads() {
    const OBJECTS: usize = 4;
    const CHANGES: i64 = 400;
    for is_shared in [false, true] {
        let sealed = Sealed(Arc::new(Kept { is_shared, ..Kept::default() }));
        let stores = [open(&sealed).cache(10_000), if is_shared { open(&sealed) } else { Store::memory() }];
        // What nobody else may change, one store has open.
        let stores = if is_shared { stores.to_vec() } else { vec![stores[0].clone(); 2] };
        (0..OBJECTS).for_each(|number| write(&stores[0], &number.to_string(), 0));
        let committed: Vec<_> = (0..OBJECTS).map(|_| std::sync::atomic::AtomicI64::new(0)).collect();
        thread::scope(|scope| {
            for number in 0..OBJECTS {
                let (store, committed) = (&stores[number % 2], &committed[number]);
                scope.spawn(move || {
                    for change in 1..=CHANGES {
                        write(store, &number.to_string(), change);
                        committed.store(change, Ordering::SeqCst);
                    }
                });
            }
            for reader in 0..4 {
                let (store, committed) = (&stores[reader % 2], &committed);
                scope.spawn(move || {
                    let mut seen = [0; OBJECTS];
                    while seen.iter().any(|seen| *seen < CHANGES) {
                        for (number, seen) in seen.iter_mut().enumerate() {
                            let least = committed[number].load(Ordering::SeqCst).max(*seen);
                            let text = number.to_string();
                            let now = if reader < 2 {
                                read(store, &text).unwrap()
                            } else {
                                listed(store, &text)[0]
                            };
                            assert!(now >= least, "{now} after {least}");
                            *seen = now;
                        }
                    }
                });
            }
        });
    }
}
