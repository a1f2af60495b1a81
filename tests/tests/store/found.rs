//! What records are found by, asked of every backend: how many there are of a term, and what is found by several at once.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use kmip_sdk::server::store::{Backend, Change, Clear, Key, Kind};

use crate::backends::{OBJECT, commit, put, remove, version, with_terms};
use crate::over::Ends;
use crate::places::Place;

for_every_backend!(
    counts_what_a_term_finds,
    finds_by_any_of_several_terms_each_once,
    pages_of_several_terms_join,
    pages_join_while_others_commit,
);

/// Makes a record that is found by these terms.
fn make(backend: &dyn Backend, identifier: &str, terms: &[&str]) {
    commit(backend, [with_terms(put(identifier, None, ""), &[], terms)]).unwrap();
}

/// What is found by any of these terms, in the order in which it is given, with its numbers.
fn list(backend: &dyn Backend, terms: &[&str], before: Option<u64>, limit: usize) -> Vec<(String, u64)> {
    let terms: Vec<Vec<u8>> = terms.iter().map(|term| term.as_bytes().to_vec()).collect();
    let records = backend.list(OBJECT, &terms, before, limit).unwrap();
    let name = |identifier: Vec<u8>| String::from_utf8(identifier).unwrap();
    records.into_iter().map(|record| (name(record.key.identifier), record.number)).collect()
}

fn found(backend: &dyn Backend, terms: &[&str], before: Option<u64>, limit: usize) -> String {
    let listed = list(backend, terms, before, limit);
    // Nobody commits meanwhile.
    let of: Vec<Vec<u8>> = terms.iter().map(|term| term.as_bytes().to_vec()).collect();
    let keys = backend.keys(OBJECT, &of, before, limit).unwrap().into_iter();
    let keys: Vec<_> =
        keys.map(|(number, key)| (String::from_utf8(key.identifier).unwrap(), number)).collect();
    assert_eq!(keys, listed);
    listed.into_iter().map(|(identifier, _)| identifier).collect::<Vec<_>>().join(" ")
}

fn counts<const N: usize>(backend: &dyn Backend, terms: [&str; N]) -> [u64; N] {
    terms.map(|term| backend.count(OBJECT, term.as_bytes()).unwrap())
}

fn counts_what_a_term_finds(place: &Place) {
    let backend = &*place.open();
    let count = || counts(backend, ["x", "y", "z", ""]);
    assert_eq!(count(), [0; 4]);
    make(backend, "a", &["x", "y"]);
    make(backend, "b", &["x", ""]);
    make(backend, "c", &[]);
    assert_eq!(count(), [2, 1, 0, 1]);
    // What is longer or shorter, or of another kind, is not counted.
    make(backend, "d", &["xx", "x\0", "\0"]);
    let other = Key::new(Kind::TICKET, "a");
    commit(backend, [Change { key: other, ..with_terms(put("", None, ""), &[], &["x"]) }]).unwrap();
    assert_eq!(count(), [2, 1, 0, 1]);
    assert_eq!(backend.count(Kind::TICKET, b"x").unwrap(), 1);
    // From one term to another; and one more, and one less, of the same.
    commit(backend, [with_terms(put("a", version(backend, "a"), ""), &["y"], &["z"])]).unwrap();
    assert_eq!(count(), [2, 0, 1, 1]);
    let moved = [
        with_terms(put("a", version(backend, "a"), ""), &["x"], &[]),
        with_terms(put("c", version(backend, "c"), ""), &[], &["x"]),
    ];
    commit(backend, moved).unwrap();
    assert_eq!(count(), [2, 0, 1, 1]);
    // A change of nothing else changes none of it, and neither does one that is refused.
    commit(backend, [put("b", version(backend, "b"), "more")]).unwrap();
    commit(backend, [with_terms(put("b", None, ""), &[], &["y"])]).unwrap_err();
    assert_eq!(count(), [2, 0, 1, 1]);
    commit(backend, [with_terms(remove("b", version(backend, "b")), &["x", ""], &[])]).unwrap();
    assert_eq!(count(), [1, 0, 1, 0]);
    backend.clear(OBJECT, Clear::Terms).unwrap();
    assert_eq!(count(), [0; 4]);
    make(backend, "e", &["x"]);
    assert_eq!(count(), [1, 0, 0, 0]);
    backend.clear(OBJECT, Clear::Records).unwrap();
    assert_eq!(count(), [0; 4]);
    assert_eq!(backend.count(Kind::TICKET, b"x").unwrap(), 1);
    make(backend, "a", &["x"]);
    assert_eq!(count(), [1, 0, 0, 0]);
    // More than a page of any backend.
    for number in 0..6 {
        let hundred =
            (0..100).map(|place| with_terms(put(&format!("{number} {place}"), None, ""), &[], &["y"]));
        commit(backend, hundred).unwrap();
    }
    assert_eq!(count(), [1, 600, 0, 0]);
}

