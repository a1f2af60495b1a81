//! Faults of HTTPS alone.

use std::io::Read;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use kmip_sdk::generic::{Client, ClientBuilder};
use kmip_sdk::types::operation::{GetRequest, LocateRequest};
use kmip_sdk::{ErrorKind, Phase, RetryPolicy};
use kmip_tests::patience::briefly;

use super::{answer, create, in_phase, leaves_the_outcome_unknown, took};
use crate::drivers::{Drives, Make, Start, with_both_drivers};
use crate::peer::{Script, Stream, builder_to, script, send, tls_peer};

with_both_drivers![
    reports_a_status_with_its_text,
    follows_no_redirect,
    reports_a_body_that_is_cut_short,
    takes_a_body_in_chunks_and_one_that_ends_with_the_stream,
    rejects_another_content_type,
    replaces_a_connection_that_the_server_closes_behind_its_answer,
    names_what_speaks_instead_of_http,
    reports_a_second_response_at_that_call,
    makes_what_changes_nothing_again,
    times_out_on_a_body_that_drips,
];

/// Receives one request, of which the body is given; the end of the connection is none.
fn receive(stream: &mut Stream) -> Option<Vec<u8>> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte).ok()?;
        head.push(byte[0]);
    }
    let head = String::from_utf8(head).unwrap().to_ascii_lowercase();
    assert!(head.starts_with("post /kmip http/1.1\r\n"), "{head}");
    let length = head.split_once("content-length:").unwrap().1.split_once("\r\n").unwrap().0;
    let mut body = vec![0; length.trim().parse().unwrap()];
    stream.read_exact(&mut body).ok()?;
    Some(body)
}

/// A response with this body, and more lines in its head.
fn ok(body: &[u8], more: &str) -> Vec<u8> {
    let length = body.len();
    let head = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\nContent-Length: {length}\r\n{more}\r\n"
    );
    [head.as_bytes(), body].concat()
}

fn serves(stream: &mut Stream) {
    while let Some(request) = receive(stream) {
        send(stream, &ok(&answer(&request), ""));
    }
}

/// Answers one request with these bytes and closes.
fn answers(answer: impl FnOnce(&[u8]) -> Vec<u8> + Send + 'static) -> Script {
    script(move |stream| {
        let Some(request) = receive(stream) else { return };
        send(stream, &answer(&request));
    })
}

fn builder<D: Drives>(mut scripts: Vec<Script>) -> ClientBuilder<D> {
    scripts.push(script(serves));
    builder_to(format!("https://{}/kmip", tls_peer(scripts)))
}

fn client<D: Drives>(scripts: Vec<Script>) -> Client<D> {
    builder(scripts).start().unwrap()
}

fn reports_a_status_with_its_text<D: Drives>() {
    let fails = |_: &[u8]| b"HTTP/1.1 500 Oh\r\nContent-Length: 9\r\n\r\nno \x1b[2Jway".to_vec();
    let error = leaves_the_outcome_unknown(&client::<D>(vec![answers(fails)]), Phase::Receive);
    let ErrorKind::HttpStatus { status: 500, text, .. } = error.kind() else { panic!("{error}") };
    assert_eq!(text, "no \x1b[2Jwa");
    assert!(error.to_string().contains("HTTP status 500") && !error.to_string().contains('\x1b'), "{error}");
    // What is wrong with the request of HTTP is found out before what is in it.
    let refuses = |_: &[u8]| b"HTTP/1.1 415 No\r\nContent-Length: 2\r\n\r\nno".to_vec();
    let client = client::<D>(vec![answers(refuses)]);
    let error = client.call(create()).make().unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::HttpStatus { status: 415, .. }), "{error}");
    assert!(!error.is_outcome_unknown() && !error.is_retryable(), "{error}");
}

fn follows_no_redirect<D: Drives>() {
    let elsewhere = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&elsewhere);
    let there = tls_peer(vec![script(move |stream| {
        if receive(stream).is_some() {
            count.fetch_add(1, Ordering::SeqCst);
        }
    })]);
    for status in [301, 302, 307, 308] {
        let moved = move |_: &[u8]| {
            format!("HTTP/1.1 {status} Moved\r\nLocation: https://{there}/kmip\r\nContent-Length: 0\r\n\r\n")
                .into_bytes()
        };
        let client = builder::<D>(vec![answers(moved)]).retries(RetryPolicy::NONE).start().unwrap();
        let error = client.call(GetRequest::new("k-1")).make().unwrap_err();
        assert!(
            matches!(error.kind(), ErrorKind::HttpStatus { status: found, .. } if *found == status),
            "{error}"
        );
        assert!(!error.is_retryable(), "{error}");
    }
    assert_eq!(elsewhere.load(Ordering::SeqCst), 0);
}

