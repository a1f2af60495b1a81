//! A disk that fails at what redb asks of it, once or for long, and a storage that panics.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::sync_channel;
use std::thread;

use kmip_sdk::server::store::{
    Backend, Body, Change, Commit, Difference, Full, Key, Kind, Redb, RedbOptions, StoreError, Value,
};
use kmip_sdk::types::attribute::{Attribute, UsageLimits};
use kmip_sdk::types::enumerations::UsageLimitsUnit;
use kmip_sdk::types::operation::{ActivateRequest, GetRequest, GetUsageAllocationRequest};

use crate::asked::{Asked, create, name};
use crate::disk::{Disk, End, Gate, Random};

const THREADS: u64 = 4;

/// Does something in some threads at once, so often in each, while one of ten syncs fails so often in a row.
fn while_syncs_fail(disk: &Disk, failing: u32, times: u64, does: impl Fn(u64, u64) + Sync) {
    let done = AtomicU64::new(0);
    let work = |thread: u64| {
        for number in 0..times {
            if done.fetch_add(1, Ordering::SeqCst) % 10 == 9 {
                disk.lock().failing_syncs = failing;
            }
            does(thread, number);
        }
    };
    thread::scope(|scope| {
        for thread in 0..THREADS {
            let work = &work;
            scope.spawn(move || work(thread));
        }
    });
}

fn limited(asked: &Asked, total: i64) -> String {
    let limits = UsageLimits {
        usage_limits_total: total,
        usage_limits_count: Some(total),
        usage_limits_unit: UsageLimitsUnit::Byte,
    };
    let key = asked.create([Attribute::UsageLimits(limits)]);
    asked.call(ActivateRequest::new(key.as_str())).unwrap();
    key
}

fn left(asked: &Asked, key: &str) -> i64 {
    asked.attributes(key).usage_limits().unwrap().usage_limits_count.unwrap()
}

#[test]
fn what_is_allocated_is_what_was_answered_where_a_sync_fails_once() {
    let disk = Disk::default();
    let asked = Asked::on(disk.store());
    let key = limited(&asked, 10_000);
    let given = AtomicU64::new(0);
    while_syncs_fail(&disk, 1, 50, |_, _| {
        let request = GetUsageAllocationRequest::new(5).with_unique_identifier(key.as_str());
        if asked.call(request).is_ok() {
            given.fetch_add(5, Ordering::SeqCst);
        }
    });
    let given = i64::try_from(given.into_inner()).unwrap();
    assert_eq!(given, 50 * 5 * i64::try_from(THREADS).unwrap(), "each was answered");
    assert_eq!(left(&asked, &key), 10_000 - given);
    // Nothing of it is on the pages alone that a sync has failed to bring to the disk.
    let disk = disk.after(disk.done(), End::PowerLost, &mut Random(1));
    drop(asked);
    assert_eq!(left(&Asked::on(disk.store()), &key), 10_000 - given);
}

#[test]
fn nobody_is_told_that_the_own_name_is_taken_where_a_sync_fails_once() {
    let disk = Disk::default();
    let asked = Asked::on(disk.store());
    while_syncs_fail(&disk, 1, 25, |thread, number| {
        asked.create([name(&format!("{thread} {number}"))]);
    });
    assert_eq!(asked.locate([]).len() as u64, THREADS * 25);
}

