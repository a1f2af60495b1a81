//! Connections, and the calls that share them.

use std::thread;
use std::time::Duration;

use kmip_sdk::PoolOptions;
use kmip_sdk::server::ServerOptions;
use kmip_sdk::types::operation::{GetRequest, LocateRequest};

use super::place::{Place, Transport, create_aes, created, named};
use crate::drivers::{Drives, Make, Start};

pub(super) fn makes_many_calls_over_one_connection<D: Drives>(transport: Transport) {
    let place = Place::new(transport);
    let client = place.client::<D>();
    let key = created(&client, "key");
    for _ in 0..100 {
        assert_eq!(client.call(GetRequest::new(key.clone())).make().unwrap().unique_identifier, key);
    }
    assert_eq!((client.status().opened(), client.status().idle()), (1, 1));
}

pub(super) fn shares_four_connections_among_sixty_four_calls<D: Drives>(transport: Transport) {
    let place = Place::new(transport);
    let client = place.builder::<D>().maximum_connections(4).start_late().unwrap();
    let creates: Vec<_> = (0..64).map(|number| create_aes(&format!("key {number}"))).collect();
    let created = D::at_once(&client, creates);
    let keys: Vec<_> = created.into_iter().map(|created| created.unwrap().unique_identifier).collect();
    // Each has its own: the one of its name, and of its identifier.
    let locates = (0..64).map(|number| LocateRequest::new(named(&format!("key {number}")))).collect();
    for (located, key) in D::at_once(&client, locates).into_iter().zip(&keys) {
        assert_eq!(located.unwrap().unique_identifier, std::slice::from_ref(key));
    }
    let gets = keys.iter().map(|key| GetRequest::new(key.clone())).collect();
    for (got, key) in D::at_once(&client, gets).into_iter().zip(&keys) {
        assert_eq!(got.unwrap().unique_identifier, *key);
    }
    let status = client.status();
    assert!((1..=4).contains(&status.opened()), "{status:?}");
    assert_eq!((status.in_use(), status.waiting()), (0, 0), "{status:?}");
}

pub(super) fn finds_a_server_that_closed_idle_connections<D: Drives>(transport: Transport) {
    let brief = ServerOptions::default().idle_timeout(Duration::from_millis(100));
    let place = Place::with(transport, brief);
    let checked = PoolOptions { check_after: Duration::ZERO, ..PoolOptions::default() };
    let client = place.builder::<D>().pool(checked).start().unwrap();
    let unchecked = PoolOptions { check_after: Duration::from_secs(3600), ..checked };
    let hasty = place.builder::<D>().pool(unchecked).start().unwrap();
    thread::sleep(Duration::from_millis(500));
    // A change is not made twice, and need not be: that the connection was closed shows before.
    let key = created(&client, "key");
    // What changes nothing is made again.
    assert_eq!(hasty.call(LocateRequest::new(named("key"))).make().unwrap().unique_identifier, [key]);
    // Only over TCP, where it is not a test's own, is there somebody that closes.
    let closes = !matches!(transport, Transport::Memory | Transport::Plain);
    assert_eq!(client.status().opened(), if closes { 2 } else { 1 });
}
