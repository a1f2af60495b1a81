//! Async calls that are dropped: at every point at which they wait.

use std::future::{Future, IntoFuture, poll_fn};
use std::pin::Pin;
use std::task::Poll;
use std::time::{Duration, Instant};

use kmip_sdk::PoolOptions;
use kmip_sdk::server::EmbeddedServer;
use kmip_sdk::tokio::{Client, ClientBuilder};
use kmip_sdk::types::operation::{GetRequest, LocateRequest};

use super::{hang, serves};
use crate::drivers::RUNTIME;
use crate::peer::{builder_of, script, tls_peer};

/// Polls a future this often, and drops it: what it yields, if it has by then.
async fn dropped_after<F: Future + Unpin>(mut future: F, mut polls: usize) -> Option<F::Output> {
    poll_fn(move |context| {
        if polls == 0 {
            return Poll::Ready(None);
        }
        polls -= 1;
        match Pin::new(&mut future).poll(context) {
            Poll::Ready(output) => Poll::Ready(Some(output)),
            Poll::Pending if polls == 0 => Poll::Ready(None),
            Poll::Pending => Poll::Pending,
        }
    })
    .await
}

/// That nothing is left of what was dropped: the next calls get their own answers, over as many connections as there may
/// be.
async fn nothing_is_left(client: &Client, maximum: usize) {
    let status = client.status();
    assert_eq!((status.in_use(), status.waiting()), (0, 0), "{status:?}");
    let calls: Vec<_> = (0..maximum * 2)
        .map(|number| {
            let client = client.clone();
            tokio::spawn(async move {
                let error = client.call(GetRequest::new(format!("k-{number}").as_str())).await.unwrap_err();
                assert!(error.is_not_found(), "{error}");
            })
        })
        .collect();
    for call in calls {
        call.await.unwrap();
    }
    client.call(LocateRequest::default()).await.unwrap();
    let status = client.status();
    assert_eq!((status.in_use(), status.waiting()), (0, 0), "{status:?}");
    assert!(status.idle() <= maximum, "{status:?}");
}

fn builder(address: String, server: &EmbeddedServer) -> ClientBuilder {
    Client::builder()
        .address(address)
        .root_certificates_pem(server.ca_certificate_pem())
        .identity_pem(server.client_certificate_pem(), server.client_key_pem())
        .maximum_connections(2)
}

#[test]
fn leaves_nothing_of_a_first_call() {
    let server = EmbeddedServer::start().unwrap();
    for address in [server.address().to_string(), format!("https://{}/kmip", server.https_address())] {
        RUNTIME.block_on(async {
            // Before it connects, in the handshake, in the negotiation, waiting for the answer: until it is not dropped.
            for polls in 0.. {
                let client = builder(address.clone(), &server).build().unwrap();
                let call = client.call(LocateRequest::default()).into_future();
                let yielded = dropped_after(call, polls).await;
                nothing_is_left(&client, 2).await;
                if let Some(located) = yielded {
                    located.unwrap();
                    assert!(polls > 2, "it waited for nothing");
                    break;
                }
            }
        });
    }
}

#[test]
fn leaves_nothing_of_a_call_on_a_connection_that_was_there() {
    let server = EmbeddedServer::start().unwrap();
    RUNTIME.block_on(async {
        let pool = PoolOptions { check_after: Duration::ZERO, maximum: 2, ..PoolOptions::default() };
        let client = builder(server.address().to_string(), &server).pool(pool).connect().await.unwrap();
        for round in 0..40 {
            let call = client.call(GetRequest::new("another's")).into_future();
            dropped_after(call, round % 4).await;
            let error = client.call(GetRequest::new("own")).await.unwrap_err();
            assert!(error.is_not_found(), "{error}");
        }
        nothing_is_left(&client, 2).await;
    });
}

#[test]
fn leaves_the_queue_when_it_is_dropped() {
    let address = tls_peer(vec![script(hang), script(serves)]);
    let client = builder_of::<kmip_sdk::tokio::Tokio>(address).maximum_connections(1).build().unwrap();
    RUNTIME.block_on(async {
        let holds = client.clone();
        let holder = tokio::spawn(async move { holds.call(GetRequest::new("held")).await });
        eventually(|| client.status().in_use() == 1).await;
        let mut waiting = Box::pin(client.call(GetRequest::new("first in the queue")).into_future());
        assert!(dropped_after(&mut waiting, 1).await.is_none());
        let last = client.clone();
        let last = tokio::spawn(async move { last.call(GetRequest::new("k-1")).await });
        eventually(|| client.status().waiting() == 2).await;
        drop(waiting);
        assert_eq!(client.status().waiting(), 1);
        // Whoever has the connection is dropped, and the next in the queue makes one.
        holder.abort();
        assert_eq!(last.await.unwrap().unwrap().unique_identifier, "k-1".into());
        let status = client.status();
        assert_eq!((status.in_use(), status.waiting(), status.idle()), (0, 0, 1), "{status:?}");
    });
}

#[test]
fn gives_on_what_it_was_given_when_it_is_dropped() {
    let address = tls_peer(vec![script(serves)]);
    let client = builder_of::<kmip_sdk::tokio::Tokio>(address).maximum_connections(1).build().unwrap();
    RUNTIME.block_on(async {
        let mut holder = Box::pin(client.call(GetRequest::new("held")).into_future());
        assert!(dropped_after(&mut holder, 1).await.is_none());
        let mut first = Box::pin(client.call(GetRequest::new("first")).into_future());
        assert!(dropped_after(&mut first, 1).await.is_none());
        let mut second = Box::pin(client.call(GetRequest::new("second")).into_future());
        assert!(dropped_after(&mut second, 1).await.is_none());
        // Its connection is given to the first, which is dropped before it takes it.
        holder.await.unwrap();
        drop(first);
        assert_eq!(second.await.unwrap().unique_identifier, "second".into());
        let status = client.status();
        assert_eq!((status.in_use(), status.waiting(), status.opened()), (0, 0, 1), "{status:?}");
    });
}

/// Waits until something is so.
async fn eventually(mut is_so: impl FnMut() -> bool) {
    let start = Instant::now();
    while !is_so() {
        assert!(start.elapsed() < Duration::from_secs(10));
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}
