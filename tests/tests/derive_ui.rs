//! What `#[derive(Ttlv)]` refuses at compile time, one mistake a file, and what it says to each.
//!
//! After a change of a message, `TRYBUILD=overwrite cargo test -p kmip-tests --test derive_ui` writes the
//! expected ones anew; read the difference.

#[test]
fn refuses_at_the_token_and_says_what_is_allowed() {
    let cases = trybuild::TestCases::new();
    for kind in ["attribute", "choice", "item_type", "selector", "several", "shape", "tag", "version"] {
        cases.compile_fail(format!("tests/ui/{kind}/*.rs"));
    }
}
