//! To answer the server on a connection of the client's (Set Endpoint Role), and on a port of one's own.

use std::thread;
use std::time::{Duration, Instant};

use kmip_sdk::endpoint::{Ending, Endpoint, Failure, Served};
use kmip_sdk::framing::{Framing, FramingError};
use kmip_sdk::server::{EmbeddedServer, Listener, Server, ServerOptions, StartError};
use kmip_sdk::types::enumerations::{EndpointRole, Operation, PutFunction, ResultReason, ResultStatus};
use kmip_sdk::types::message::{Message, ResponseBatchItem, ResponseMessage};
use kmip_sdk::types::operation::{ResponsePayload, SetEndpointRoleResponse};
use kmip_sdk::types::{ProtocolVersion, Tag};
use kmip_sdk::{Client, Closed, Error, ErrorKind, Phase, PoolOptions, generic};
use kmip_tests::patience::{LONG, briefly, eventually, in_time};

use crate::drivers::{Drives, Make, RUNTIME, Start, with_both_drivers};
use crate::endpoint::{Seen, message, notify, put};
use crate::peer::{
    CERTIFICATES, Script, Stream, builder_of, locates_nothing, receive, response, script, send, tls_peer,
};

/// A client of the server's, with one connection at most.
fn client<D: Drives>(server: &EmbeddedServer) -> generic::Client<D> {
    let one = PoolOptions { maximum: 1, ..PoolOptions::default() };
    D::builder().embedded(server).pool(one).start().unwrap()
}

/// What comes of a client that answers the server by an endpoint, while the server does this to it.
fn while_serving<D: Drives>(
    server: &EmbeddedServer,
    client: &generic::Client<D>,
    endpoint: Endpoint,
    ask: impl FnOnce(&Client),
) -> Result<Served, Error> {
    thread::scope(|scope| {
        let served = scope.spawn(|| client.serve(endpoint).make());
        let asking = server.client_endpoint(LONG).expect("the client takes the server's role");
        ask(&Client::builder().service(asking).connect().unwrap());
        served.join().unwrap()
    })
}

fn the_server_asks_until_the_endpoint_ends_it<D: Drives>() {
    let server = EmbeddedServer::start().unwrap();
    let client = client::<D>(&server);
    let seen = Seen::default();
    let served = while_serving(&server, &client, seen.endpoint(), |asking| {
        assert_eq!(asking.version(), Some(ProtocolVersion::V2_1));
        assert!(asking.capabilities().send().unwrap().query.operation.contains(&Operation::Put));
        asking.call(notify("k-1")).send().unwrap();
        asking.call(put(PutFunction::New)).send().unwrap();
        let error = asking.call(notify("refused")).send().unwrap_err();
        assert_eq!(error.reason(), Some(ResultReason::ObjectNotFound));
        let error = asking.get("k-1").send().unwrap_err();
        assert_eq!(error.reason(), Some(ResultReason::OperationNotSupported));
        let mut both = asking.call_batch((notify("k-2"), put(PutFunction::New))).send().unwrap();
        assert!(both.0.is_ok() && both.1.is_ok());
        both.0 = asking.call(notify("k-3")).send();
        assert!(both.0.is_ok());
        // The only connection of the pool is not missing.
        assert_eq!(client.status().in_use(), 0);
        client.ping().make().unwrap();
        asking.call(notify("last")).send().unwrap();
        let error = asking.call(notify("k-4")).send().unwrap_err();
        assert!(matches!(error.phase(), Phase::Receive | Phase::Send), "{error}");
    });
    let served = served.unwrap();
    assert_eq!(served.ending, Ending::Handler);
    // Discover Versions, Query and seven more.
    assert_eq!((served.messages, seen.counts()), (9, (4, 2)));
    assert_eq!(*seen.put.lock().unwrap(), [put(PutFunction::New), put(PutFunction::New)]);
    let status = client.status();
    assert_eq!((status.in_use(), status.idle(), status.opened()), (0, 1, 2), "{status:?}");
    assert_eq!(status.closed(Closed::Turned), 1);
}

