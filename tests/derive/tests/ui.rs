//! What the derives refuse at compile time, one mistake a file, and what they say to each; and a file for each
//! feature, which compiles and runs.
//!
//! After a change of a message, `TRYBUILD=overwrite cargo test -p kmip-derive-tests --test ui` writes the
//! expected ones anew; read the difference. `-- refuses trybuild=mask` runs only the files with that in their path.

#[test]
fn refuses_at_the_token_and_says_what_is_allowed_and_takes_what_is_right() {
    let cases = trybuild::TestCases::new();
    for kind in [
        "attribute",
        "choice",
        "enumeration",
        "flatten",
        "item_type",
        "mask",
        "secret",
        "selector",
        "several",
        "shape",
        "tag",
        "version",
    ] {
        cases.compile_fail(format!("tests/ui/{kind}/*.rs"));
    }
    cases.pass("tests/ui/pass/*.rs");
}
