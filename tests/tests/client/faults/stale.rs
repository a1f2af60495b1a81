//! Connections that the server closed while nobody used them.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Barrier, mpsc};
use std::time::Duration;

use kmip_sdk::generic::Client;
use kmip_sdk::types::operation::{GetRequest, LocateRequest};
use kmip_sdk::{Closed, PoolOptions};
use kmip_tests::patience::{LONG, eventually};

use super::{answer, checked, create, serves, unchecked};
use crate::drivers::{Drives, Make, Sockets, Start, with_both_drivers};
use crate::peer::{Script, builder_of, receive, script, send, tls_peer};

with_both_drivers![
    finds_that_all_connections_were_closed,
    makes_again_what_went_over_a_closed_connection,
    never_sends_a_change_twice_over_closed_connections,
    closes_what_was_idle_for_too_long,
];

const CONNECTIONS: usize = 4;

/// A client whose connections were all closed by the server, and the count of Creates that the server then sees.
fn forsaken<D: Drives>(pool: PoolOptions) -> (Client<D>, Arc<AtomicUsize>) {
    let together = Arc::new(Barrier::new(CONNECTIONS));
    let mut scripts: Vec<Script> = Vec::new();
    let mut go = Vec::new();
    for _ in 0..CONNECTIONS {
        let (together, (sender, wait)) = (Arc::clone(&together), mpsc::channel::<()>());
        go.push(sender);
        scripts.push(script(move |stream| {
            let request = receive(stream).unwrap();
            // So that each call has a connection of its own.
            together.wait();
            send(stream, &answer(&request));
            let _ = wait.recv();
            stream.conn.send_close_notify();
            let _ = std::io::Write::flush(stream);
            let _ = stream.sock.tcp.shutdown(std::net::Shutdown::Both);
        }));
    }
    let creates = Arc::new(AtomicUsize::new(0));
    for _ in 0..CONNECTIONS {
        let creates = Arc::clone(&creates);
        scripts.push(script(move |stream| {
            while let Some(request) = receive(stream) {
                creates.fetch_add(1, Ordering::SeqCst);
                send(stream, &answer(&request));
            }
        }));
    }
    let sockets = Sockets::default();
    let builder = D::watched(builder_of(tls_peer(scripts)), &sockets);
    let client = builder.pool(pool).start_late().unwrap();
    for located in D::at_once(&client, vec![LocateRequest::default(); CONNECTIONS]) {
        located.unwrap();
    }
    assert_eq!(client.status().idle(), CONNECTIONS);
    drop(go);
    sockets.are_closed::<D>();
    (client, creates)
}

fn finds_that_all_connections_were_closed<D: Drives>() {
    let (client, creates) = forsaken::<D>(checked());
    client.call(create()).make().unwrap();
    assert_eq!(creates.load(Ordering::SeqCst), 1);
    for number in 0..4 {
        let name = format!("k-{number}");
        let got = client.call(GetRequest::new(name.as_str())).make().unwrap();
        assert_eq!(got.unique_identifier, name.as_str().into());
    }
    let status = client.status();
    assert_eq!((status.opened(), status.closed(Closed::ByServer)), (5, 4), "{status:?}");
}

fn makes_again_what_went_over_a_closed_connection<D: Drives>() {
    // However many there are: once one was closed, the others are looked at.
    let (client, _) = forsaken::<D>(unchecked());
    let got = client.call(GetRequest::new("k-1")).make().unwrap();
    assert_eq!(got.unique_identifier, "k-1".into());
    client.call(create()).make().unwrap();
    assert_eq!((client.status().in_use(), client.status().idle()), (0, 1));
}

fn never_sends_a_change_twice_over_closed_connections<D: Drives>() {
    let (client, creates) = forsaken::<D>(unchecked());
    let mut made = 0;
    for _ in 0..CONNECTIONS + 1 {
        match client.call(create()).make() {
            Ok(_) => made += 1,
            Err(error) => assert!(error.is_outcome_unknown() && !error.is_retryable(), "{error}"),
        }
    }
    // Each that was seen was one that succeeded.
    assert_eq!(creates.load(Ordering::SeqCst), made);
    assert!(made > 0);
}

fn closes_what_was_idle_for_too_long<D: Drives>() {
    let (gone, wait) = mpsc::channel();
    let tells = script(move |stream| {
        serves(stream);
        gone.send(()).unwrap();
    });
    let pool = PoolOptions { idle_timeout: Some(Duration::from_millis(150)), ..PoolOptions::default() };
    let client = builder_of::<D>(tls_peer(vec![tells, script(serves)])).pool(pool).start_late().unwrap();
    client.call(LocateRequest::default()).make().unwrap();
    eventually(|| client.status().closed(Closed::Idle) == 1);
    wait.recv_timeout(LONG).unwrap();
    assert_eq!((client.status().idle(), client.status().in_use()), (0, 0));
    client.call(LocateRequest::default()).make().unwrap();
    assert_eq!(client.status().opened(), 2);
}
