//! What the derives refuse at compile time, one mistake a file, and what they say to each.
//!
//! After a change of a message, `TRYBUILD=overwrite cargo test -p kmip-derive-tests --test ui` writes the
//! expected ones anew; read the difference. `-- refuses trybuild=mask` runs only the files with that in their path.

#[test]
fn refuses_at_the_token_and_says_what_is_allowed() {
    // Compiled in one go, which trybuild does only where none of them is to be run.
    trybuild::TestCases::new().compile_fail("tests/ui/*/*.rs");
}