fn it_ends_with_the_connection_or_the_role<D: Drives>() {
    let server = EmbeddedServer::start().unwrap();
    let client = client::<D>(&server);
    for round in 1..=3 {
        let served = while_serving(&server, &client, Endpoint::new(), |_| {}).unwrap();
        assert_eq!((served.messages, served.ending), (1, Ending::Closed));
        let served = while_serving(&server, &client, Endpoint::new(), |asking| {
            // That it is a server changes nothing.
            asking.set_endpoint_role(EndpointRole::Server).send().unwrap();
            let answer = asking.set_endpoint_role(EndpointRole::Client).send().unwrap();
            assert_eq!(answer.endpoint_role, EndpointRole::Client);
        });
        let served = served.unwrap();
        assert_eq!((served.messages, served.ending), (3, Ending::Role));
        assert_eq!(client.status().closed(Closed::Turned), 2 * round);
    }
    client.ping().make().unwrap();
    let status = client.status();
    assert_eq!((status.in_use(), status.idle(), status.opened()), (0, 1, 7), "{status:?}");
}

fn it_ends_with_its_time<D: Drives>() {
    briefly(|brief| {
        let server = EmbeddedServer::start().unwrap();
        let client = client::<D>(&server);
        let begun = Instant::now();
        let served = in_time(client.serve(Endpoint::new()).timeout(brief).make())?;
        assert_eq!((served.messages, served.ending), (0, Ending::Time));
        assert!(begun.elapsed() >= brief);
        // Nobody takes the connection that is over.
        drop(server.client_endpoint(LONG).expect("it was turned around"));
        client.ping().make().unwrap();
        let status = client.status();
        assert_eq!((status.in_use(), status.idle(), status.opened()), (0, 1, 2), "{status:?}");
        assert_eq!(status.closed(Closed::Turned), 1);
        Some(())
    });
}

/// What a function was asked it answers, though the time ends meanwhile.
fn an_answer_that_is_there_is_given<D: Drives>() {
    briefly(|brief| {
        let server = EmbeddedServer::start().unwrap();
        let client = client::<D>(&server);
        let slow = Endpoint::new().on_notify(move |_| {
            thread::sleep(brief);
            Ok(())
        });
        thread::scope(|scope| {
            let served = scope.spawn(|| client.serve(slow).timeout(brief).make());
            let asking = server.client_endpoint(brief).map(|asking| {
                Client::builder().service(asking).version(ProtocolVersion::V2_1).build().unwrap()
            });
            let asked = asking.as_ref().map(|asking| asking.call(notify("k-1")).send());
            let served = in_time(served.join().unwrap())?;
            assert_eq!(served.ending, Ending::Time);
            // Nobody was asked before it was over.
            if served.messages == 0 {
                return None;
            }
            asked.expect("it was asked").unwrap();
            Some(())
        })
    });
}

/// A raw call that makes the server a client leaves a connection on which nobody answers.
fn a_connection_whose_roles_were_changed_is_not_kept<D: Drives>() {
    let server = EmbeddedServer::start().unwrap();
    let client = client::<D>(&server);
    let answer = client.set_endpoint_role(EndpointRole::Client).make().unwrap();
    assert_eq!(answer.endpoint_role, EndpointRole::Client);
    assert_eq!((client.status().in_use(), client.status().idle()), (0, 0));
    client.set_endpoint_role(EndpointRole::Server).make().unwrap();
    client.ping().make().unwrap();
    let status = client.status();
    assert_eq!((status.idle(), status.opened(), status.closed(Closed::Turned)), (1, 2, 1), "{status:?}");
}

