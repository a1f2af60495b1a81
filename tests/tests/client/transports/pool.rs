//! Connections, and the calls that share them.

use std::time::Duration;

use kmip_sdk::PoolOptions;
use kmip_sdk::server::ServerOptions;
use kmip_sdk::types::operation::{GetRequest, LocateRequest};

use super::place::{Place, Transport, create_aes, created, named};
use crate::drivers::{Drives, Make, Sockets, Start};

pub(super) fn makes_many_calls_over_one_connection<D: Drives>(transport: Transport) {
    let place = Place::new(transport);
    let client = place.client::<D>();
    let key = created(&client, "key");
    for _ in 0..40 {
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
    // Each is given its own.
    let gets = keys.iter().map(|key| GetRequest::new(key.clone())).collect();
    for (got, key) in D::at_once(&client, gets).into_iter().zip(&keys) {
        assert_eq!(got.unwrap().unique_identifier, *key);
    }
    let status = client.status();
    assert!((1..=4).contains(&status.opened()), "{status:?}");
    assert_eq!((status.in_use(), status.waiting()), (0, 0), "{status:?}");
}

pub(super) fn finds_a_server_that_closed_idle_connections<D: Drives>(transport: Transport) {
    // Only over TCP, where it is not a test's own, is there somebody that closes.
    let closes = !matches!(transport, Transport::Memory | Transport::Plain);
    let brief = ServerOptions::default().idle_timeout(Duration::from_secs(1));
    let place = Place::with(transport, brief);
    let sockets = Sockets::default();
    let start = |pool| {
        let builder = place.builder::<D>().pool(pool);
        let builder = if closes { D::watched(builder, &sockets) } else { builder };
        let client = builder.start().unwrap();
        // Behind an answer there is nothing but the end: in TLS 1.3 the server says more when the handshake is over.
        client.call(LocateRequest::default()).make().unwrap();
        client
    };
    let checked = PoolOptions { check_after: Duration::ZERO, ..PoolOptions::default() };
    let client = start(checked);
    let hasty = start(PoolOptions { check_after: Duration::from_secs(3600), ..checked });
    sockets.are_closed::<D>();
    let opened = client.status().opened();
    // A change is not made twice, and need not be: that the connection was closed shows before.
    let key = created(&client, "key");
    // What changes nothing is made again.
    assert_eq!(hasty.call(LocateRequest::new(named("key"))).make().unwrap().unique_identifier, [key]);
    assert_eq!(client.status().opened(), opened + u64::from(closes));
}
