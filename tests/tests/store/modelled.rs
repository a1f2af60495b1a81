//! What random commits make of every backend, compared after each of them with a model.
//!
//! A few cases; as many as `KMIP_BACKEND_CASES` says, where it is set.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;

use kmip_sdk::server::store::{
    Backend, Body, Bound, Change, Clear, Commit, Difference, Full, Key, Kind, StoreError, Totals, Value,
};
use proptest::collection::{btree_set, vec};
use proptest::prelude::*;
use proptest::test_runner::TestRunner;

use crate::places::Place;

for_every_backend!(does_as_the_model);

const KINDS: [Kind; 2] = [Kind::OBJECT, Kind::TICKET];

/// Some of them are the beginning of others, or nothing at all.
const IDENTIFIERS: [&[u8]; 5] = [b"", b"a", b"a\0", b"ab", b"\xff"];
const TERMS: [&[u8]; 5] = [b"", b"t", b"t\0", b"tt", b"\xff\xff"];
const NAMES: [&[u8]; 3] = [b"", b"n", b"nn"];
const TIMES: [i64; 5] = [i64::MIN, -1, 0, 7, i64::MAX];

/// What is done to a backend. Records, terms and names are those with these places among the above.
#[derive(Clone, Debug)]
enum Step {
    Commit(Vec<Wish>, Vec<Limit>),
    Clear(usize, Clear),
}

/// What one record is to be.
#[derive(Clone, Debug)]
struct Wish {
    kind: usize,
    identifier: usize,
    /// Whether what is expected is what there is.
    is_right: bool,
    /// Absent, if it is to be forgotten.
    value: Option<(u64, Option<i64>)>,
    /// The terms and names that it is to have then.
    terms: BTreeSet<usize>,
    names: BTreeSet<usize>,
    /// Names that it gives up, whether it has them or not.
    given_up: BTreeSet<usize>,
}

/// What the records of a kind may come to, beyond what there is.
#[derive(Clone, Debug)]
struct Limit {
    kind: usize,
    records: i64,
    bytes: i64,
}

fn wish() -> impl Strategy<Value = Wish> {
    let value = prop_oneof![
        1 => Just(None),
        4 => (0..10_u64, prop::option::of(prop::sample::select(TIMES.to_vec()))).prop_map(Some),
    ];
    let terms = btree_set(0..TERMS.len(), 0..TERMS.len());
    let names = prop_oneof![2 => Just(BTreeSet::new()), 1 => btree_set(0..NAMES.len(), 1..3)];
    let given_up = prop_oneof![9 => Just(BTreeSet::new()), 1 => btree_set(0..NAMES.len(), 1..3)];
    let is_right = prop::bool::weighted(0.95);
    (0..KINDS.len(), 0..IDENTIFIERS.len(), is_right, value, terms, names, given_up).prop_map(
        |(kind, identifier, is_right, value, terms, names, given_up)| Wish {
            kind,
            identifier,
            is_right,
            value,
            terms,
            names,
            given_up,
        },
    )
}

fn step() -> impl Strategy<Value = Step> {
    let limit = (0..KINDS.len(), -1..3_i64, -4..20_i64).prop_map(|(kind, records, bytes)| Limit {
        kind,
        records,
        bytes,
    });
    prop_oneof![
        14 => (vec(wish(), 0..4), vec(limit, 0..3)).prop_map(|(wishes, limits)| Step::Commit(wishes, limits)),
        1 => (0..KINDS.len(), prop::sample::select(vec![Clear::Records, Clear::Terms]))
            .prop_map(|(kind, what)| Step::Clear(kind, what)),
    ]
}

/// A record as it should be.
#[derive(Clone, Debug)]
struct Kept {
    /// As the backend has chosen them.
    number: u64,
    version: u64,
    size: u64,
    due: Option<i64>,
    body: Vec<u8>,
    terms: BTreeSet<usize>,
    names: BTreeSet<usize>,
}

/// The records, each by its kind and identifier.
#[derive(Clone, Debug, Default)]
struct Model {
    records: BTreeMap<(usize, usize), Kept>,
    /// The highest number so far.
    last: u64,
    commits: u64,
}