fn finds_by_any_of_several_terms_each_once(place: &Place) {
    let backend = &*place.open();
    for (identifier, terms) in [
        ("a", &["x"][..]),
        ("b", &["y"]),
        ("c", &["x", "y"]),
        ("d", &["z"]),
        ("e", &["x", "y", "z"]),
        ("f", &["xy"]),
    ] {
        make(backend, identifier, terms);
    }
    let other = Key::new(Kind::TICKET, "g");
    commit(backend, [Change { key: other, ..with_terms(put("", None, ""), &[], &["x", "z"]) }]).unwrap();
    for (terms, expected) in [
        (&[][..], ""),
        (&["none", "nobody"], ""),
        (&["x", "y"], "e c b a"),
        (&["y", "x"], "e c b a"),
        (&["x", "x"], "e c a"),
        // No record has both.
        (&["z", "xy"], "f e d"),
        (&["none", "z"], "e d"),
        (&["x", "y", "z", "xy"], "f e d c b a"),
    ] {
        assert_eq!(found(backend, terms, None, 99), expected, "{terms:?}");
        let all: Vec<&str> = expected.split_whitespace().collect();
        for limit in 0..=all.len() {
            assert_eq!(found(backend, terms, None, limit), all[..limit].join(" "), "{terms:?}, {limit}");
        }
    }
    let numbers = list(backend, &["x", "y", "z", "xy"], None, 99);
    let number = |wanted: &str| {
        numbers.iter().find_map(|(identifier, number)| (identifier == wanted).then_some(*number)).unwrap()
    };
    for (before, expected) in [
        (u64::MAX, "e c b a"),
        (number("f"), "e c b a"),
        (number("e") + 1, "e c b a"),
        (number("e"), "c b a"),
        (number("d"), "c b a"),
        (number("b"), "a"),
        (number("a"), ""),
        (0, ""),
    ] {
        assert_eq!(found(backend, &["x", "y"], Some(before), 99), expected, "{before}");
        let first = expected.split_whitespace().next().unwrap_or("");
        assert_eq!(found(backend, &["x", "y"], Some(before), 1), first, "{before}");
    }
}

/// Pages of some terms, to the end, each of at most so many; `between` is called after each.
fn pages(
    backend: &dyn Backend,
    terms: &[&str],
    limit: usize,
    mut between: impl FnMut(),
) -> Vec<(String, u64)> {
    let (mut before, mut all) = (None, Vec::new());
    loop {
        let page = list(backend, terms, before, limit);
        let Some((_, last)) = page.last() else { return all };
        assert!(before.is_none_or(|before| page.iter().all(|(_, number)| *number < before)), "{page:?}");
        before = Some(*last);
        all.extend(page);
        between();
    }
}

fn pages_of_several_terms_join(place: &Place) {
    let backend = &*place.open();
    for number in 0..30 {
        // Of three terms, some have none, some one, some several; in runs, so that a page may be of one term alone.
        let terms = [(number % 2 == 0, "x"), (number % 3 == 0, "y"), ((10..20).contains(&number), "z")];
        let terms: Vec<&str> = terms.into_iter().filter_map(|(has, term)| has.then_some(term)).collect();
        make(backend, &format!("{number}"), &terms);
    }
    let expected: Vec<String> = (0..30)
        .rev()
        .filter(|number| number % 2 == 0 || number % 3 == 0 || (10..20).contains(number))
        .map(|number| number.to_string())
        .collect();
    for limit in 1..=expected.len() + 1 {
        let all = pages(backend, &["x", "y", "z"], limit, || ());
        let identifiers: Vec<String> = all.into_iter().map(|(identifier, _)| identifier).collect();
        assert_eq!(identifiers, expected, "{limit}");
    }
}

/// What is there all the time is in the pages, each once and in its order, whatever comes, changes and goes meanwhile.
fn pages_join_while_others_commit(place: &Place) {
    let backend = &*place.open();
    let terms = |number: usize| if number.is_multiple_of(2) { ["x"] } else { ["y"] };
    let stays = |number: usize| !number.is_multiple_of(3);
    for number in 0..40 {
        make(backend, &format!("{number}"), &terms(number));
    }
    let expected: Vec<String> =
        (0..40).rev().filter(|number| stays(*number)).map(|it| it.to_string()).collect();
    let is_over = AtomicBool::new(false);
    thread::scope(|scope| {
        let ends = Ends(&is_over);
        let writer = scope.spawn(|| {
            let mut turns = 0;
            while !is_over.load(Ordering::SeqCst) || turns == 0 {
                for number in 0..40 {
                    let identifier = number.to_string();
                    let version = version(backend, &identifier);
                    let change = match (stays(number), version) {
                        // It changes in its place; or goes from one of the terms that are looked for to the other.
                        (true, version) if turns % 2 == 0 => {
                            with_terms(put(&identifier, version, "changed"), &["x"], &["y"])
                        }
                        (true, version) => with_terms(put(&identifier, version, "changed"), &["y"], &["x"]),
                        (false, None) => with_terms(put(&identifier, None, ""), &[], &terms(number)),
                        (false, version) => with_terms(remove(&identifier, version), &["x", "y"], &[]),
                    };
                    commit(backend, [change]).unwrap();
                }
                turns += 1;
            }
            turns
        });
        for limit in [1, 2, 3, 5, 7, 39, 40, 41] {
            let all = pages(backend, &["x", "y"], limit, thread::yield_now);
            assert!(all.is_sorted_by(|(_, one), (_, next)| one > next), "{limit}: {all:?}");
            let stay = |identifier: &String| stays(identifier.parse().unwrap());
            let staying: Vec<String> =
                all.into_iter().map(|(identifier, _)| identifier).filter(stay).collect();
            assert_eq!(staying, expected, "{limit}");
        }
        drop(ends);
        assert!(writer.join().unwrap() > 0);
    });
}
