//! What a snapshot that fails looks like: the guide shows it as insta prints it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // A panic is how a test fails.

use std::fmt::Write;
use std::process::Command;

use kmip_sdk::assert_kmip_snapshot;
use kmip_sdk::types::operation::DestroyRequest;

#[test]
#[ignore = "fails, to be shown"]
fn destroys_the_old_key() {
    let payload = DestroyRequest::new("k-1");
    assert_kmip_snapshot!(payload, @r#"
    RequestPayload
    UniqueIdentifier (TextString): "k-1"
    "#);
}

/// What the test that fails prints, without where it is and what else insta says.
fn printed() -> String {
    let mut test = Command::new(std::env::current_exe().unwrap());
    test.args(["--ignored", "--exact", "destroys_the_old_key", "--nocapture"]);
    test.env_remove("INSTA_FORCE_PASS").env("INSTA_UPDATE", "no").env("NO_COLOR", "1");
    let output = test.output().unwrap();
    assert!(!output.status.success());
    let text = String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap();
    let lines = text.lines().skip_while(|line| *line != "-old snapshot");
    let mut shown = String::new();
    for line in lines.take_while(|line| !line.starts_with("Stopped")) {
        // A string takes whatever is written to it.
        let _ = writeln!(shown, "{}", line.trim_end());
    }
    assert!(shown.contains("k-1"), "{text}");
    shown
}

/// With `KMIP_BLESS` in the environment, writes what is printed into the guide instead.
#[test]
fn the_guide_shows_what_is_printed() {
    let page = concat!(env!("CARGO_MANIFEST_DIR"), "/../kmip-sdk/src/guide/snapshot_tests.md");
    let text = std::fs::read_to_string(page).unwrap();
    let (before, rest) = text.split_once("```text\n").unwrap();
    let (shown, after) = rest.split_once("```").unwrap();
    let printed = printed();
    if std::env::var_os("KMIP_BLESS").is_some() {
        std::fs::write(page, format!("{before}```text\n{printed}```{after}")).unwrap();
    } else {
        assert_eq!(shown, printed);
    }
}
