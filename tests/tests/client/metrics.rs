//! What a client counts, through the facade of the crate `metrics`.

use kmip_sdk::Client;
use kmip_sdk::server::{Server, ServerOptions};
use kmip_sdk::types::ProtocolVersion;
use kmip_sdk::types::operation::{GetRequest, LocateRequest};
use kmip_tests::counts::Counts;

#[test]
fn counts_calls_attempts_and_connections() {
    let counts = Counts::default();
    metrics::with_local_recorder(&counts, || {
        let server = Server::new(ServerOptions::default());
        let client = Client::builder().service(server).version(ProtocolVersion::V2_1).build().unwrap();
        for _ in 0..3 {
            client.call(LocateRequest::default()).send().unwrap();
        }
        // That the operation failed is known when its result is taken: the call went well.
        client.call(GetRequest::new("nothing")).send().unwrap_err();
        let mute = Client::builder().service(|_: &[u8]| Vec::new()).version(ProtocolVersion::V2_1).build();
        mute.unwrap().call(LocateRequest::default()).send().unwrap_err();
    });
    for (name, expected) in [
        ("kmip_client_calls_total operation=Locate result=ok", 3),
        ("kmip_client_calls_total operation=Get result=ok", 1),
        ("kmip_client_calls_total operation=Locate result=receive", 1),
        // Three times one, and one that was made three times.
        ("kmip_client_attempts_total operation=Locate", 6),
        ("kmip_client_call_seconds operation=Locate", 4),
    ] {
        assert_eq!(counts.count(name), Some(expected), "{name}: {:?}", counts.names());
    }
}
