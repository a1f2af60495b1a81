//! Several servers that stand for each other, and servers that are down.

use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use kmip_sdk::rustls::version::{TLS12, TLS13};
use kmip_sdk::types::operation::{ActivateRequest, GetRequest, LocateRequest};
use kmip_sdk::{Phase, PoolOptions, RetryPolicy, Selection};
use kmip_tests::nowhere::Nowhere;
use kmip_tests::patience::eventually;

use super::{answer, checked};
use crate::drivers::{Drives, Make, Start, with_both_drivers};
use crate::peer::{
    Script, builder_of, builder_to, receive, script, send, server_config, tls_peer, tls_peer_at,
};

with_both_drivers![
    comes_back_to_a_server_that_was_down,
    falls_back_to_the_next_server,
    takes_servers_in_turn,
    falls_back_from_https_to_ttlv,
    waits_for_a_server_that_comes_back_in_time,
];

/// A port that nothing listens on.
fn nowhere() -> Nowhere {
    Nowhere::new().unwrap()
}

/// A script that counts requests and answers them.
fn counts(count: &Arc<AtomicUsize>) -> Script {
    let count = Arc::clone(count);
    script(move |stream| {
        while let Some(request) = receive(stream) {
            count.fetch_add(1, Ordering::SeqCst);
            send(stream, &answer(&request));
        }
    })
}

/// Starts a server where nothing listened.
fn comes_up(nowhere: Nowhere, scripts: Vec<Script>) {
    let address = nowhere.address();
    drop(nowhere);
    let mut listener = TcpListener::bind(address);
    eventually(|| {
        if listener.is_err() {
            listener = TcpListener::bind(address);
        }
        listener.is_ok()
    });
    tls_peer_at(listener.unwrap(), server_config(&[&TLS13, &TLS12]), scripts);
}

fn comes_back_to_a_server_that_was_down<D: Drives>() {
    let (one, other) = (nowhere(), nowhere());
    let builder = builder_of::<D>(one.address()).address(other.address().to_string());
    let builder = builder.retries(RetryPolicy::NONE);
    let client = builder.start_late().unwrap();
    for _ in 0..2 {
        // Nothing was sent, so that a change may be made again too.
        let error = client.call(ActivateRequest::new("k-1")).make().unwrap_err();
        assert_eq!(error.phase(), Phase::Connect, "{error}");
        assert!(error.is_retryable() && !error.is_outcome_unknown(), "{error}");
    }
    assert_eq!((client.status().in_use(), client.status().waiting()), (0, 0));
    assert!(client.status().servers.iter().all(|server| server.failures > 0));
    let count = Arc::default();
    comes_up(other, vec![counts(&count)]);
    // Although both are left alone for a while: where all are, the one that was left alone first is tried.
    client.call(ActivateRequest::new("k-1")).make().unwrap();
    assert_eq!((count.load(Ordering::SeqCst), client.status().servers[1].failures), (1, 0));
}

fn waits_for_a_server_that_comes_back_in_time<D: Drives>() {
    let nowhere = nowhere();
    let policy = RetryPolicy {
        attempts: u32::MAX,
        pause: Duration::from_millis(20),
        longest_pause: Duration::from_millis(50),
        budget: u32::MAX,
    };
    let client = builder_of::<D>(nowhere.address()).retries(policy).start_late().unwrap();
    let count = Arc::default();
    thread::scope(|scope| {
        let called = scope.spawn(|| client.call(ActivateRequest::new("k-1")).make());
        eventually(|| client.status().servers[0].failures > 2);
        comes_up(nowhere, vec![counts(&count)]);
        called.join().unwrap().unwrap();
    });
    assert_eq!(count.load(Ordering::SeqCst), 1);
}

fn falls_back_to_the_next_server<D: Drives>() {
    let (first, second) = (Arc::default(), Arc::default());
    let once = Arc::clone(&first);
    let answers_once = script(move |stream| {
        let request = receive(stream).unwrap();
        AtomicUsize::fetch_add(&once, 1, Ordering::SeqCst);
        send(stream, &answer(&request));
    });
    // After the first connection all others are closed at once.
    let one = tls_peer(vec![answers_once]);
    let other = tls_peer(vec![counts(&second)]);
    let pool = PoolOptions { leave_alone: Duration::from_secs(60), ..checked() };
    let client = builder_of::<D>(one).address(other.to_string()).pool(pool).start().unwrap();
    client.call(LocateRequest::default()).make().unwrap();
    assert_eq!((first.load(Ordering::SeqCst), second.load(Ordering::SeqCst)), (1, 0));
    for number in 0..4 {
        let name = format!("k-{number}");
        let got = client.call(GetRequest::new(name.as_str())).make().unwrap();
        assert_eq!(got.unique_identifier, name.as_str().into());
    }
    assert_eq!((first.load(Ordering::SeqCst), second.load(Ordering::SeqCst)), (1, 4));
    let status = client.status();
    // It is left alone, rather than asked at each call.
    assert_eq!((status.servers[0].failures, status.servers[1].opened), (1, 1), "{status:?}");
}

fn takes_servers_in_turn<D: Drives>() {
    let counters: [Arc<AtomicUsize>; 2] = Default::default();
    let addresses = counters.each_ref().map(|count| tls_peer(vec![counts(count), counts(count)]));
    let builder = builder_of::<D>(addresses[0]).address(addresses[1].to_string());
    let client = builder.selection(Selection::RoundRobin).start_late().unwrap();
    for _ in 0..6 {
        client.call(LocateRequest::default()).make().unwrap();
    }
    assert_eq!(counters.map(|count| count.load(Ordering::SeqCst)), [3, 3]);
    // One that is down is passed over.
    let count = Arc::default();
    let nowhere = nowhere();
    let builder = builder_of::<D>(nowhere.address()).address(tls_peer(vec![counts(&count)]).to_string());
    let client = builder.selection(Selection::RoundRobin).start_late().unwrap();
    for _ in 0..6 {
        client.call(ActivateRequest::new("k-1")).make().unwrap();
    }
    assert_eq!(count.load(Ordering::SeqCst), 6);
}

fn falls_back_from_https_to_ttlv<D: Drives>() {
    let count = Arc::default();
    let nowhere = nowhere();
    let builder = builder_to::<D>(format!("https://{}/kmip", nowhere.address()));
    let client = builder.address(tls_peer(vec![counts(&count)]).to_string()).start_late().unwrap();
    client.call(ActivateRequest::new("k-1")).make().unwrap();
    assert_eq!(count.load(Ordering::SeqCst), 1);
    let status = client.status();
    assert_eq!((status.servers[0].failures, status.servers[1].opened), (1, 1), "{status:?}");
}
