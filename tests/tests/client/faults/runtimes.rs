//! The runtimes that an async client may be used in.

use std::time::{Duration, Instant};

use kmip_sdk::tokio::Tokio;
use kmip_sdk::types::operation::GetRequest;
use kmip_sdk::{Closed, PoolOptions};
use kmip_tests::patience::LONG;
use tokio::runtime::{Builder, Runtime};

use super::{checked, serves, unchecked};
use crate::peer::{builder_of, script, tls_peer};

/// A runtime that has but the thread that waits.
fn small() -> Runtime {
    Builder::new_current_thread().enable_all().build().unwrap()
}

#[test]
fn shares_four_connections_among_sixty_four_calls_on_one_thread() {
    let address = tls_peer((0..4).map(|_| script(serves)).collect());
    let client = builder_of::<Tokio>(address).maximum_connections(4).build().unwrap();
    small().block_on(async {
        let call = |number| {
            let client = client.clone();
            tokio::spawn(async move {
                let name = format!("k-{number}");
                let got = client.call(GetRequest::new(name.as_str())).await.unwrap();
                assert_eq!(got.unique_identifier, name.as_str().into());
            })
        };
        let calls: Vec<_> = (0..64).map(call).collect();
        for call in calls {
            call.await.unwrap();
        }
    });
    let status = client.status();
    assert!((1..=4).contains(&status.opened()), "{status:?}");
    assert_eq!((status.in_use(), status.waiting()), (0, 0), "{status:?}");
}

#[test]
fn goes_on_in_another_runtime_when_the_first_is_gone() {
    let address = tls_peer((0..4).map(|_| script(serves)).collect());
    let brief = Some(Duration::from_millis(150));
    for pool in [checked(), unchecked()] {
        let pool = PoolOptions { idle_timeout: brief, ..pool };
        let client = builder_of::<Tokio>(address).pool(pool).build().unwrap();
        for opened in [1, 2] {
            let runtime = small();
            runtime.block_on(async {
                let got = client.call(GetRequest::new("k-1")).await.unwrap();
                assert_eq!(got.unique_identifier, "k-1".into());
                assert_eq!(client.status().opened(), opened);
                // The first one's may have been idle for long as well by now, but nobody has looked at this one yet.
                let closed = client.status().closed(Closed::Idle);
                if opened == 2 {
                    // In the second too somebody looks after the connections.
                    eventually(|| client.status().closed(Closed::Idle) == closed + 1).await;
                }
            });
        }
        let status = client.status();
        assert_eq!((status.in_use(), status.idle()), (0, 0), "{status:?}");
    }
}

/// Waits until something is so.
pub(super) async fn eventually(mut is_so: impl FnMut() -> bool) {
    let start = Instant::now();
    while !is_so() {
        assert!(start.elapsed() < LONG);
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}
