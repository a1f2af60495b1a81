//! A server whose process is killed, or whose machine loses its power, after each of its writes to the disk: what it had
//! answered by then is there.
//!
//! Nothing is left to luck but which of the many points are looked at: the disk keeps what was done to it in its order, so that
//! it is known what was on it at any of them. Twenty rounds; as many as `KMIP_ENDS` says, where it is set.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use kmip_sdk::server::store::{Redb, StoreError};
use kmip_sdk::types::enumerations::State;
use kmip_sdk::types::operation::{ActivateRequest, DestroyRequest, GetRequest};

use crate::asked::{Asked, create, name};
use crate::crash::{Answered, missing};
use crate::disk::{Disk, End, Random};
use crate::said;

/// What was answered of a key.
struct Answer {
    /// How much had been done to the disk when all on it was synced last. What others have written since is no part of that,
    /// so that it is missed where the end comes just behind the commit.
    done: usize,
    identifier: String,
    name: String,
    state: State,
}

/// Makes and changes keys in some threads at once, until so much was answered.
fn work(asked: &Asked, disk: &Disk, round: usize, threads: usize, until: usize) -> Vec<Answer> {
    let (answers, count) = (Mutex::new(Vec::new()), AtomicUsize::new(0));
    let is_over = || count.load(Ordering::SeqCst) >= until;
    let work_in = |thread: usize| {
        for number in 0.. {
            if is_over() {
                return;
            }
            let text = format!("{round} {thread} {number}");
            let identifier = asked.create([name(&text)]);
            let note = |state| {
                let (identifier, name) = (identifier.clone(), text.clone());
                let mut answers = answers.lock().unwrap();
                answers.push(Answer { done: disk.lock().synced, identifier, name, state });
                count.fetch_add(1, Ordering::SeqCst);
            };
            note(State::PreActive);
            // Of those who take the same name at once, all but one are refused, some of them as they commit.
            let _is_taken = asked.call(create([name(&format!("{round} of all {number}"))]));
            if number % 2 == 0 {
                asked.call(ActivateRequest::new(identifier.as_str())).unwrap();
                note(State::Active);
            } else if number % 3 == 0 {
                asked.call(DestroyRequest::new(identifier.as_str())).unwrap();
                note(State::Destroyed);
            } else {
                // That it was given is written too.
                asked.call(GetRequest::new(identifier.as_str())).unwrap();
            }
        }
    };
    thread::scope(|scope| {
        for thread in 0..threads {
            scope.spawn(move || work_in(thread));
        }
    });
    answers.into_inner().unwrap()
}

/// What had been answered when so much had been done.
fn answered_by(done: usize, answers: &[Answer]) -> Answered {
    let answers = answers.iter().filter(|answer| answer.done <= done);
    answers.map(|answer| (answer.identifier.clone(), (answer.name.clone(), answer.state))).collect()
}

/// Looks for all that was answered, and how many there are: says what is wrong with it.
fn lost(disk: &Disk, answered: &Answered, all: usize) -> Option<String> {
    let store = match disk.open() {
        Ok(store) => store,
        Err(error) => return Some(format!("it cannot be opened: {error:?}")),
    };
    let there = store.objects().unwrap().records;
    if there < all as u64 {
        return Some(format!("{there} of {all} are there"));
    }
    let missing = missing(&Asked::on(store), answered);
    (!missing.is_empty()).then(|| format!("of {} are missing {missing:#?}", answered.len()))
}

fn check(disk: &Disk, answered: &Answered, all: usize, what: &str) {
    assert_eq!(lost(disk, answered, all), None, "{what}");
}

/// A store that was being made at the end, and in which nothing was answered, is made anew.
#[test]
fn a_store_whose_making_was_interrupted_can_be_used() {
    let disk = Disk::default();
    drop(disk.store());
    let mut random = Random(7);
    for done in 0..disk.done() {
        for end in [End::Killed, End::PowerLost] {
            let asked = Asked::on(disk.after(done, end, &mut random).store());
            let key = asked.create([name("key")]);
            assert_eq!(asked.locate([name("key")]), [key], "{done} {end:?}");
        }
    }
}

/// Anything else that is no store stays as it is.
#[test]
fn what_is_no_store_is_left_as_it_is() {
    for place in [0, 4096, (1 << 20) - 1] {
        let mut content = vec![0; 1 << 20];
        content[place] = 1;
        let disk = Disk::of(content.clone());
        let opened = disk.clone();
        let refused = Redb::on(move || Ok(opened.clone()));
        assert!(matches!(refused, Err(StoreError::Corrupt(_))), "{refused:?}");
        assert!(disk.lock().content == content, "{place}");
    }
}

/// A disk, and what was answered while it was written to.
fn worked(threads: usize, forgets: bool) -> (Disk, Vec<Answer>) {
    let disk = Disk::default();
    drop(disk.store());
    let disk = disk.copy();
    disk.lock().forgets = forgets;
    let answers = work(&Asked::on(disk.store()), &disk, 0, threads, 40);
    (disk, answers)
}

/// What is on a disk that says that it has synced and has not is lost with the power, which is noticed.
#[test]
fn a_disk_that_does_not_sync_is_noticed() {
    let (disk, answers) = worked(4, true);
    let mut random = Random(7);
    let is_noticed = |answer: &Answer| {
        let answered = answered_by(answer.done, &answers);
        lost(&disk.after(answer.done, End::PowerLost, &mut random), &answered, answered.len()).is_some()
    };
    assert!(answers.iter().any(is_noticed));
}