fn key(kind: usize, identifier: usize) -> Key {
    Key::new(KINDS[kind], IDENTIFIERS[identifier])
}

/// What has been taken away, and what added; and what else is taken away that may not be there.
fn difference(
    texts: &[&[u8]],
    old: &BTreeSet<usize>,
    new: &BTreeSet<usize>,
    more: &BTreeSet<usize>,
) -> Difference {
    let bytes = |places: BTreeSet<usize>| places.into_iter().map(|place| texts[place].to_vec()).collect();
    Difference { removed: bytes(&(old - new) | more), added: bytes(new - old) }
}

impl Model {
    fn totals(&self, kind: usize) -> Totals {
        let records = self.records.iter().filter(|((of, _), _)| *of == kind);
        records.fold(Totals::default(), |totals, (_, kept)| Totals {
            records: totals.records + 1,
            bytes: totals.bytes + kept.size,
        })
    }

    /// The commit that fulfils wishes, at most one for each record.
    fn commit(&self, wishes: &[Wish], limits: &[Limit]) -> Commit {
        let change = |wish: &Wish| {
            let old = self.records.get(&(wish.kind, wish.identifier));
            let version = old.map(|kept| kept.version);
            let none = BTreeSet::new();
            let (terms, names) = old.map_or((&none, &none), |kept| (&kept.terms, &kept.names));
            let (new_terms, new_names) = match wish.value {
                Some(_) => (&wish.terms, &wish.names),
                None => (&none, &none),
            };
            let given_up = &wish.given_up - new_names;
            Change {
                key: key(wish.kind, wish.identifier),
                expected: match (wish.is_right, version) {
                    (true, version) => version,
                    (false, Some(version)) => Some(version + 1).filter(|_| wish.terms.len() > 1),
                    (false, None) => Some(1),
                },
                value: wish.value.map(|(size, due)| Value {
                    body: Body::from_bytes(self.body(wish)),
                    size,
                    due,
                }),
                terms: difference(&TERMS, terms, new_terms, &none),
                names: difference(&NAMES, names, new_names, &given_up),
            }
        };
        let bound = |limit: &Limit| {
            let Totals { records, bytes } = self.totals(limit.kind);
            Bound {
                kind: KINDS[limit.kind],
                records: records.saturating_add_signed(limit.records),
                bytes: bytes.saturating_add_signed(limit.bytes),
            }
        };
        let (changes, bounds) = (wishes.iter().map(change).collect(), limits.iter().map(bound).collect());
        Commit { changes, bounds, ..Commit::default() }
    }

    fn body(&self, wish: &Wish) -> Vec<u8> {
        format!("{} {} {}", self.commits, wish.kind, wish.identifier).into_bytes()
    }

    /// What comes of the wishes, without the numbers and versions that only the backend knows; or why nothing does.
    fn after(&self, wishes: &[Wish], commit: &Commit) -> Result<Self, String> {
        let mut after = self.clone();
        for wish in wishes {
            let place = (wish.kind, wish.identifier);
            let old = after.records.get(&place).cloned();
            if !wish.is_right {
                return Err(format!("{:?}", StoreError::Conflict));
            }
            let Some((size, due)) = wish.value else {
                after.records.remove(&place);
                continue;
            };
            let (number, version) = old.map_or((0, 0), |kept| (kept.number, kept.version));
            let (body, terms, names) = (self.body(wish), wish.terms.clone(), wish.names.clone());
            after.records.insert(place, Kept { number, version, size, due, body, terms, names });
        }
        let mut taken = BTreeSet::new();
        let mut names = after
            .records
            .iter()
            .flat_map(|((kind, _), kept)| kept.names.iter().map(move |name| (kind, name)));
        if !names.all(|name| taken.insert(name)) {
            return Err(format!("{:?}", StoreError::Conflict));
        }
        for bound in &commit.bounds {
            let kind = KINDS.iter().position(|kind| *kind == bound.kind).unwrap();
            let (before, now) = (self.totals(kind), after.totals(kind));
            if now.records > before.records && now.records > bound.records {
                return Err(format!("{:?}", StoreError::Full(Full::Records(bound.kind))));
            }
            if now.bytes > before.bytes && now.bytes > bound.bytes {
                return Err(format!("{:?}", StoreError::Full(Full::Bytes(bound.kind))));
            }
        }
        after.commits += 1;
        Ok(after)
    }