fn what_cannot_be_turned_around_is_an_error<D: Drives>() {
    let server = EmbeddedServer::start().unwrap();
    let embedded = || D::builder().embedded(&server);
    let error =
        embedded().version(ProtocolVersion::V1_4).start().unwrap().serve(Endpoint::new()).make().unwrap_err();
    assert_eq!(error.phase(), Phase::Encode, "{error}");
    assert!(error.to_string().contains("1.4"), "{error}");

    let https = D::builder()
        .address(format!("https://{}/kmip", server.https_address()))
        .root_certificates_pem(server.ca_certificate_pem())
        .identity_pem(server.client_certificate_pem(), server.client_key_pem());
    for builder in [https, D::builder().service(Server::default())] {
        let client = builder.version(ProtocolVersion::V2_1).start().unwrap();
        let error = client.serve(Endpoint::new()).make().unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Transport { .. }), "{error}");
        assert!(!error.is_outcome_unknown());
        assert_eq!(client.status().in_use(), 0);
        let error = client.set_endpoint_role(EndpointRole::Client).make().unwrap_err();
        assert_eq!(error.reason(), Some(ResultReason::FeatureNotSupported), "{error}");
    }
}

/// The answer of a server to the change of roles.
fn role_is(request: &[u8], role: EndpointRole) -> Vec<u8> {
    let payload = ResponsePayload::SetEndpointRole(SetEndpointRoleResponse { endpoint_role: role });
    answer(request, ResponseBatchItem::success(Operation::SetEndpointRole, payload))
}

fn answer(request: &[u8], mut item: ResponseBatchItem) -> Vec<u8> {
    let asked = kmip_sdk::types::message::RequestMessage::from_ttlv(request).unwrap();
    item.unique_batch_item_id.clone_from(&asked.batch_item[0].unique_batch_item_id);
    response(request, vec![item]).to_ttlv().unwrap()
}

/// A client of a server that does this on its only connection.
fn of_peer<D: Drives>(scripts: Vec<Script>) -> generic::Client<D> {
    builder_of::<D>(tls_peer(scripts)).version(ProtocolVersion::V2_1).start_late().unwrap()
}

fn receive_answer(stream: &mut Stream) -> ResponseMessage {
    let answer = Framing::new(Tag::RESPONSE_MESSAGE).read_message(stream).unwrap().unwrap();
    ResponseMessage::from_ttlv(&answer).unwrap()
}

fn requests_may_come_together_and_right_behind_the_answer<D: Drives>() {
    let client = of_peer::<D>(vec![script(|stream| {
        let request = receive(stream).unwrap();
        let first = message(ProtocolVersion::V2_1, None, vec![(Operation::Notify, notify("k-1").into())]);
        let second =
            message(ProtocolVersion::V1_0, None, vec![(Operation::Put, put(PutFunction::New).into())]);
        send(stream, &[role_is(&request, EndpointRole::Client), first, second].concat());
        for version in [ProtocolVersion::V2_1, ProtocolVersion::V1_0] {
            let answer = receive_answer(stream);
            assert_eq!(answer.response_header.protocol_version, version);
            assert_eq!(answer.batch_item[0].result_status, ResultStatus::Success);
        }
    })]);
    let seen = Seen::default();
    let served = client.serve(seen.endpoint()).make().unwrap();
    assert_eq!((served.messages, served.ending, seen.counts()), (2, Ending::Closed, (1, 1)));
}

fn what_is_no_request_is_refused_and_ends_it<D: Drives>() {
    let too_large = {
        let mut bytes = vec![0x42, 0x00, 0x78, 0x01];
        bytes.extend(1_u32.rotate_right(4).to_be_bytes());
        bytes
    };
    for (bytes, is_expected) in [
        (too_large, (|error| matches!(error, FramingError::SizeLimit { .. })) as fn(&FramingError) -> bool),
        (vec![0x42, 0x00, 0x7B, 1, 0, 0, 0, 0], |error| matches!(error, FramingError::UnexpectedTag { .. })),
        (vec![0x42, 0x00, 0x78, 2, 0, 0, 0, 4], |error| {
            matches!(error, FramingError::UnexpectedItemType { .. })
        }),
    ] {
        let client = of_peer::<D>(vec![script(move |stream| {
            let request = receive(stream).unwrap();
            send(stream, &role_is(&request, EndpointRole::Client));
            send(stream, &bytes);
            let answer = receive_answer(stream);
            assert_eq!(answer.batch_item[0].result_reason, Some(ResultReason::InvalidMessage));
        })]);
        let error = client.serve(Endpoint::new()).make().unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Framing(framing) if is_expected(framing)), "{error}");
        assert_eq!(client.status().in_use(), 0);
    }
}

