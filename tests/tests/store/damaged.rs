//! A store's file in which something was changed while nobody had it open: it is an error, or what is given is what was kept.
//!
//! Forty files; as many as `KMIP_DAMAGES` says, where it is set.

use std::sync::mpsc::sync_channel;
use std::thread;
use std::time::Duration;

use kmip_sdk::server::store::{RedbOptions, Store, StoreError};
use kmip_sdk::types::enumerations::ResultReason;
use kmip_sdk::types::object::ManagedObject;
use kmip_sdk::types::operation::GetRequest;

use crate::asked::{Asked, create, name};
use crate::disk::{Disk, Random};
use crate::places::key;

const OBJECTS: usize = 250;

/// A thread in which redb goes round and round is not waited for.
const AT_MOST: Duration = Duration::from_secs(300);

/// What was kept: an object, under which name.
struct Kept {
    identifier: String,
    name: String,
    object: ManagedObject,
}

fn filled() -> (Vec<u8>, Vec<Kept>) {
    let disk = Disk::default();
    let asked = Asked::on(disk.store());
    let kept = (0..OBJECTS).map(|number| {
        let text = format!("key {number}");
        let identifier = asked.create([name(&text)]);
        let object = asked.call(GetRequest::new(identifier.as_str())).unwrap().object;
        Kept { identifier, name: text, object }
    });
    let kept = kept.collect();
    drop(asked);
    let content = disk.lock().content.clone();
    (content, kept)
}

/// Changes something, which is said.
fn damage(content: &mut Vec<u8>, random: &mut Random) -> String {
    const PAGE: usize = 4096;
    let pages = content.len() / PAGE;
    // Most of a file that has just grown is empty.
    let mut used = || loop {
        let page = random.below(pages) * PAGE;
        if content[page..page + PAGE].iter().any(|byte| *byte != 0) {
            return page;
        }
    };
    let page = used();
    match random.below(6) {
        0 => {
            // Of nothing at all a new store is made.
            content.truncate((page + random.below(2) * 77).max(1));
            format!("cut after {} bytes", content.len())
        }
        1 => {
            content[page..page + PAGE].fill(0);
            format!("zeros from {page}")
        }
        2 => {
            (page..page + PAGE).for_each(|place| content[place] = u8::try_from(random.below(256)).unwrap());
            format!("anything from {page}")
        }
        3 => {
            let place = random.below(512);
            content[place] ^= 1 << random.below(8);
            format!("a bit at {place}")
        }
        _ => {
            // The beginning of a page says what is in it.
            let within = [64, PAGE][random.below(2)];
            let places: Vec<usize> = (0..=random.below(4)).map(|_| page + random.below(within)).collect();
            places.iter().for_each(|place| content[*place] ^= 1 << random.below(8));
            format!("bits at {places:?}")
        }
    }
}

/// What became of reading and writing all.
#[derive(Debug, Default)]
struct Outcome {
    /// Why it was not opened.
    refused: Option<StoreError>,
    right: usize,
    failed: usize,
    /// What is said not to be there.
    missing: usize,
}

/// Opens what is on the disk, reads all and writes something.
fn look(disk: Disk, options: RedbOptions, kept: &[Kept]) -> Outcome {
    let mut outcome = Outcome::default();
    let opened = options.on(move || Ok(disk.clone())).and_then(|redb| Store::sealed(Box::new(redb), key()));
    let asked = match opened {
        Ok(store) => Asked::on(store.cache(0)),
        Err(error) => {
            outcome.refused = Some(error);
            return outcome;
        }
    };
    for kept in kept {
        match asked.call(GetRequest::new(kept.identifier.as_str())) {
            Ok(got) => {
                assert!(got.object == kept.object, "{} is another", kept.identifier);
                outcome.right += 1;
            }
            Err(ResultReason::ObjectNotFound) => outcome.missing += 1,
            Err(_) => outcome.failed += 1,
        }
        let wanted = kmip_sdk::types::operation::LocateRequest::new([name(&kept.name)].into_iter().collect());
        match asked.call(wanted).map(|found| crate::asked::identifiers(&found)) {
            Ok(found) if found == [kept.identifier.as_str()] => outcome.right += 1,
            Ok(found) => {
                assert!(found.is_empty(), "{} was looked for, and {found:?} found", kept.name);
                outcome.missing += 1;
            }
            Err(_) => outcome.failed += 1,
        }
    }
    for number in 0..5 {
        let made = asked.call(create([name(&format!("another {number}"))]));
        if let Ok(made) = made {
            let got = asked.call(GetRequest::new(made.unique_identifier));
            outcome.failed += usize::from(got.is_err());
        }
    }
    outcome
}

/// Looks at damaged files, of which each may be checked as it is opened. Gives what became of them.
fn look_at_all(is_checked: bool) -> String {
    let files: u64 = std::env::var("KMIP_DAMAGES").map_or(40, |files| files.parse().unwrap());
    let (content, kept) = filled();
    let kept = std::sync::Arc::new(kept);
    let (mut refused, mut failed, mut missing) = (0, 0, 0);
    for seed in 0..files {
        let mut damaged = content.clone();
        let what = format!("{seed}: {}", damage(&mut damaged, &mut Random(seed * 7_919 + 1)));
        let (looked, is_looked) = sync_channel(1);
        let looking = thread::spawn({
            let (disk, kept) = (Disk::of(damaged), std::sync::Arc::clone(&kept));
            let options = RedbOptions::default().check_integrity(is_checked);
            move || looked.send(look(disk, options, &kept)).unwrap()
        });
        let outcome = is_looked.recv_timeout(AT_MOST).unwrap_or_else(|error| panic!("{what}: {error}"));
        looking.join().unwrap();
        if let Some(error) = &outcome.refused {
            assert!(matches!(error, StoreError::Corrupt(_) | StoreError::WrongMasterKey), "{what}: {error}");
        }
        // An index that was changed finds nothing, and redb alone could tell.
        assert!(!is_checked || outcome.missing == 0, "{what}: {outcome:?}");
        assert!(!is_checked || outcome.failed == 0, "{what}: {outcome:?}");
        refused += usize::from(outcome.refused.is_some());
        failed += usize::from(outcome.failed > 0);
        missing += usize::from(outcome.missing > 0);
    }
    assert!(refused > 0);
    assert!(is_checked || failed > 0);
    format!("of {files}, {refused} were refused, {failed} failed in part, {missing} lacked something")
}

#[test]
fn a_damaged_file_gives_nothing_that_was_not_kept() {
    println!("{}", look_at_all(false));
}

#[test]
fn a_damaged_file_that_is_checked_is_refused_or_gives_all() {
    println!("{}", look_at_all(true));
}
