//! Secrets are gone from memory once what held them is dropped: the process looks for them in its own memory.
//!
//! One test and nothing beside it, so that no other one's memory is looked at. Where the allocator or the system does
//! not let the process look (other than on Linux), there is nothing to run.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // A panic is how a test fails.

mod holders;
mod memory;

use memory::Memory;

#[test]
fn no_copy_of_a_secret_is_left_behind() {
    let mut memory = Memory::new();
    assert_eq!(memory.find(), [""; 0], "before there is a secret");
    // The search finds what is there.
    for (form, hold) in holders::HELD {
        let held = hold();
        assert!(memory.find().contains(form), "a secret that is held is not found: {form}");
        drop(held);
        assert_eq!(memory.find(), [""; 0], "after a plain {form} was wiped");
    }
    let mut left = Vec::new();
    for (what, run) in holders::RUNS {
        for attributes in [0, 1, 2_000] {
            run(attributes);
            let found = memory.find();
            if !found.is_empty() {
                left.push(format!("{what}, with {attributes} attributes: {}", found.join(", ")));
                memory.wipe();
            }
        }
        println!("looked after {what}");
    }
    assert!(left.is_empty(), "left in memory:\n{}", left.join("\n"));
}
