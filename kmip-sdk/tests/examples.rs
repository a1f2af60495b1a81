//! The examples run, each against a server that it starts, and print what they show.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // A panic is how a test fails.

use std::process::Command;

/// Runs an example, whose output must hold all of this.
fn prints(example: &str, expected: &[&str]) {
    // Cargo builds them with the tests, beside the folder in which the tests are.
    let tests = std::env::current_exe().unwrap();
    let program = tests.parent().unwrap().parent().unwrap().join("examples").join(example);
    let program = program.with_extension(std::env::consts::EXE_EXTENSION);
    assert!(
        program.exists(),
        "{example} is not built: run `cargo build --package kmip-sdk --examples` first"
    );
    let output = Command::new(program).output().unwrap();
    let printed = String::from_utf8_lossy(&output.stdout);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{example}: {printed}{errors}");
    for text in expected {
        assert!(printed.contains(text), "{example} prints no {text:?}: {printed}");
    }
}

macro_rules! examples {
    ($($example:ident: $expected:expr;)*) => { $(
        #[test]
        fn $example() {
            prints(stringify!($example), &$expected);
        }
    )* };
}

examples! {
    batch: ["not found: true", "is Some(Active)", "not done: true"];
    certificate: ["from PEM: an X.509 certificate with a private key (EC, P-256)", "from PKCS#12: an X.509", "BEGIN ENCRYPTED PRIVATE KEY"];
    connector: ["0 objects"];
    envelope: ["1500000 bytes sealed", "envelope"];
    encrypt: ["attack at dawn", "decrypting failed"];
    failover: ["found 1, asked twice", "whether the request took effect is unknown", "there is Some"];
    faults: ["kept for later", "not done again", "unreadable"];
    login: ["a ticket of the kind Login", "no such password", "InvalidTicket"];
    rotate: ["5 of 5", "order 4"];
    stream: ["100 %", "16777216 bytes"];
    tls_server: ["signed by a key that is not here"];
    tasks: ["message 63", "over 4 connections"];
}
