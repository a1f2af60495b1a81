//! The first programs that somebody writes: they work against a server, and are short.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // A panic is how a test fails.

use std::path::Path;

use kmip_outside::newcomer;
use kmip_sdk::Client;
use kmip_sdk::server::EmbeddedServer;

/// How many lines of a program say something: all but the empty ones and comments.
fn lines(program: &str) -> usize {
    program.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("//")).count()
}

/// A server, and the files that lead to it.
fn server(folder: &Path) -> (EmbeddedServer, String) {
    let server = EmbeddedServer::start().unwrap();
    std::fs::write(folder.join("ca.pem"), server.ca_certificate_pem()).unwrap();
    std::fs::write(folder.join("client.pem"), server.client_certificate_pem()).unwrap();
    std::fs::write(folder.join("client-key.pem"), server.client_key_pem()).unwrap();
    let address = server.address().to_string();
    (server, address)
}

#[test]
fn encrypting_takes_fourteen_lines() {
    let count = lines(include_str!("../src/newcomer/encrypt.rs"));
    assert!(count <= 14, "{count} lines");
    let folder = tempfile::tempdir().unwrap();
    let (_server, address) = server(folder.path());
    assert_eq!(newcomer::encrypt::run(&address, folder.path()).unwrap(), b"attack at dawn");
}

#[test]
fn rotating_takes_twenty_five_lines() {
    let count = lines(include_str!("../src/newcomer/rotate.rs"));
    assert!(count <= 25, "{count} lines");
    let folder = tempfile::tempdir().unwrap();
    let (server, address) = server(folder.path());
    let client = Client::builder().embedded(&server).connect().unwrap();
    let key = client.create_aes(256).name("app").activated().send().unwrap();
    let stored: Vec<_> =
        ["one", "two"].map(|text| client.encrypt(&key, text).aes_gcm().send().unwrap()).into();
    let anew = newcomer::rotate::run(&address, folder.path(), stored).unwrap();
    let texts: Vec<_> = anew.iter().map(|one| client.decrypt(one).send().unwrap().into_revealed()).collect();
    assert_eq!(texts, [b"one", b"two"]);
    assert!(client.encrypt(&key, "three").aes_gcm().send().is_err());
    assert_eq!(client.latest(&anew[0].unique_identifier).send().unwrap(), anew[0].unique_identifier);
}