fn a_malformed_request_is_answered_and_the_next_one_too<D: Drives>() {
    let client = of_peer::<D>(vec![script(|stream| {
        let request = receive(stream).unwrap();
        send(stream, &role_is(&request, EndpointRole::Client));
        // A message without anything in it.
        send(stream, &[0x42, 0x00, 0x78, 1, 0, 0, 0, 0]);
        assert_eq!(receive_answer(stream).batch_item[0].result_reason, Some(ResultReason::InvalidMessage));
        let notify = message(ProtocolVersion::V2_1, None, vec![(Operation::Notify, notify("last").into())]);
        send(stream, &notify);
        assert_eq!(receive_answer(stream).batch_item[0].result_status, ResultStatus::Success);
    })]);
    let seen = Seen::default();
    let served = client.serve(seen.endpoint()).make().unwrap();
    assert_eq!((served.messages, served.ending, seen.counts()), (2, Ending::Handler, (1, 0)));
}

fn a_server_that_keeps_its_role_keeps_the_connection<D: Drives>() {
    let client = of_peer::<D>(vec![script(|stream| {
        let request = receive(stream).unwrap();
        let item = ResponseBatchItem::failure(
            Some(Operation::SetEndpointRole),
            ResultReason::PermissionDenied,
            "not you",
        );
        send(stream, &answer(&request, item));
        let request = receive(stream).unwrap();
        send(stream, &role_is(&request, EndpointRole::Server));
        locates_nothing(stream);
    })]);
    let error = client.serve(Endpoint::new()).make().unwrap_err();
    assert_eq!(error.reason(), Some(ResultReason::PermissionDenied), "{error}");
    let error = client.serve(Endpoint::new()).make().unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Transport { .. }), "{error}");
    client.call(kmip_sdk::types::operation::LocateRequest::default()).make().unwrap();
    let status = client.status();
    assert_eq!((status.opened(), status.idle(), status.closed(Closed::Turned)), (1, 1, 0), "{status:?}");
}

/// It says that it stays a server, and asks all the same: that would be taken for the answer to the next request.
fn what_a_server_asks_that_keeps_its_role_ends_the_connection<D: Drives>() {
    let client = of_peer::<D>(vec![
        script(|stream| {
            let request = receive(stream).unwrap();
            let notify =
                message(ProtocolVersion::V2_1, None, vec![(Operation::Notify, notify("k-1").into())]);
            send(stream, &[role_is(&request, EndpointRole::Server), notify].concat());
            assert!(receive(stream).is_none());
        }),
        script(locates_nothing),
    ]);
    let seen = Seen::default();
    let error = client.serve(seen.endpoint()).make().unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Transport { .. }), "{error}");
    client.call(kmip_sdk::types::operation::LocateRequest::default()).make().unwrap();
    assert_eq!((seen.counts(), client.status().opened()), ((0, 0), 2));
}

fn a_message_that_does_not_end_is_an_error<D: Drives>() {
    let client = of_peer::<D>(vec![script(|stream| {
        let request = receive(stream).unwrap();
        send(stream, &role_is(&request, EndpointRole::Client));
        let notify = message(ProtocolVersion::V2_1, None, vec![(Operation::Notify, notify("k-1").into())]);
        send(stream, &notify[..notify.len() - 8]);
    })]);
    let error = client.serve(Endpoint::new()).make().unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Framing(FramingError::Truncated { .. })), "{error}");
}

