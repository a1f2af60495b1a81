use std::sync::Arc;

use super::*;
use crate::server::store::{Body, Difference, Value};

const KINDS: [Kind; 2] = [Kind::OBJECT, Kind::TICKET];

/// A change of the record with a number in its identifier.
fn change(memory: &Memory, kind: Kind, number: u64, value: Option<&Arc<u64>>) -> Change {
    let key = Key::new(kind, number.to_be_bytes());
    let expected = memory.get(&key).unwrap().map(|record| record.version);
    let value = value.map(|value| Value { body: Body::live(Arc::clone(value) as _), size: 1, due: None });
    let (terms, names) = (Difference::default(), Difference::default());
    Change { key, expected, value, terms, names }
}

fn put(memory: &Memory, kind: Kind, number: u64, value: Option<&Arc<u64>>) {
    let changes = vec![change(memory, kind, number, value)];
    memory.commit(Commit { changes, ..Commit::default() }).unwrap();
}

fn value(record: &Record) -> u64 {
    *Arc::clone(record.body.as_live().unwrap()).downcast::<u64>().unwrap()
}

/// What a scan shows, where something is done once it has shown so many.
fn scanned(memory: &Memory, at: usize, act: impl Fn()) -> Vec<(Kind, u64)> {
    let mut shown = Vec::new();
    let scanned = memory.scan(&KINDS, &mut |record| {
        if shown.len() == at {
            act();
        }
        shown.push((record.key.kind, value(&record)));
        Ok(())
    });
    scanned.unwrap();
    shown
}

#[test]
fn a_scan_shows_what_was_there_when_it_began() {
    for at in [0, 1, SCANNED - 1, SCANNED, SCANNED + 1, 3 * SCANNED] {
        let memory = Memory::new();
        let kind = |number: u64| KINDS[usize::from(number.is_multiple_of(3))];
        let count = 4 * SCANNED as u64;
        for number in 0..count {
            put(&memory, kind(number), number, Some(&Arc::new(number)));
        }
        let expected: Vec<_> = (0..count).map(|number| (kind(number), number)).collect();
        let shown = scanned(&memory, at, || {
            for number in 0..count {
                let new = Arc::new(number + 10_000);
                match number % 5 {
                    // Changed, and changed again.
                    0 => [(); 2].iter().for_each(|()| put(&memory, kind(number), number, Some(&new))),
                    1 => put(&memory, kind(number), number, None),
                    // Forgotten, and there again.
                    2 => {
                        put(&memory, kind(number), number, None);
                        put(&memory, kind(number), number, Some(&new));
                    }
                    _ => {}
                }
                put(&memory, kind(number), number + 10_000, Some(&new));
            }
        });
        assert!(shown == expected, "{at}");
        assert!(memory.read().scans.is_empty(), "nothing is kept for what is over");
        let shown = scanned(&memory, at, || memory.clear(Kind::OBJECT, Clear::Records).unwrap());
        assert_eq!(shown.len(), 2 * expected.len() - expected.len() / 5 - usize::from(count % 5 > 1), "{at}");
        assert_eq!(memory.totals(Kind::OBJECT).unwrap(), Totals::default());
    }
}

#[test]
fn a_scan_takes_a_page_at_a_time() {
    let memory = Memory::new();
    let one = Arc::new(7);
    for number in 0..1000 {
        put(&memory, Kind::OBJECT, number, Some(&one));
    }
    let mut most = 0;
    let scanned = memory.scan(&[Kind::OBJECT], &mut |_| {
        most = most.max(Arc::strong_count(&one));
        Ok(())
    });
    scanned.unwrap();
    assert_eq!(most, 1001 + SCANNED);
    let ended = memory.scan(&[Kind::OBJECT], &mut |_| Err(StoreError::NotEmpty));
    assert!(matches!(ended, Err(StoreError::NotEmpty)));
    assert!(memory.read().scans.is_empty());
}
