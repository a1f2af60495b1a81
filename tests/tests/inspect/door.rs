//! Who is let in, and what the page may do in a browser.

use std::io::ErrorKind;
use std::net::TcpStream;

use aws_lc_rs::digest::{SHA256, digest};

use crate::support::{ask_raw, get, inspected, path, post};

#[test]
fn refuses_another_token() {
    let (inspector, _server) = inspected();
    let address = inspector.address();
    let own = path(&inspector, "");
    let token = own.trim_matches('/');
    assert_eq!(token.len(), 64);
    let other = token.replace(|digit| digit != 'f', "f");
    let cut = &token[..63];
    for path in ["/", "/exchanges", "//", &format!("/{other}/exchanges"), &format!("/{cut}/exchanges")] {
        let response = ask_raw(&inspector, &format!("GET {path} HTTP/1.1\r\nHost: {address}\r\n"), "");
        assert_eq!((response.status, response.text()), (404, "there is no such page\n"), "{path}");
    }
    let posted = format!("POST /{other}/paste HTTP/1.1\r\nHost: {address}\r\n");
    assert_eq!(ask_raw(&inspector, &posted, "42").status, 404);
    assert_eq!(get(&inspector, "").status, 200);
    let without_end = format!("GET /{token} HTTP/1.1\r\nHost: {address}\r\n");
    assert_eq!(ask_raw(&inspector, &without_end, "").status, 404);
}

#[test]
fn gives_each_page_a_token_of_its_own() {
    let ((one, _), (other, _)) = (inspected(), inspected());
    assert_ne!(path(&one, ""), path(&other, ""));
    assert!(!format!("{one:?}").contains(path(&one, "").trim_matches('/')));
}

#[test]
fn refuses_a_name_that_is_not_this_machine_s() {
    let (inspector, _server) = inspected();
    let (path, port) = (path(&inspector, "exchanges"), inspector.address().port());
    let status = |fields: &str| ask_raw(&inspector, &format!("GET {path} HTTP/1.1\r\n{fields}"), "").status;
    assert_eq!(status(&format!("Host: 127.0.0.1:{port}\r\n")), 200);
    assert_eq!(status(&format!("Host: localhost:{port}\r\n")), 200);
    assert_eq!(status(&format!("Host: rebound.example:{port}\r\n")), 403);
    assert_eq!(status("Host: 127.0.0.1\r\n"), 403);
    assert_eq!(status(""), 400);
    let http_1_0 = ask_raw(&inspector, &format!("GET {path} HTTP/1.0\r\n"), "");
    assert_eq!(http_1_0.status, 403);
}

#[test]
fn refuses_what_another_page_asks() {
    let (inspector, _server) = inspected();
    let (path, address) = (path(&inspector, "paste"), inspector.address());
    let status = |origin: &str| {
        let head = format!("POST {path} HTTP/1.1\r\nHost: {address}\r\nOrigin: {origin}\r\n");
        ask_raw(&inspector, &head, "420069").status
    };
    assert_eq!(status(&format!("http://{address}")), 200);
    assert_eq!(status("http://other.example"), 403);
    assert_eq!(status("null"), 403);
}

#[test]
fn takes_no_other_method() {
    let (inspector, _server) = inspected();
    for route in ["", "exchanges", "case.xml", "objects", "exchange/reveal", "object/reveal"] {
        let response = post(&inspector, route, "");
        assert_eq!((response.status, response.field("allow")), (405, Some("GET")), "{route}");
    }
    let (path, address) = (path(&inspector, "exchanges"), inspector.address());
    for method in ["DELETE", "PUT", "HEAD"] {
        let head = format!("{method} {path} HTTP/1.1\r\nHost: {address}\r\nContent-Length: 0\r\n");
        assert_eq!(ask_raw(&inspector, &head, "").status, 405, "{method}");
    }
    assert_eq!(get(&inspector, "paste").field("allow"), Some("POST"));
    assert_eq!(get(&inspector, "nothing").status, 404);
}

#[test]
fn runs_nothing_but_its_own_script() {
    let (inspector, _server) = inspected();
    let page = get(&inspector, "");
    let policy = page.field("content-security-policy").unwrap();
    assert!(policy.starts_with("default-src 'none'; "), "{policy}");
    for (directive, open, close) in
        [("script-src", "<script>", "</script>"), ("style-src", "<style>", "</style>")]
    {
        let inline: Vec<&str> =
            page.text().split(open).skip(1).map(|rest| rest.split(close).next().unwrap()).collect();
        assert_eq!(inline.len(), 1);
        let hash = base64(digest(&SHA256, inline[0].as_bytes()).as_ref());
        assert!(policy.contains(&format!("{directive} 'sha256-{hash}';")), "{policy}");
    }
    for outside in ["http://", "https://", "src=", "@import", "url(", "innerHTML", " style=", " onclick="] {
        assert!(!page.text().contains(outside), "{outside}");
    }
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
        ("cache-control", "no-store"),
    ] {
        assert_eq!(page.field(name), Some(value));
        assert_eq!(get(&inspector, "exchanges").field(name), Some(value));
    }
}

/// Base64, of which the standard library has none.
fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let group = |chunk: &[u8]| {
        let bits = chunk.iter().fold(0, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - chunk.len()));
        let digit = |at: u32| char::from(DIGITS[(bits >> (18 - 6 * at) & 63) as usize]);
        let used = chunk.len() + 1;
        (0..4).map(|at| if at < used { digit(at as u32) } else { '=' }).collect::<String>()
    };
    bytes.chunks(3).map(group).collect()
}

#[test]
fn is_gone_when_it_is_dropped() {
    let (inspector, server) = inspected();
    let address = inspector.address();
    // One that is open does not keep it.
    let _open = TcpStream::connect(address).unwrap();
    drop(inspector);
    assert_eq!(TcpStream::connect(address).unwrap_err().kind(), ErrorKind::ConnectionRefused);
    assert!(!server.handle(b"nothing").is_empty(), "the server goes on");
}
