//! Ctrl-C in the midst of long work, and what is left of it.

#![cfg(unix)]
#![allow(clippy::unwrap_used)] // A panic is how a test fails.

mod common;

use std::io::{Read, Write};
use std::process::{Command, Stdio};

use common::{Folder, kmip};
use kmip_sdk::Client;
use kmip_sdk::server::EmbeddedServer;

/// What goes on for as long as the standard input does ends at once, whole, with Ctrl-C.
#[test]
fn ends_while_it_waits_for_more() {
    let folder = Folder::new("long-work");
    let server = EmbeddedServer::start().unwrap();
    let client = Client::builder().embedded(&server).connect().unwrap();
    let key = client.create_aes(256).activated().send().unwrap().unique_identifier.to_string();
    let file = |name: &str, text: &str| folder.file(name, text.as_bytes());
    let connection = [
        ("KMIP_ADDRESS", server.address().to_string()),
        ("KMIP_ROOT_CERTIFICATES_FILE", file("ca.pem", server.ca_certificate_pem())),
        ("KMIP_IDENTITY_CERTIFICATES_FILE", file("client.pem", server.client_certificate_pem())),
        ("KMIP_IDENTITY_PRIVATE_KEY_FILE", file("client-key.pem", server.client_key_pem())),
    ];
    let written = folder.0.join("written");
    let written = written.to_str().unwrap();
    for arguments in [
        &["seal", &key, "--output-file", written][..],
        &["encrypt", &key, "--output-file", written],
        &["hash", "sha256"],
    ] {
        let mut command = kmip(arguments);
        command.envs(connection.clone()).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut input = child.stdin.take().unwrap();
        // More than a pipe holds, so that it is known to read.
        input.write_all(&vec![7; 200_000]).unwrap();
        let id = child.id().to_string();
        assert!(Command::new("kill").args(["-INT", &id]).status().unwrap().success());
        let (mut printed, mut told) = (Vec::new(), String::new());
        child.stdout.take().unwrap().read_to_end(&mut printed).unwrap();
        child.stderr.take().unwrap().read_to_string(&mut told).unwrap();
        assert_eq!(child.wait().unwrap().code(), Some(130), "{arguments:?}: {told}");
        assert!(printed.is_empty() && told.starts_with("error: interrupted after "), "{arguments:?}: {told}");
        let left: Vec<_> = std::fs::read_dir(&folder.0).unwrap().collect();
        assert_eq!(left.len(), 3, "{arguments:?}: {left:?}");
        drop(input);
    }
}