#[test]
fn a_disk_that_is_not_synced_for_long_is_only_read_and_then_written_again() {
    let disk = Disk::default();
    let asked = Asked::on(disk.store());
    let key = limited(&asked, 10_000);
    let allocate =
        || asked.call(GetUsageAllocationRequest::new(1).with_unique_identifier(key.as_str())).is_ok();
    assert!(allocate());
    disk.lock().failing_syncs = u32::MAX;
    let (answered, refused) = (AtomicU64::new(1), AtomicU64::new(0));
    thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                for _ in 0..20 {
                    let count = if allocate() { &answered } else { &refused };
                    count.fetch_add(1, Ordering::SeqCst);
                }
            });
        }
    });
    // None was answered with success. One commit at most was under way.
    assert_eq!((answered.into_inner(), refused.into_inner()), (1, 20 * THREADS));
    let taken = 10_000 - left(&asked, &key);
    assert!((1..=1 + i64::try_from(THREADS).unwrap()).contains(&taken), "{taken}");
    assert!(asked.call(create([])).is_err());
    disk.lock().failing_syncs = 0;
    while !allocate() {
        thread::yield_now();
    }
    assert_eq!(left(&asked, &key), 10_000 - taken - 1);
    let made = asked.create([]);
    let disk = disk.after(disk.done(), End::PowerLost, &mut Random(1));
    drop(asked);
    let asked = Asked::on(disk.store());
    assert_eq!(left(&asked, &key), 10_000 - taken - 1);
    asked.call(GetRequest::new(made.as_str())).unwrap();
}

fn object(number: u64) -> Key {
    Key::new(Kind::OBJECT, format!("{number}"))
}

fn change(number: u64, length: usize) -> Change {
    let value = Value { body: Body::from_bytes(vec![1; length]), size: length as u64, due: None };
    let (terms, names) = (Difference::default(), Difference::default());
    Change { key: object(number), expected: None, value: Some(value), terms, names }
}

fn put(backend: &Redb, number: u64, length: usize) -> Result<(), StoreError> {
    backend.commit(Commit { changes: vec![change(number, length)], ..Commit::default() })
}

fn remove(backend: &Redb, number: u64) -> Result<(), StoreError> {
    let expected = backend.get(&object(number))?.map(|record| record.version);
    let changes = vec![Change { expected, value: None, ..change(number, 0) }];
    backend.commit(Commit { changes, ..Commit::default() })
}

fn on(disk: &Disk) -> Redb {
    let disk = disk.clone();
    Redb::on(move || Ok(disk.clone())).unwrap()
}

#[test]
fn what_redb_fails_at_once_it_has_committed_is_committed() {
    let disk = Disk::default();
    let backend = on(&disk);
    (0..40).for_each(|number| put(&backend, number, 100_000).unwrap());
    // It cuts the file when it has committed.
    disk.lock().failing_cuts = 1;
    (0..40).for_each(|number| remove(&backend, number).unwrap());
    (0..5).for_each(|number| put(&backend, number, 10).unwrap());
    assert_eq!(disk.lock().failing_cuts, 0, "it was cut");
    assert_eq!(backend.totals(Kind::OBJECT).unwrap().records, 5);
}

#[test]
fn a_panic_costs_one_answer() {
    let disk = Disk::default();
    let asked = Asked::on(disk.store());
    let before = asked.create([name("before")]);
    disk.lock().panicking_writes = 1;
    assert!(asked.call(create([name("a")])).is_err());
    assert_eq!(disk.lock().panicking_writes, 0);
    assert_eq!(asked.locate([name("a")]), [""; 0]);
    asked.create([name("a")]);
    asked.call(GetRequest::new(before.as_str())).unwrap();
    assert_eq!(asked.locate([]).len(), 2);
}

/// Makes the disk full, so that the store is only read.
fn fill(disk: &Disk, backend: &Redb) {
    let room = disk.lock().content.len();
    disk.lock().capacity = Some(room);
    for number in 1_000.. {
        match put(backend, number, 400_000) {
            Ok(()) => {}
            Err(error) => {
                assert!(matches!(error, StoreError::Full(Full::Disk)), "{error}");
                break;
            }
        }
    }
    // It is tried some times before that is believed.
    for number in 2_000..2_010 {
        assert!(put(backend, number, 4_000_000).is_err());
    }
}