with_both_drivers!(
    the_server_asks_until_the_endpoint_ends_it,
    it_ends_with_the_connection_or_the_role,
    it_ends_with_its_time,
    an_answer_that_is_there_is_given,
    a_connection_whose_roles_were_changed_is_not_kept,
    what_cannot_be_turned_around_is_an_error,
    requests_may_come_together_and_right_behind_the_answer,
    what_is_no_request_is_refused_and_ends_it,
    a_malformed_request_is_answered_and_the_next_one_too,
    a_server_that_keeps_its_role_keeps_the_connection,
    what_a_server_asks_that_keeps_its_role_ends_the_connection,
    a_message_that_does_not_end_is_an_error,
);

#[test]
fn an_async_call_that_is_dropped_ends_its_connection() {
    let server = EmbeddedServer::start().unwrap();
    let client = client::<kmip_sdk::tokio::Tokio>(&server);
    let serving = {
        let client = client.clone();
        RUNTIME.spawn(async move { client.serve(Endpoint::new()).await })
    };
    let asking = Client::builder().service(server.client_endpoint(LONG).unwrap()).connect().unwrap();
    serving.abort();
    assert!(RUNTIME.block_on(serving).unwrap_err().is_cancelled());
    assert!(asking.call(notify("k-1")).send().is_err());
    client.ping().make().unwrap();
    assert_eq!(client.status().in_use(), 0);
}

#[test]
fn a_connection_that_nobody_takes_is_closed_in_time() {
    let options = ServerOptions::default().idle_timeout(Duration::from_secs(1)).maximum_connections(1);
    let server = EmbeddedServer::start_with(options).unwrap();
    let one = PoolOptions { maximum: 1, ..PoolOptions::default() };
    let client = Client::builder().embedded(&server).pool(one).build().unwrap();
    thread::scope(|scope| {
        let served = scope.spawn(|| client.serve(Endpoint::new()).send());
        eventually(|| client.status().closed(Closed::Turned) == 1);
        // There is room for one connection, which is that one until its time is over and somebody else comes.
        eventually(|| client.ping().send().is_ok());
        assert_eq!(served.join().unwrap().unwrap().ending, Ending::Closed);
    });
    assert!(server.client_endpoint(Duration::ZERO).is_none());
}

#[test]
fn a_server_that_ends_takes_the_turned_connections_with_it() {
    let patient = ServerOptions::default().message_timeout(2 * LONG);
    let server = EmbeddedServer::start_with(patient).unwrap();
    let client = client::<kmip_sdk::Blocking>(&server);
    thread::scope(|scope| {
        let [one, other] = [(); 2].map(|()| scope.spawn(|| client.serve(Endpoint::new()).send()));
        let taken = server.client_endpoint(LONG).unwrap();
        // The other one is turned around too, and nobody takes it.
        eventually(|| client.status().closed(Closed::Turned) == 2);
        let begun = Instant::now();
        drop(server);
        assert!(begun.elapsed() < LONG, "{:?}", begun.elapsed());
        assert!(kmip_sdk::Service::exchange(&taken, &[]).is_empty());
        let endings = [one, other].map(|served| served.join().unwrap().unwrap().ending);
        assert_eq!(endings, [Ending::Closed; 2]);
    });
}

/// A listener for the endpoint with certificates of the tests' authority.
fn listener(endpoint: Endpoint) -> Result<Listener, StartError> {
    let it = &CERTIFICATES;
    Listener::builder(endpoint)
        .identity_pem(it.server.certificate_pem(), it.server.key_pem())
        .root_certificates_pem(it.ca_pem())
        .maximum_request_size(1 << 12)
        .maximum_connections(2)
        .listen("127.0.0.1:0")
}

