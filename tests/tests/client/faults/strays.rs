//! Answers that nobody asked for, and answers one behind: no call is given that of another.

use std::io::Read;
use std::sync::mpsc;
use std::time::Duration;

use kmip_sdk::generic::Client;
use kmip_sdk::types::message::{Message, RequestMessage};
use kmip_sdk::types::operation::{ActivateRequest, LocateRequest, LocateResponse, ResponsePayload};
use kmip_sdk::{Batch, Closed, Error, ErrorKind, Phase, RetryPolicy};
use kmip_tests::patience::eventually;

use super::{answer, checked, client, hang, serves, success, unchecked};
use crate::drivers::{Drives, Make, Start, with_both_drivers};
use crate::peer::{Stream, builder_of, receive, response, script, send, tls_peer};

with_both_drivers![
    reports_a_second_answer_at_that_call,
    takes_no_answer_that_came_unasked,
    never_takes_an_answer_one_behind,
    never_takes_an_answer_one_behind_for_that_to_a_change,
];

fn reports_a_second_answer_at_that_call<D: Drives>() {
    let client = client::<D>(vec![script(|stream| {
        let answer = answer(&receive(stream).unwrap());
        send(stream, &[answer.as_slice(), &answer].concat());
        hang(stream);
    })]);
    let error = super::leaves_the_outcome_unknown(&client, Phase::Receive);
    assert!(matches!(error.kind(), ErrorKind::StrayBytes { .. }), "{error}");
}

fn takes_no_answer_that_came_unasked<D: Drives>() {
    let (ask, asked) = mpsc::channel();
    let answers_twice = script(move |stream: &mut Stream| {
        let answer = answer(&receive(stream).unwrap());
        send(stream, &answer);
        asked.recv().unwrap();
        send(stream, &answer);
        serves(stream);
    });
    let address = tls_peer(vec![answers_twice, script(serves)]);
    let client = builder_of::<D>(address).pool(checked()).start().unwrap();
    client.call(LocateRequest::default()).make().unwrap();
    ask.send(()).unwrap();
    eventually(|| {
        client.call(LocateRequest::default()).make().unwrap();
        client.status().opened() == 2
    });
    let status = client.status();
    assert_eq!(status.closed(Closed::ByServer) + status.closed(Closed::Failed), 1);
}

/// When the answer that nobody asked for comes.
#[derive(Clone, Copy, Debug)]
enum Comes {
    /// While the connection is idle.
    Before,
    /// When a part of the next request was read.
    Between,
    /// When the next request was read, before its answer.
    After,
    /// As the only answer to the next request, and so on.
    Instead,
}

/// The answer to a Locate or a change, where each Locate found this.
fn found(request: &[u8], what: &str) -> Vec<u8> {
    let items = RequestMessage::from_ttlv(request).unwrap().batch_item;
    let item = |item| {
        let mut success = success(item);
        if let Some(ResponsePayload::Locate(located)) = &mut success.response_payload {
            *located = LocateResponse { unique_identifier: vec![what.into()], ..LocateResponse::default() };
        }
        success
    };
    response(request, items.iter().map(item).collect()).to_ttlv().unwrap()
}

/// A client that was given the answer to a first call, over a connection on which that comes again.
fn one_behind<D: Drives>(
    comes: Comes,
    strict: bool,
    ask: impl Fn(&Client<D>) -> Result<(), Error>,
) -> Client<D> {
    let (next, asked) = mpsc::channel();
    let (sent, wait) = mpsc::channel();
    let repeats = script(move |stream: &mut Stream| {
        let request = receive(stream).unwrap();
        let first = found(&request, "first");
        send(stream, &first);
        asked.recv().unwrap();
        if matches!(comes, Comes::Before) {
            send(stream, &first);
        }
        sent.send(()).unwrap();
        if matches!(comes, Comes::Between) {
            let mut byte = [0; 4];
            if stream.read_exact(&mut byte).is_ok() {
                send(stream, &first);
                let _ = std::io::copy(stream, &mut std::io::sink());
            }
            return;
        }
        while let Some(request) = receive(stream) {
            match comes {
                Comes::After => send(stream, &[first.clone(), found(&request, "next")].concat()),
                Comes::Instead => send(stream, &first),
                _ => send(stream, &found(&request, "next")),
            }
        }
    });
    let others = || {
        script(|stream: &mut Stream| {
            while let Some(request) = receive(stream) {
                send(stream, &found(&request, "next"));
            }
        })
    };
    let soon = RetryPolicy { pause: Duration::from_millis(1), ..RetryPolicy::default() };
    let builder =
        builder_of::<D>(tls_peer(vec![repeats, others(), others()])).pool(unchecked()).retries(soon);
    let client = if strict { builder.strict() } else { builder }.start().unwrap();
    ask(&client).unwrap();
    next.send(()).unwrap();
    wait.recv().unwrap();
    client
}

/// Every way in which an answer can be one behind.
fn every_way(mut case: impl FnMut(Comes, bool)) {
    for comes in [Comes::Before, Comes::Between, Comes::After, Comes::Instead] {
        for strict in [false, true] {
            case(comes, strict);
        }
    }
}

fn never_takes_an_answer_one_behind<D: Drives>() {
    let locate = |client: &Client<D>| -> Result<_, Error> {
        Ok(client.call(LocateRequest::default()).make()?.unique_identifier)
    };
    let locate_twice = |client: &Client<D>| -> Result<_, Error> {
        let mut batch = Batch::new();
        let handles = [batch.add(LocateRequest::default()), batch.add(LocateRequest::default())];
        let mut results = client.call_batch(batch).make()?;
        let mut found = Vec::new();
        for handle in handles {
            found.extend(results.take(handle)?.unique_identifier);
        }
        Ok(found)
    };
    every_way(|comes, strict| {
        let client = one_behind::<D>(comes, strict, |client| locate(client).map(drop));
        for _ in 0..3 {
            // It changes nothing, so it is made again.
            assert_eq!(locate(&client).unwrap(), ["next".into()], "{comes:?}, {strict}");
        }
        let client = one_behind::<D>(comes, strict, |client| locate_twice(client).map(drop));
        for _ in 0..3 {
            assert_eq!(locate_twice(&client).unwrap(), ["next".into(), "next".into()], "{comes:?}, {strict}");
        }
        assert_eq!(client.status().in_use(), 0);
    });
}

fn never_takes_an_answer_one_behind_for_that_to_a_change<D: Drives>() {
    // The same request twice, so that only the name of the batch item tells the answers apart.
    let activate = |client: &Client<D>| -> Result<(), Error> {
        client.call(ActivateRequest::new("k-1")).make().map(drop)
    };
    every_way(|comes, strict| {
        let client = one_behind::<D>(comes, strict, activate);
        let error = activate(&client).unwrap_err();
        assert!(!error.is_retryable(), "{comes:?}, {strict}: {error}");
        assert!(error.is_outcome_unknown(), "{comes:?}, {strict}: {error}");
        activate(&client).unwrap();
        assert_eq!((client.status().opened(), client.status().closed(Closed::Failed)), (2, 1));
    });
}