#[test]
fn reads_go_on_while_a_full_disk_is_asked_again() {
    let disk = Disk::default();
    let opened = disk.clone();
    // Nothing is read from memory.
    let backend = RedbOptions::default().cache_size(0).on(move || Ok(opened.clone())).unwrap();
    (0..20).for_each(|number| put(&backend, number, 1_000).unwrap());
    fill(&disk, &backend);
    let (reached, is_reached) = sync_channel(1);
    let (open, opened) = sync_channel(1);
    {
        let mut state = disk.lock();
        (state.capacity, state.gate) = (None, Some(Gate { reached, opened }));
    }
    thread::scope(|scope| {
        let writer = scope.spawn(|| {
            while put(&backend, 500, 10).is_err() {
                thread::yield_now();
            }
        });
        // redb is opening the file now, and does not go on before all is read.
        is_reached.recv().unwrap();
        let (read, is_read) = sync_channel(1);
        scope.spawn({
            let backend = &backend;
            move || {
                let there = (0..20).filter(|number| backend.get(&object(*number)).unwrap().is_some());
                read.send(there.count()).unwrap();
            }
        });
        let there = is_read.recv_timeout(std::time::Duration::from_secs(20));
        // Who writes does not wait either, and is told.
        let written = there.is_ok().then(|| put(&backend, 501, 10));
        open.send(()).unwrap();
        writer.join().unwrap();
        assert_eq!(there, Ok(20));
        assert!(matches!(written, Some(Err(StoreError::Full(Full::Disk)))), "{written:?}");
    });
    put(&backend, 502, 10).unwrap();
    drop(backend);
    let backend = on(&disk);
    for number in (0..20).chain([500, 502]) {
        assert!(backend.get(&object(number)).unwrap().is_some(), "{number}");
    }
    assert!(backend.get(&object(501)).unwrap().is_none());
}

/// It is asked for room by making it longer, in the midst of which the process may be killed.
#[test]
fn a_file_that_was_made_longer_is_opened() {
    let disk = Disk::default();
    let backend = on(&disk);
    (0..20).for_each(|number| put(&backend, number, 1_000).unwrap());
    let killed = disk.copy();
    drop(backend);
    for disk in [killed, disk] {
        disk.lock().content.extend([1; 64 * 4096]);
        let backend = on(&disk);
        put(&backend, 20, 500_000).unwrap();
        assert_eq!(backend.totals(Kind::OBJECT).unwrap().records, 21);
        drop(backend);
        assert!((0..21).all(|number| on(&disk).get(&object(number)).unwrap().is_some()));
    }
}

#[test]
fn all_is_shown_though_the_file_is_opened_again_meanwhile() {
    let disk = Disk::default();
    let opened = disk.clone();
    let backend = RedbOptions::default().cache_size(0).on(move || Ok(opened.clone())).unwrap();
    (0..300).for_each(|number| put(&backend, number, 100).unwrap());
    let mut shown = Vec::new();
    let is_shown = backend.scan(&[Kind::OBJECT], &mut |record| {
        if shown.len() == 10 {
            let mut state = disk.lock();
            state.capacity = Some(state.content.len());
            drop(state);
            assert!(matches!(put(&backend, 1_000, 8_000_000), Err(StoreError::Full(Full::Disk))));
        }
        shown.push(record.key);
        Ok(())
    });
    is_shown.unwrap();
    assert_eq!(shown, (0..300).map(object).collect::<Vec<_>>());
    // What has changed since is not as it was.
    disk.lock().capacity = None;
    let mut shown = 0;
    let is_shown = backend.scan(&[Kind::OBJECT], &mut |_| {
        if shown == 10 {
            disk.lock().panicking_writes = 1;
            assert!(put(&backend, 1_000, 100).is_err());
            put(&backend, 1_001, 100)?;
        }
        shown += 1;
        Ok(())
    });
    assert!(matches!(is_shown, Err(StoreError::Unavailable(_))), "{is_shown:?}");
}
