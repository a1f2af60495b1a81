//! Peers that close: before, within and after an answer.

use std::io::Write;
use std::sync::mpsc;

use kmip_sdk::framing::FramingError;
use kmip_sdk::types::message::Message;
use kmip_sdk::types::operation::{GetRequest, LocateRequest};
use kmip_sdk::{Closed, ErrorKind, Phase, RetryPolicy};
use kmip_tests::patience::eventually;

use super::{answer, checked, client, leaves_the_outcome_unknown, serves};
use crate::drivers::{Drives, Make, Start, with_both_drivers};
use crate::peer::{Stream, builder_of, nothing_located, receive, script, send, tls_peer};

with_both_drivers![
    reports_a_peer_that_closes_instead_of_answering,
    reports_a_peer_that_closes_inside_a_message,
    calls_what_changes_nothing_retryable,
    replaces_a_connection_that_was_closed_after_an_answer,
];

fn reports_a_peer_that_closes_instead_of_answering<D: Drives>() {
    let client = client::<D>(vec![script(|stream| drop(receive(stream)))]);
    let error = leaves_the_outcome_unknown(&client, Phase::Receive);
    assert!(matches!(error.kind(), ErrorKind::Closed), "{error}");
    assert_eq!(client.status().closed(Closed::Failed), 1);
}

fn reports_a_peer_that_closes_inside_a_message<D: Drives>() {
    for keep in [1, 7, 8, 9, 100] {
        let client = client::<D>(vec![script(move |stream| {
            let answer = nothing_located(&receive(stream).unwrap()).to_ttlv().unwrap();
            send(stream, &answer[..keep]);
        })]);
        let error = leaves_the_outcome_unknown(&client, Phase::Receive);
        let ErrorKind::Framing(FramingError::Truncated { read, .. }) = error.kind() else {
            panic!("{error}")
        };
        assert_eq!(*read, keep);
    }
}

fn calls_what_changes_nothing_retryable<D: Drives>() {
    let address = tls_peer(vec![script(|stream| drop(receive(stream)))]);
    let client = builder_of::<D>(address).retries(RetryPolicy::NONE).start().unwrap();
    let error = client.call(GetRequest::new("k-1")).make().unwrap_err();
    assert!(error.is_outcome_unknown() && error.is_retryable(), "{error}");
}

fn replaces_a_connection_that_was_closed_after_an_answer<D: Drives>() {
    // With a goodbye, and without one.
    for goodbye in [true, false] {
        let (closed, wait) = mpsc::channel();
        let closes = script(move |stream: &mut Stream| {
            let answer = answer(&receive(stream).unwrap());
            send(stream, &answer);
            if goodbye {
                stream.conn.send_close_notify();
                let _ = stream.flush();
            }
            stream.sock.tcp.shutdown(std::net::Shutdown::Write).unwrap();
            closed.send(()).unwrap();
        });
        let address = tls_peer(vec![closes, script(serves)]);
        let client = builder_of::<D>(address).pool(checked()).start().unwrap();
        client.call(LocateRequest::default()).make().unwrap();
        wait.recv().unwrap();
        let mut calls = 0;
        // What was closed a moment ago may not be known yet, to the system or the runtime.
        eventually(|| {
            calls += 1;
            client.call(LocateRequest::default()).make().unwrap();
            client.status().opened() == 2
        });
        assert_eq!((client.status().in_use(), client.status().idle()), (0, 1), "after {calls}");
    }
}