    /// Takes over the numbers and versions that a commit has made, which have to be new where they are.
    fn learn(&mut self, backend: &dyn Backend, wishes: &[Wish]) -> Result<(), TestCaseError> {
        let mut last = self.last;
        for wish in wishes {
            let place = (wish.kind, wish.identifier);
            let Some(kept) = self.records.get_mut(&place) else { continue };
            let record = backend.get(&key(wish.kind, wish.identifier)).unwrap();
            let Some(record) = record else {
                return Err(TestCaseError::fail(format!("{wish:?} is not there")));
            };
            prop_assert_ne!(record.version, kept.version, "{:?}", wish);
            if kept.number == 0 {
                prop_assert!(record.number > last, "{wish:?}: {} after {last}", record.number);
                last = record.number;
                kept.number = record.number;
            }
            kept.version = record.version;
        }
        self.last = last;
        Ok(())
    }

    /// The keys of the records that are so, the newest first.
    fn newest(&self, is_so: impl Fn(usize, &Kept) -> bool) -> Vec<(u64, Key)> {
        let found = self.records.iter().filter(|((kind, _), kept)| is_so(*kind, kept));
        let mut found: Vec<_> =
            found.map(|((kind, identifier), kept)| (kept.number, key(*kind, *identifier))).collect();
        found.sort_by(|one, other| other.cmp(one));
        found
    }
}

/// That both give the same.
fn same<T: Debug + PartialEq>(what: impl Debug, found: T, expected: T) -> Result<(), TestCaseError> {
    prop_assert_eq!(found, expected, "{:?}", what);
    Ok(())
}

/// Asks a backend for all that it can be asked for.
fn compare(backend: &dyn Backend, model: &Model, turn: usize) -> Result<(), TestCaseError> {
    for (kind, of_kind) in KINDS.into_iter().enumerate() {
        for identifier in 0..IDENTIFIERS.len() {
            let found = backend.get(&key(kind, identifier)).unwrap();
            let found = found.map(|it| (it.key, it.number, it.version, it.due, it.body.bytes().to_vec()));
            let kept = model.records.get(&(kind, identifier)).cloned();
            let kept = kept.map(|it| (key(kind, identifier), it.number, it.version, it.due, it.body));
            same((of_kind, identifier), found, kept)?;
        }
        for (place, name) in NAMES.into_iter().enumerate() {
            let holder = model.newest(|of, kept| of == kind && kept.names.contains(&place)).pop();
            same(("find", of_kind, name), backend.find(of_kind, name).unwrap(), holder.map(|(_, key)| key))?;
        }
        for (place, term) in TERMS.into_iter().enumerate() {
            let with = model.newest(|of, kept| of == kind && kept.terms.contains(&place));
            same(("count", of_kind, term), backend.count(of_kind, term).unwrap(), with.len() as u64)?;
        }
        same(("totals", of_kind), backend.totals(of_kind).unwrap(), model.totals(kind))?;
        compare_lists(backend, model, kind, turn)?;
        for until in TIMES {
            let mut due: Vec<(i64, u64, Key)> = model
                .newest(|of, kept| of == kind && kept.due.is_some_and(|due| due <= until))
                .into_iter()
                .map(|(number, key)| {
                    let found = backend.get(&key).unwrap().unwrap();
                    (found.due.unwrap(), number, key)
                })
                .collect();
            due.sort();
            due.truncate(turn % 4 + 1);
            let due = due.into_iter().map(|(time, _, key)| (time, key)).collect();
            same(("due", of_kind, until), backend.due(of_kind, until, turn % 4 + 1).unwrap(), due)?;
        }
    }
    let kinds = [&KINDS[..], &KINDS[..1], &KINDS[1..], &[KINDS[1], KINDS[0]], &[]][turn % 5];
    let mut shown = Vec::new();
    let scanned = backend.scan(kinds, &mut |record| {
        shown.push((record.number, record.key));
        Ok(())
    });
    scanned.unwrap();
    let mut expected = model.newest(|of, _| kinds.contains(&KINDS[of]));
    expected.reverse();
    for after in expected.iter().map(|(number, _)| *number).chain([0, 1]) {
        let page = backend.page(kinds, after, 1 + turn % 3).unwrap();
        let page: Vec<(u64, Key)> = page.into_iter().map(|record| (record.number, record.key)).collect();
        let above = expected.iter().filter(|(number, _)| *number > after);
        same(("page", kinds, after), page, above.take(1 + turn % 3).cloned().collect())?;
    }
    same(("scan", kinds), shown, expected)
}

