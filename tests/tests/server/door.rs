//! Who is let in, what those are told who are not, and how a server ends.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::channel;
use std::thread;
use std::time::Duration;

use kmip_sdk::framing::Framing;
use kmip_sdk::server::{EmbeddedServer, Failure, ServerOptions};
use kmip_sdk::types::enumerations::{
    BatchErrorContinuationOption as Option_, Operation, ResultReason as R, ResultStatus as S,
};
use kmip_sdk::types::message::{Message, RequestBatchItem, RequestHeader, RequestMessage, ResponseMessage};
use kmip_sdk::types::operation::{LocateRequest, Request, RequestPayload, Response};
use kmip_sdk::types::{ProtocolVersion, Tag, Ttlv};
use kmip_sdk::{Client, ClientBuilder, ErrorKind};
use kmip_tests::patience::LONG;

use crate::support::create_aes;
use crate::tls::{BOTH, connect_to, listening};

#[derive(Ttlv)]
struct WaitRequest {
    #[ttlv(tag = 0x540001)]
    number: i32,
}

#[derive(Ttlv)]
struct WaitResponse {
    #[ttlv(tag = 0x540001)]
    number: i32,
}

const WAIT: Operation = Operation::Other(0x8000_0001);

impl Request for WaitRequest {
    const OPERATION: Operation = WAIT;
    type Response = WaitResponse;
}

impl Response for WaitResponse {}

fn trusting(builder: ClientBuilder, server: &EmbeddedServer) -> ClientBuilder {
    builder
        .root_certificates_pem(server.ca_certificate_pem())
        .identity_pem(server.client_certificate_pem(), server.client_key_pem())
}

fn over_https(server: &EmbeddedServer) -> ClientBuilder {
    trusting(Client::builder().address(format!("https://{}/kmip", server.https_address())), server)
}

#[test]
fn a_client_over_https_goes_elsewhere_where_there_is_no_room() {
    let full = EmbeddedServer::start_with(ServerOptions::default().maximum_connections(1)).unwrap();
    let other = EmbeddedServer::start().unwrap();
    let first = over_https(&full).connect().unwrap();
    // A request that changes something, of which 503 says that it was not done.
    let alone = over_https(&full).version(ProtocolVersion::V2_1).retries(kmip_sdk::RetryPolicy::NONE);
    let error = alone.build().unwrap().call(create_aes([])).send().unwrap_err();
    let retry_after = Some(Duration::from_secs(1));
    assert!(
        matches!(error.kind(), ErrorKind::HttpStatus { status: 503, retry_after: after, .. } if *after == retry_after),
        "{error}"
    );
    assert!(error.to_string().contains("no room for another connection"), "{error}");
    assert!(error.is_retryable() && !error.is_outcome_unknown(), "{error}");
    // Each server has an authority of its own.
    let both = over_https(&full)
        .address(format!("https://{}/kmip", other.https_address()))
        .root_certificates_pem(other.ca_certificate_pem())
        .version(ProtocolVersion::V2_1);
    // The other does not know this client, which is told so: it was asked.
    let error = both.build().unwrap().call(create_aes([])).send().unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Tls(_)), "{error}");
    first.call(LocateRequest::default()).send().unwrap();
    assert_eq!(first.call(LocateRequest::default()).send().unwrap().unique_identifier, []);
}

#[test]
fn peers_that_say_nothing_shut_nobody_out() {
    let options = ServerOptions::default().maximum_handshakes(3).maximum_connections(2);
    let options = options.handshake_timeout(2 * LONG).message_timeout(2 * LONG);
    let server = EmbeddedServer::start_with(options).unwrap();
    let silent: Vec<_> = (0..12).map(|_| TcpStream::connect(server.address()).unwrap()).collect();
    // All but the last three had to give up their places, and are told so.
    for mut peer in &silent[..9] {
        peer.set_read_timeout(Some(LONG)).unwrap();
        let mut alert = [0; 7];
        peer.read_exact(&mut alert).unwrap();
        assert_eq!(alert, [0x15, 3, 3, 0, 2, 2, 80]);
    }
    let ttlv = Client::builder().embedded(&server).connect().unwrap();
    let https = over_https(&server).connect().unwrap();
    ttlv.call(LocateRequest::default()).send().unwrap();
    https.call(LocateRequest::default()).send().unwrap();
    drop(silent);
}

/// Where the last room is taken while a handshake is under way, there is an answer of KMIP instead of one of TLS.
#[test]
fn who_comes_too_late_during_the_handshake_is_answered() {
    let server = EmbeddedServer::start_with(ServerOptions::default().maximum_connections(1)).unwrap();
    let mut late = connect_to(&server, server.address(), BOTH, true);
    late.conn.write_tls(&mut late.sock).unwrap();
    late.conn.read_tls(&mut late.sock).unwrap();
    let first = Client::builder().embedded(&server).connect().unwrap();
    let create = message(Option_::Stop, vec![(Operation::Create, create_aes([]).into())]);
    late.conn.process_new_packets().unwrap();
    late.write_all(&create).unwrap();
    late.flush().unwrap();
    let response = Framing::new(Tag::RESPONSE_MESSAGE).read_message(&mut late).unwrap().unwrap();
    let response = ResponseMessage::from_ttlv(&response).unwrap();
    assert_eq!(response.batch_item[0].result_reason, Some(R::ServerLimitExceeded));
    assert_eq!(first.call(LocateRequest::default()).send().unwrap().unique_identifier, []);
}