/// What a server reaches the listener by.
fn to(listener: &Listener) -> kmip_sdk::ClientBuilder {
    builder_of::<kmip_sdk::Blocking>(listener.address()).version(ProtocolVersion::V2_1)
}

#[test]
fn a_listener_serves_an_endpoint_over_tls() {
    let seen = Seen::default();
    let listener = listener(seen.endpoint()).unwrap();
    let server = to(&listener).connect().unwrap();
    server.call(notify("k-1")).send().unwrap();
    server.call(put(PutFunction::New)).send().unwrap();
    assert_eq!(
        server.call(notify("refused")).send().unwrap_err().reason(),
        Some(ResultReason::ObjectNotFound)
    );
    // That an endpoint wants to end says nothing here, and nobody changes roles.
    server.call(notify("last")).send().unwrap();
    let error = server.set_endpoint_role(EndpointRole::Client).send().unwrap_err();
    assert_eq!(error.reason(), Some(ResultReason::FeatureNotSupported));
    assert_eq!((seen.counts(), server.status().opened()), ((2, 1), 1));

    let error = server.call(notify(&"k".repeat(1 << 12))).send().unwrap_err();
    assert_eq!(error.reason(), Some(ResultReason::InvalidMessage), "{error}");
    // What was to follow there cannot be told apart.
    let server = to(&listener).connect().unwrap();
    server.call(notify("k-2")).send().unwrap();

    let nobody = Client::builder()
        .address(listener.address().to_string())
        .root_certificates_pem(CERTIFICATES.ca_pem())
        .connect();
    assert_eq!(nobody.unwrap_err().phase(), Phase::Tls);
    drop(listener);
    assert!(server.call(notify("k-3")).send().is_err());
    assert_eq!(seen.counts(), (3, 1));
}

#[test]
fn a_listener_has_as_many_connections_as_it_may() {
    let listener = listener(Seen::default().endpoint()).unwrap();
    let connect = || to(&listener).connect();
    let two = [connect().unwrap(), connect().unwrap()];
    for server in &two {
        // Each has its place only once the listener too is through the handshake, which a client may end before.
        server.call(notify("k-1")).send().unwrap();
    }
    assert!(connect().is_err());
}

#[test]
fn a_function_that_panics_fails_its_request_alone() {
    let listener = listener(Endpoint::new().on_notify(|notify| -> Result<(), Failure> {
        assert!(notify.unique_identifier != "k-0".into(), "this is to be caught");
        Ok(())
    }));
    let listener = listener.unwrap();
    let server = to(&listener).connect().unwrap();
    assert_eq!(server.call(notify("k-0")).send().unwrap_err().reason(), Some(ResultReason::GeneralFailure));
    server.call(notify("k-1")).send().unwrap();
    assert_eq!(server.status().opened(), 1);
}

#[test]
fn a_listener_without_what_it_needs_does_not_start() {
    let it = &CERTIFICATES;
    let (certificate, key) = (it.server.certificate_pem(), it.server.key_pem());
    let start =
        |builder: kmip_sdk::server::ListenerBuilder<Endpoint>| builder.listen("127.0.0.1:0").unwrap_err();
    let builder = || Listener::builder(Endpoint::new());
    let error = start(builder().root_certificates_pem(it.ca_pem()));
    assert!(matches!(error, StartError::Configuration(_)), "{error:?}");
    let error =
        start(builder().identity_pem(&certificate, it.client.key_pem()).root_certificates_pem(it.ca_pem()));
    assert!(matches!(error, StartError::Configuration(_)), "{error:?}");
    // Whoever comes would be trusted.
    let error = start(builder().identity_pem(&certificate, &key));
    assert!(matches!(error, StartError::Verifier(_)), "{error:?}");
    let taken = listener(Endpoint::new()).unwrap();
    let error =
        builder().identity_pem(&certificate, &key).root_certificates_pem(it.ca_pem()).listen(taken.address());
    assert!(matches!(error.unwrap_err(), StartError::Listen(_)));
}