/// Lists by other terms each time, one of them perhaps twice, from other places and to other lengths.
fn compare_lists(
    backend: &dyn Backend,
    model: &Model,
    kind: usize,
    turn: usize,
) -> Result<(), TestCaseError> {
    for shift in 0..3 {
        let places: Vec<usize> =
            (0..=(turn + shift) % 4).map(|place| (place * (shift + 1) + turn) % TERMS.len()).collect();
        let terms: Vec<Vec<u8>> = places.iter().map(|place| TERMS[*place].to_vec()).collect();
        let all =
            model.newest(|of, kept| of == kind && places.iter().any(|place| kept.terms.contains(place)));
        let middle = all.get(all.len() / 2).map_or(1, |(number, _)| *number);
        for before in [None, Some(middle), Some(middle + 1), Some(0)] {
            let limit = if before.is_none() { usize::MAX } else { 1 + turn % 3 };
            let expected: Vec<_> = all
                .iter()
                .filter(|(number, _)| before.is_none_or(|before| *number < before))
                .take(limit)
                .cloned()
                .collect();
            let found = backend.list(KINDS[kind], &terms, before, limit).unwrap();
            let found = found.into_iter().map(|record| (record.number, record.key)).collect();
            let keys = backend.keys(KINDS[kind], &terms, before, limit).unwrap();
            same(("keys", kind, &places, before, limit), keys, expected.clone())?;
            same(("list", kind, &places, before, limit), found, expected)?;
        }
    }
    Ok(())
}

fn run(backend: &dyn Backend, steps: &[Step]) -> Result<(), TestCaseError> {
    let mut model = Model::default();
    for (turn, step) in steps.iter().enumerate() {
        match step {
            Step::Commit(wishes, limits) => {
                // At most one for each record.
                let mut seen = BTreeSet::new();
                let wishes: Vec<Wish> =
                    wishes.iter().filter(|wish| seen.insert((wish.kind, wish.identifier))).cloned().collect();
                let commit = model.commit(&wishes, limits);
                let expected = model.after(&wishes, &commit);
                let done = backend.commit(commit).map_err(|error| format!("{error:?}"));
                match (done, expected) {
                    (Ok(()), Ok(mut after)) => {
                        after.learn(backend, &wishes)?;
                        model = after;
                    }
                    (Err(refused), Err(expected)) => same(("refused", turn), refused, expected)?,
                    (done, expected) => {
                        let expected = expected.map(drop);
                        return Err(TestCaseError::fail(format!("{turn}: {done:?} and not {expected:?}")));
                    }
                }
            }
            Step::Clear(kind, what) => {
                backend.clear(KINDS[*kind], *what).unwrap();
                match what {
                    Clear::Records => model.records.retain(|(of, _), _| of != kind),
                    Clear::Terms => {
                        let of_kind = model.records.iter_mut().filter(|((of, _), _)| of == kind);
                        of_kind.for_each(|(_, kept)| kept.terms.clear());
                    }
                }
            }
        }
        compare(backend, &model, turn)?;
    }
    Ok(())
}

fn does_as_the_model(place: &Place) {
    // Each question to a file or a database takes a while.
    let usual = if place.lasts() { 6 } else { 128 };
    let cases = std::env::var("KMIP_BACKEND_CASES").map_or(usual, |cases| cases.parse().unwrap());
    let config = ProptestConfig {
        cases,
        max_shrink_iters: 256,
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    let result =
        TestRunner::new(config).run(&vec(step(), 1..24), |steps| run(&*place.again().open(), &steps));
    if let Err(error) = result {
        panic!("{error}");
    }
}