fn message(option: Option_, payloads: Vec<(Operation, RequestPayload)>) -> Vec<u8> {
    let count = i32::try_from(payloads.len()).unwrap();
    let mut request_header = RequestHeader::new(ProtocolVersion::V2_1, count);
    request_header.batch_error_continuation_option = Some(option);
    let batch_item = payloads.into_iter().enumerate().map(|(number, (operation, payload))| {
        let mut item = RequestBatchItem::new(operation, payload);
        item.unique_batch_item_id = Some(vec![u8::try_from(number).unwrap()]);
        item
    });
    RequestMessage { request_header, batch_item: batch_item.collect() }.to_ttlv().unwrap()
}

/// What comes of a batch of Create, an operation that lasts until the server takes no connections, that operation again,
/// and Create; and how often the operation was done. Between, the server ends like this.
fn ended_meanwhile(option: Option_, end: impl FnOnce(EmbeddedServer)) -> (Vec<(S, Option<R>)>, usize) {
    let done = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&done);
    let (begun, begins) = channel();
    let (address, addresses) = channel::<std::net::SocketAddr>();
    let addresses = std::sync::Mutex::new(addresses);
    let options = ServerOptions::default().operation(move |request: WaitRequest| {
        if count.fetch_add(1, Ordering::SeqCst) == 0 {
            begun.send(()).unwrap();
            let address = addresses.lock().unwrap().recv().unwrap();
            while TcpStream::connect(address).is_ok() {
                thread::yield_now();
            }
        }
        Ok::<_, Failure>(WaitResponse::new(request.number))
    });
    let server = EmbeddedServer::start_with(options).unwrap();
    address.send(server.address()).unwrap();
    let mut stream = connect_to(&server, server.address(), BOTH, true);
    let wait = |number| (WAIT, WaitRequest::new(number).into_payload(ProtocolVersion::V2_1).unwrap());
    let create = || (Operation::Create, create_aes([]).into());
    stream.write_all(&message(option, vec![create(), wait(1), wait(2), create()])).unwrap();
    stream.flush().unwrap();
    begins.recv().unwrap();
    end(server);
    let response = Framing::new(Tag::RESPONSE_MESSAGE).read_message(&mut stream).unwrap().unwrap();
    let response = ResponseMessage::from_ttlv(&response).unwrap();
    let statuses = response.batch_item.iter().map(|item| (item.result_status, item.result_reason));
    (statuses.collect(), done.load(Ordering::SeqCst))
}

#[test]
fn a_server_that_is_dropped_ends_a_batch_between_its_items() {
    let (success, ended) = ((S::Success, None), (S::OperationFailed, Some(R::InternalServerError)));
    let undone = (S::OperationUndone, None);
    for (option, expected) in [
        (Option_::Stop, vec![success, success, ended]),
        (Option_::Continue, vec![success, success, ended, ended]),
        (Option_::Undo, vec![undone, undone, ended]),
    ] {
        assert_eq!(ended_meanwhile(option, drop), (expected, 1), "{option:?}");
    }
}

#[test]
fn a_server_that_is_shut_down_finishes_what_it_was_asked() {
    let success = (S::Success, None);
    let shut_down = |server: EmbeddedServer| assert!(server.shutdown(LONG));
    assert_eq!(ended_meanwhile(Option_::Stop, shut_down), (vec![success; 4], 2));
}

#[test]
fn a_server_that_is_shut_down_leaves_idle_clients() {
    let patient = ServerOptions::default().handshake_timeout(2 * LONG).message_timeout(2 * LONG);
    let server = EmbeddedServer::start_with(patient).unwrap();
    let client = Client::builder().embedded(&server).connect().unwrap();
    client.call(LocateRequest::default()).send().unwrap();
    let _silent = TcpStream::connect(server.address()).unwrap();
    assert!(server.shutdown(LONG));
    assert!(client.call(LocateRequest::default()).send().is_err());
}

#[test]
fn an_operation_that_lasts_is_in_nobodys_way() {
    let (enough, lasts) = channel::<()>();
    let lasts = std::sync::Mutex::new(lasts);
    let (begun, begins) = channel();
    let options = ServerOptions::default().operation(move |request: WaitRequest| {
        begun.send(()).unwrap();
        lasts.lock().unwrap().recv().unwrap();
        Ok::<_, Failure>(WaitResponse::new(request.number))
    });
    let server = EmbeddedServer::start_with(options).unwrap();
    let client = Client::builder().embedded(&server).connect().unwrap();
    thread::scope(|scope| {
        let waiting: Vec<_> = (0..6)
            .map(|number| {
                scope.spawn({
                    let client = client.clone();
                    move || client.call(WaitRequest::new(number)).send().unwrap().number
                })
            })
            .collect();
        begins.recv().unwrap();
        let key = client.call(create_aes([])).send().unwrap().unique_identifier;
        assert_eq!(over_https(&server).connect().unwrap().get(&key).send().unwrap().unique_identifier, key);
        (0..6).for_each(|_| enough.send(()).unwrap());
        for (number, waiting) in (0..).zip(waiting) {
            assert_eq!(waiting.join().unwrap(), number);
        }
    });
}

#[test]
fn a_server_may_be_dropped_within_another_runtime() {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(async {
        let server = EmbeddedServer::start().unwrap();
        let listens = listening(&server, server.address());
        drop(server);
        assert!(!listens());
        assert!(EmbeddedServer::start().unwrap().shutdown(LONG));
    });
}