fn reports_a_body_that_is_cut_short<D: Drives>() {
    for cut in [1, 40, 200] {
        let cuts = move |request: &[u8]| {
            let mut response = ok(&answer(request), "");
            response.truncate(response.len() - cut);
            response
        };
        let error = leaves_the_outcome_unknown(&client::<D>(vec![answers(cuts)]), Phase::Receive);
        assert!(matches!(error.kind(), ErrorKind::Http { .. }), "{error}");
    }
    let closes = |_: &[u8]| Vec::new();
    let error = leaves_the_outcome_unknown(&client::<D>(vec![answers(closes)]), Phase::Receive);
    assert!(matches!(error.kind(), ErrorKind::Closed), "{error}");
}

fn takes_a_body_in_chunks_and_one_that_ends_with_the_stream<D: Drives>() {
    let head = "HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\n";
    let chunked = move |request: &[u8]| {
        let mut response = format!("{head}Transfer-Encoding: chunked\r\n\r\n").into_bytes();
        for chunk in answer(request).chunks(50) {
            response.extend(format!("{:x}\r\n", chunk.len()).into_bytes());
            response.extend(chunk);
            response.extend(b"\r\n");
        }
        response.extend(b"0\r\n\r\n");
        response
    };
    let chunks = script(move |stream| {
        while let Some(request) = receive(stream) {
            send(stream, &chunked(&request));
        }
    });
    let to_the_end = move |request: &[u8]| [format!("{head}\r\n").as_bytes(), &answer(request)].concat();
    for (script, opened) in [(chunks, 1), (answers(to_the_end), 2)] {
        let client = client::<D>(vec![script]);
        for name in ["k-1", "k-2"] {
            assert_eq!(client.call(GetRequest::new(name)).make().unwrap().unique_identifier, name.into());
        }
        assert_eq!(client.status().opened(), opened);
    }
}

fn rejects_another_content_type<D: Drives>() {
    let page = |_: &[u8]| {
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 13\r\n\r\n<h1>Hello</h1".to_vec()
    };
    let error = leaves_the_outcome_unknown(&client::<D>(vec![answers(page)]), Phase::Receive);
    assert!(matches!(error.kind(), ErrorKind::Http { .. }), "{error}");
    assert!(error.to_string().contains("text/html"), "{error}");
}

fn replaces_a_connection_that_the_server_closes_behind_its_answer<D: Drives>() {
    let closing = || answers(|request: &[u8]| ok(&answer(request), "Connection: close\r\n"));
    let client = client::<D>(vec![closing(), closing()]);
    for opened in [1, 2, 3, 3] {
        client.call(create()).make().unwrap();
        assert_eq!(client.status().opened(), opened);
    }
    assert_eq!((client.status().in_use(), client.status().idle()), (0, 1));
}

fn names_what_speaks_instead_of_http<D: Drives>() {
    let client = client::<D>(vec![answers(|_| b"SSH-2.0-OpenSSH_9.6\r\n".to_vec())]);
    let error = leaves_the_outcome_unknown(&client, Phase::Receive);
    assert!(matches!(error.kind(), ErrorKind::OtherProtocol { spoken: "SSH", expected: "HTTP" }), "{error}");
}

fn reports_a_second_response_at_that_call<D: Drives>() {
    let twice = |request: &[u8]| {
        let response = ok(&answer(request), "");
        [response.as_slice(), &response].concat()
    };
    let error = leaves_the_outcome_unknown(&client::<D>(vec![answers(twice)]), Phase::Receive);
    assert!(matches!(error.kind(), ErrorKind::StrayBytes { .. }), "{error}");
}

fn makes_what_changes_nothing_again<D: Drives>() {
    // It is closed, and it is busy.
    let busy = |_: &[u8]| b"HTTP/1.1 503 Busy\r\nContent-Length: 4\r\n\r\nbusy".to_vec();
    let client = client::<D>(vec![answers(|_| Vec::new()), answers(busy)]);
    assert_eq!(client.call(GetRequest::new("k-1")).make().unwrap().unique_identifier, "k-1".into());
    client.call(LocateRequest::default()).make().unwrap();
    assert_eq!(client.status().opened(), 3);
}

fn times_out_on_a_body_that_drips<D: Drives>() {
    let drips = |pause: Duration| {
        script(move |stream: &mut Stream| {
            let request = receive(stream).unwrap();
            stream.sock.drip = Some(pause);
            send(stream, &ok(&answer(&request), ""));
            stream.sock.drip = None;
            serves(stream);
        })
    };
    let client = briefly(|deadline| {
        let client = client::<D>(vec![drips(deadline / 5), drips(Duration::from_millis(1))]);
        let start = Instant::now();
        let error = client.call(create()).timeout(deadline).make().unwrap_err();
        in_phase(&error, Phase::Receive)?;
        assert!(error.is_timeout() && error.is_outcome_unknown() && !error.is_retryable(), "{error}");
        took(start, deadline);
        Some(client)
    });
    // Where there is time, it comes however slowly.
    for name in ["k-1", "k-2"] {
        assert_eq!(client.call(GetRequest::new(name)).make().unwrap().unique_identifier, name.into());
    }
    assert_eq!(client.status().opened(), 2);
}
