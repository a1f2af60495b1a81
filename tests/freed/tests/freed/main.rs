//! Nothing that the SDK gives back to the allocator holds a secret.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // A panic is how a test fails.

mod client;
mod codec;
mod identity;
mod keys;
mod marks;
mod server;
mod store;

use std::collections::BTreeMap;

use kmip_freed::{Finding, Watching, collect, holds, watch};
use marks::MARK;

#[global_allocator]
static ALLOCATOR: Watching = Watching;

/// What was found, by where it was given back, with the first of what was done there.
#[derive(Default)]
pub(crate) struct Found(BTreeMap<Vec<String>, String>);

impl Found {
    /// Does something, and keeps what was found.
    pub(crate) fn look<R>(&mut self, what: &str, secrets: &[&[u8]], run: impl FnOnce() -> R) -> R {
        let (result, findings) = watch(secrets, run);
        for Finding { size, excerpt, trace } in findings {
            self.0.entry(trace).or_insert_with(|| format!("{what}: {size} bytes: {excerpt}"));
        }
        result
    }

    #[track_caller]
    pub(crate) fn assert_none(self) {
        let mut said = String::new();
        for (trace, what) in &self.0 {
            said += &format!("{what}\n    {}\n", trace.join("\n    "));
        }
        assert!(said.is_empty(), "given back with a secret, in {} places:\n{said}", self.0.len());
    }
}

#[test]
fn what_is_left_is_found() {
    let hex = |capitals: bool| {
        let text: String = MARK.iter().map(|byte| format!("{byte:02x}")).collect();
        if capitals { text.to_uppercase() } else { text }
    };
    let plain = || drop(MARK.to_vec());
    let grown = || {
        let mut bytes = zeroize::Zeroizing::new(MARK.to_vec());
        bytes.reserve(1000);
        bytes.extend([0; 1000]);
    };
    let (_, found) = watch(&[MARK], plain);
    assert_eq!(found.iter().map(|finding| finding.size).collect::<Vec<_>>(), [MARK.len()]);
    assert_eq!(watch(&[MARK], grown).1.len(), 1);
    assert!(!watch(&[MARK], || drop(hex(false))).1.is_empty());
    assert!(!watch(&[MARK], || drop(hex(true))).1.is_empty());
    assert_eq!(watch(&[MARK], || drop(zeroize::Zeroizing::new(MARK.to_vec()))).1, []);
    let (_, blocks) = collect(plain);
    assert_eq!(blocks.iter().filter(|block| holds(block, &[MARK])).count(), 1);
}
