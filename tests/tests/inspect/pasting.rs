//! Dumps that are pasted.

use kmip_sdk::types::{Item, Tag};

use crate::support::{inspected, meaning, post, secrets};

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn reads_a_dump() {
    let (inspector, _server) = inspected();
    let item = Item::structure(
        Tag::CREDENTIAL_VALUE,
        vec![Item::text_string(Tag::USERNAME, "alice"), Item::text_string(Tag::PASSWORD, "open sesame")],
    );
    let dump = format!("sent: {}", hex(&item.to_ttlv().unwrap()));
    let read = post(&inspector, "paste", &dump);
    assert!(!read.text().contains("sesame"), "{}", read.text());
    let read = read.json();
    let parts = read["parts"].as_array().unwrap();
    let message = parts.iter().find(|part| part["message"] == 0).unwrap();
    assert!(meaning(message).contains("Username (TextString), 5 bytes"), "{message}");
    let secret = *secrets(message).last().unwrap();
    let revealed = post(&inspector, &format!("paste/reveal?message=0&offset={secret}"), &dump).json();
    assert!(revealed["text"].as_str().unwrap().contains("open sesame"), "{revealed}");
    assert_eq!(post(&inspector, &format!("paste/reveal?message=1&offset={secret}"), &dump).status, 404);
    assert_eq!(post(&inspector, &format!("paste/reveal?message=0&offset={secret}"), "").status, 404);
}

#[test]
fn says_what_is_no_dump() {
    let (inspector, _server) = inspected();
    for text in ["", "nothing at all", "{\"tag\""] {
        let read = post(&inspector, "paste", text).json();
        assert!(read["error"].as_str().is_some_and(|error| !error.is_empty()), "{text}: {read}");
    }
}

#[test]
fn refuses_a_dump_that_is_too_large() {
    let (inspector, _server) = inspected();
    let (path, address) = (crate::support::path(&inspector, "paste"), inspector.address());
    let head = format!("POST {path} HTTP/1.1\r\nHost: {address}\r\nContent-Length: 99999999\r\n\r\n");
    let mut stream = crate::support::send(&inspector, &head);
    let mut status = [0; 12];
    std::io::Read::read_exact(&mut stream, &mut status).unwrap();
    assert_eq!(&status, b"HTTP/1.1 413");
}