/// So it is where something is answered before the last that is written of it.
#[test]
fn an_answer_that_comes_too_early_is_noticed() {
    let mut random = Random(7);
    let mut noticed = |threads| {
        let (disk, answers) = worked(threads, false);
        let synced = disk.syncs(0);
        assert!(
            answers.iter().all(|answer| synced.contains(&answer.done)),
            "{threads}: none of others' writes"
        );
        let is_noticed = |answer: &&Answer| {
            let answered = answered_by(answer.done, &answers);
            // What was done last is that it was synced.
            let early = disk.after(answer.done - 3, End::Killed, &mut random);
            lost(&early, &answered, answered.len()).is_some()
        };
        (answers.iter().filter(is_noticed).count(), answers.len())
    };
    let (of_one_thread, answers) = noticed(1);
    assert_eq!(of_one_thread, answers);
    // Where another commit is synced before it is answered, that is what was written last.
    let (of_four, answers) = noticed(4);
    assert!(of_four > 0, "none of {answers}");
}

/// That the newest commit was not whole is in the log where that is so, and nowhere else.
#[test]
fn the_log_says_where_a_commit_was_not_whole() {
    let (disk, _) = worked(1, false);
    let last = disk.done();
    let went_back = |done: &usize| {
        let (store, said) = said::during(|| disk.at(*done).store());
        drop(store);
        let went_back = said.iter().any(|line| line.contains("the one before it holds"));
        let (commits, from) = (disk.at(*done).commits(), disk.at(*done).goes_on_from().unwrap());
        assert_eq!(went_back, commits.iter().any(|commit| *commit > from), "{done}: {said:?}");
        went_back
    };
    // Some commits, and what is written between them.
    let times = (last - 50..last).filter(went_back).count();
    assert!((1..50).contains(&times), "{times}");
}

#[test]
fn what_was_answered_is_there_wherever_it_ended() {
    let rounds: usize = std::env::var("KMIP_ENDS").map_or(20, |rounds| rounds.parse().unwrap());
    let seed = std::env::var("KMIP_ENDS_SEED").map_or(1, |seed| seed.parse().unwrap());
    let (mut disk, mut random, mut all) = (Disk::default(), Random(seed), Answered::new());
    let (mut keys, mut looked, mut places) = (0, 0, 0);
    for round in 0..rounds {
        let threads = [1, 4][random.below(2)];
        let asked = Asked::on(disk.store());
        let opened_at = disk.done();
        let answers = work(&asked, &disk, round, threads, 1 + random.below(40));
        let killed_at = disk.done();
        // It is closed in the end, which is a way to end as well.
        drop(asked);
        let synced = disk.syncs(opened_at);
        let changed = [synced.clone(), disk.lengths(opened_at)].concat();
        for number in 0..20 {
            let done = match number % 2 {
                0 => changed[random.below(changed.len())],
                _ => opened_at + random.below(disk.done() + 1 - opened_at),
            };
            let Some(last) = synced.iter().rfind(|synced| **synced <= done) else { continue };
            let (synced, from) = (disk.at(*last).commits(), disk.at(done).goes_on_from().unwrap());
            let what = format!("round {round}, {threads} threads, after {done} of {killed_at}");
            assert!(
                synced.iter().all(|commit| *commit <= from),
                "{what}: of {synced:?}, it goes on from {from}"
            );
        }
        places += 20;
        let mut next = None;
        for turn in 0..6 {
            let end = [End::Killed, End::PowerLost][random.below(2)];
            let done = match turn {
                0 => random.below(disk.done() + 1),
                // Just behind a commit, where all that was answered is on the disk and nothing else.
                1..4 => synced[random.below(synced.len())],
                _ => random.below(killed_at + 1),
            };
            let (answered, left) = (answered_by(done, &answers), disk.after(done, end, &mut random));
            let there = all.len() + answered.len();
            let what = format!("round {round}, {threads} threads, {end:?} after {done} of {killed_at}");
            // Opening it writes too, and so does looking; that may end anywhere as well.
            check(&left, &answered, there, &what);
            let again = random.below(left.done() + 1);
            let end = [End::Killed, End::PowerLost][random.below(2)];
            let what = format!("{what}, then {end:?} after {again} of {}", left.done());
            let left_again = left.after(again, end, &mut random);
            // What goes on from there is opened after a clean end, or after that one.
            let ended = left_again.copy();
            check(&left_again, &answered, there, &what);
            looked += 2;
            next = Some((if random.below(2) == 0 { left } else { ended }, answered));
        }
        let (left, answered) = next.unwrap();
        disk = left.copy();
        keys += answered.len();
        all.extend(answered);
        // Of what was answered long ago something is looked at now and then.
        if round % 50 == 49 {
            check(&disk, &all, all.len(), &format!("all after round {round}"));
            disk = disk.copy();
        }
        // A file that has just been made is made longer more often.
        if random.below(10) == 0 {
            check(&disk, &all, all.len(), &format!("all after round {round}, on this disk"));
            (disk, all) = (Disk::default(), Answered::new());
        }
    }
    check(&disk, &all, all.len(), "in the end");
    println!("{keys} keys after {rounds} rounds, looked at {looked} ends and {places} places");
}
