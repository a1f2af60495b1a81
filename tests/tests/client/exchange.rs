//! Exchanges: what the client makes of a peer that is slow, silent, gone, or wrong.

use std::sync::{Arc, Mutex, mpsc};
use std::time::{Duration, Instant};

use kmip_sdk::framing::FramingError;
use kmip_sdk::types::attribute::Attributes;
use kmip_sdk::types::enumerations::{ObjectType, OpaqueDataType, Operation, ResultReason};
use kmip_sdk::types::message::{Authentication, Credential, Message, RequestMessage, ResponseBatchItem};
use kmip_sdk::types::object::{ManagedObject, OpaqueObject};
use kmip_sdk::types::operation::{
    ActivateRequest, CreateRequest, GetRequest, GetResponse, LocateRequest, ResponsePayload,
};
use kmip_sdk::types::{Limits, ProtocolVersion};
use kmip_sdk::{
    Batch, Client, Closed, Direction, Error, ErrorKind, Phase, PoolOptions, RequestOptions, ResponseError,
    RetryPolicy,
};

use crate::peer::{
    Script, Stream, builder, locates_nothing, nothing_located, receive, response, script, send, tls_peer,
};

/// Keeps the connection as it is until the client goes.
fn hang(stream: &mut Stream) {
    while receive(stream).is_some() {}
}

/// Answers one request with these bytes, then hangs.
fn answers(answer: impl FnOnce(&[u8]) -> Vec<u8> + Send + 'static) -> Script {
    script(move |stream| {
        let request = receive(stream).unwrap();
        send(stream, &answer(&request));
        hang(stream);
    })
}

/// A client of a peer that does these scripts, one a connection, and then answers as it should.
fn client(mut scripts: Vec<Script>) -> Client {
    scripts.push(script(locates_nothing));
    builder(tls_peer(scripts)).connect().unwrap()
}

/// That a change failed so that its outcome is unknown, and the next call goes over another connection.
fn leaves_the_outcome_unknown(client: &Client, phase: Phase) -> Error {
    let error = client.call(ActivateRequest::new("k-1")).send().unwrap_err();
    assert_eq!(error.phase(), phase, "{error}");
    assert!(error.is_outcome_unknown() && !error.is_retryable(), "{error}");
    client.call(LocateRequest::default()).send().unwrap();
    assert_eq!(client.status().opened(), 2);
    error
}

#[test]
fn times_out_on_silence() {
    for overall in [false, true] {
        let brief = Duration::from_millis(150);
        let builder = builder(tls_peer(vec![script(hang), script(locates_nothing)]));
        let builder = if overall { builder.overall_timeout(brief) } else { builder.read_timeout(brief) };
        let client = builder.connect().unwrap();
        let start = Instant::now();
        let error = leaves_the_outcome_unknown(&client, Phase::Receive);
        assert!(error.is_timeout(), "{error}");
        let ErrorKind::Framing(FramingError::TimedOut { done: 0 }) = error.kind() else { panic!("{error}") };
        assert!(start.elapsed() >= brief && start.elapsed() < Duration::from_secs(10));
    }
}

#[test]
fn times_out_on_bytes_that_drip() {
    // Each byte in a record of its own, and the bytes of the records one by one.
    let records: fn(&mut Stream) = |stream| {
        let answer = nothing_located(&receive(stream).unwrap()).to_ttlv().unwrap();
        for byte in answer {
            std::thread::sleep(Duration::from_millis(20));
            send(stream, &[byte]);
        }
    };
    let bytes: fn(&mut Stream) = |stream| {
        let answer = nothing_located(&receive(stream).unwrap()).to_ttlv().unwrap();
        stream.sock.drip = Some(Duration::from_millis(20));
        send(stream, &answer);
    };
    for drips in [records, bytes] {
        let brief = Duration::from_millis(300);
        let client = builder(tls_peer(vec![script(drips), script(locates_nothing)]))
            .overall_timeout(brief)
            .connect()
            .unwrap();
        let start = Instant::now();
        let error = leaves_the_outcome_unknown(&client, Phase::Receive);
        assert!(error.is_timeout(), "{error}");
        assert!(start.elapsed() >= brief && start.elapsed() < Duration::from_secs(10));
    }
}

#[test]
fn times_out_on_a_request_that_is_not_taken() {
    let (done, wait) = mpsc::channel::<()>();
    let shakes_hands_only = script(move |stream| {
        while stream.conn.is_handshaking() {
            stream.conn.complete_io(&mut stream.sock).unwrap();
        }
        let _ = wait.recv();
    });
    let brief = Duration::from_millis(300);
    let limits = Limits { size: 64 << 20, ..Limits::default() };
    let address = tls_peer(vec![shakes_hands_only]);
    let client = builder(address).write_timeout(brief).limits(limits).connect().unwrap();
    // More than the buffers of two sockets hold.
    let start = Instant::now();
    let error = client.exchange(&vec![0; 32 << 20]).send().unwrap_err();
    assert_eq!(error.phase(), Phase::Send, "{error}");
    assert!(error.is_timeout() && error.is_outcome_unknown(), "{error}");
    assert!(start.elapsed() >= brief && start.elapsed() < Duration::from_secs(10));
    drop(done);
}

#[test]
fn reports_a_peer_that_closes_instead_of_answering() {
    let client = client(vec![script(|stream| drop(receive(stream)))]);
    let error = leaves_the_outcome_unknown(&client, Phase::Receive);
    assert!(matches!(error.kind(), ErrorKind::Closed), "{error}");
}

#[test]
fn calls_what_changes_nothing_retryable() {
    let address = tls_peer(vec![script(|stream| drop(receive(stream)))]);
    let client = builder(address).retries(RetryPolicy::NONE).connect().unwrap();
    let error = client.call(GetRequest::new("k-1")).send().unwrap_err();
    assert!(error.is_outcome_unknown() && error.is_retryable(), "{error}");
}

#[test]
fn reports_a_peer_that_closes_inside_a_message() {
    for keep in [1, 7, 8, 9, 100] {
        let client = client(vec![script(move |stream| {
            let answer = nothing_located(&receive(stream).unwrap()).to_ttlv().unwrap();
            send(stream, &answer[..keep]);
        })]);
        let error = leaves_the_outcome_unknown(&client, Phase::Receive);
        let ErrorKind::Framing(FramingError::Truncated { read, .. }) = error.kind() else {
            panic!("{error}")
        };
        assert_eq!(*read, keep);
    }
}

#[test]
fn rejects_what_is_no_response() {
    type Check = fn(&FramingError) -> bool;
    let cases: [(&[u8], Check); 3] = [
        (&[0x42, 0, 0x7B, 1, 0xFF, 0xFF, 0xFF, 0xF8, 0, 0, 0, 0], |error| {
            matches!(error, FramingError::SizeLimit { size: 0x1_0000_0000, limit: 0x0100_0000 })
        }),
        (
            b"Who is there?\r\n",
            |error| matches!(error, FramingError::UnexpectedTag { found, .. } if found.value() == 0x57_686F),
        ),
        (&[0x42, 0, 0x7B, 7, 0, 0, 0, 0], |error| {
            matches!(error, FramingError::UnexpectedItemType { found: 7 })
        }),
    ];
    for (answer, check) in cases {
        let client = client(vec![answers(|_| answer.to_vec())]);
        let error = leaves_the_outcome_unknown(&client, Phase::Receive);
        let ErrorKind::Framing(kind) = error.kind() else { panic!("{error}") };
        assert!(check(kind), "{kind:?}");
    }
    let client = client(vec![answers(|_| b"HTTP/1.1 400 Bad Request\r\n\r\n".to_vec())]);
    let error = leaves_the_outcome_unknown(&client, Phase::Receive);
    assert!(matches!(error.kind(), ErrorKind::OtherProtocol { spoken: "HTTP", expected: "KMIP" }), "{error}");
}

#[test]
fn rejects_an_answer_to_something_else() {
    type Change = fn(&mut kmip_sdk::types::message::ResponseMessage);
    let cases: [(Change, ResponseError); 3] = [
        (
            |message| message.response_header.batch_count = 2,
            ResponseError::BatchCount { declared: 2, found: 1 },
        ),
        (
            |_| {},
            ResponseError::Operation {
                item: 0,
                expected: Operation::Activate,
                found: Some(Operation::Locate),
            },
        ),
        (
            |message| message.response_header.protocol_version = ProtocolVersion::V1_1,
            ResponseError::Version { expected: ProtocolVersion::V1_4, found: ProtocolVersion::V1_1 },
        ),
    ];
    for (change, expected) in cases {
        let client = client(vec![answers(move |request| {
            // Locate, whatever was asked for.
            let payload = ResponsePayload::Locate(Default::default());
            let item = ResponseBatchItem::success(Operation::Locate, payload);
            let mut message = response(request, vec![item]);
            change(&mut message);
            message.to_ttlv().unwrap()
        })]);
        let error = leaves_the_outcome_unknown(&client, Phase::Decode);
        let ErrorKind::Response(found) = error.kind() else { panic!("{error}") };
        assert_eq!(*found, expected);
    }
}

#[test]
fn closes_on_a_response_that_cannot_be_decoded() {
    let client = client(vec![answers(|request| {
        let mut answer = nothing_located(request).to_ttlv().unwrap();
        // The type of the response header.
        answer[11] = 0x02;
        answer
    })]);
    let error = leaves_the_outcome_unknown(&client, Phase::Decode);
    assert!(matches!(error.kind(), ErrorKind::Decode(_)), "{error}");
}

/// A pool whose connections are looked at before each use.
fn checked() -> PoolOptions {
    PoolOptions { check_after: Duration::ZERO, ..PoolOptions::default() }
}

#[test]
fn replaces_a_closed_connection_before_it_sends() {
    let (closed, wait) = mpsc::channel();
    let address = tls_peer(vec![
        script(move |stream| {
            let answer = nothing_located(&receive(stream).unwrap()).to_ttlv().unwrap();
            send(stream, &answer);
            stream.conn.send_close_notify();
            let _ = std::io::Write::flush(stream);
            closed.send(()).unwrap();
        }),
        script(locates_nothing),
    ]);
    let client = builder(address).pool(checked()).connect().unwrap();
    client.call(LocateRequest::default()).send().unwrap();
    wait.recv().unwrap();
    std::thread::sleep(Duration::from_millis(50));
    client.call(LocateRequest::default()).send().unwrap();
    assert_eq!((client.status().opened(), client.status().closed(Closed::ByServer)), (2, 1));
}

#[test]
fn takes_no_answer_that_came_unasked() {
    let (ask, asked) = mpsc::channel();
    let (sent, wait) = mpsc::channel();
    let answers_twice = script(move |stream: &mut Stream| {
        let answer = nothing_located(&receive(stream).unwrap()).to_ttlv().unwrap();
        send(stream, &answer);
        asked.recv().unwrap();
        send(stream, &answer);
        sent.send(()).unwrap();
        hang(stream);
    });
    let address = tls_peer(vec![answers_twice, script(locates_nothing)]);
    let client = builder(address).pool(checked()).connect().unwrap();
    client.call(LocateRequest::default()).send().unwrap();
    ask.send(()).unwrap();
    wait.recv().unwrap();
    std::thread::sleep(Duration::from_millis(50));
    client.call(LocateRequest::default()).send().unwrap();
    assert_eq!((client.status().opened(), client.status().closed(Closed::ByServer)), (2, 1));
}

#[test]
fn never_repeats_what_may_have_taken_effect() {
    let address = tls_peer(vec![script(|stream| drop(receive(stream))), script(locates_nothing)]);
    let client = builder(address).connect().unwrap();
    assert!(client.call(ActivateRequest::new("k-1")).send().unwrap_err().is_outcome_unknown());
    client.call(LocateRequest::default()).send().unwrap();
}

#[test]
fn receives_more_than_a_record_holds() {
    let bytes = vec![0x5A; 1 << 20];
    let expected = bytes.clone();
    let client = client(vec![answers(move |request| {
        let object = ManagedObject::OpaqueObject(OpaqueObject {
            opaque_data_type: OpaqueDataType::from(0x8000_0001),
            opaque_data_value: bytes.into(),
        });
        let payload =
            GetResponse { object_type: ObjectType::OpaqueObject, unique_identifier: "o-1".into(), object };
        let item = ResponseBatchItem::success(Operation::Get, ResponsePayload::from(payload));
        response(request, vec![item]).to_ttlv().unwrap()
    })]);
    let got = client.call(GetRequest::new("o-1")).send().unwrap();
    let ManagedObject::OpaqueObject(object) = got.object else { panic!("{:?}", got.object) };
    assert!(object.opaque_data_value.reveal() == expected);
}

#[test]
fn keeps_to_its_own_limit() {
    let limits = Limits { size: 128, ..Limits::default() };
    let address = tls_peer(vec![script(locates_nothing)]);
    let client = builder(address).limits(limits).connect().unwrap();
    let error = client.call(LocateRequest::default()).send().unwrap_err();
    let ErrorKind::Framing(FramingError::SizeLimit { limit: 128, .. }) = error.kind() else {
        panic!("{error}")
    };
}

#[test]
fn sends_the_options_and_shows_the_messages() {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&seen);
    let client = builder(tls_peer(vec![script(locates_nothing)]))
        .options(RequestOptions { maximum_response_size: Some(9999), ..RequestOptions::default() })
        .observer(move |direction, message: &[u8]| log.lock().unwrap().push((direction, message.to_vec())))
        .connect()
        .unwrap();
    client.call(LocateRequest::default()).client_correlation_value("step 1").send().unwrap();
    let seen = seen.lock().unwrap();
    let [(Direction::Request, request), (Direction::Response, response)] = seen.as_slice() else {
        panic!("{} messages", seen.len());
    };
    let header = RequestMessage::from_ttlv(request).unwrap().request_header;
    assert_eq!(header.maximum_response_size, Some(9999));
    assert_eq!(header.client_correlation_value.as_deref(), Some("step 1"));
    assert_eq!(*response, nothing_located(request).to_ttlv().unwrap());
}

#[test]
fn reports_the_servers_failure_without_secrets() {
    let refuses = |request: &[u8]| {
        let reason = ResultReason::PermissionDenied;
        let item = ResponseBatchItem::failure(Some(Operation::Create), reason, "not you");
        response(request, vec![item]).to_ttlv().unwrap()
    };
    let credential = Credential::username_and_password("alice", "hunter2");
    let options = RequestOptions {
        authentication: Some(Authentication { credential: vec![credential] }),
        ..RequestOptions::default()
    };
    let builder = builder(tls_peer(vec![answers(refuses)])).options(options);
    let shown = format!("{builder:?}");
    let client = builder.connect().unwrap();
    let error =
        client.call(CreateRequest::new(ObjectType::SymmetricKey, Attributes::new())).send().unwrap_err();
    assert_eq!(error.to_string(), "the result: Create: OperationFailed, PermissionDenied: not you");
    let server = error.server().unwrap();
    assert_eq!(server.operation, Some(Operation::Create));
    assert_eq!(server.result_reason, Some(ResultReason::PermissionDenied));
    for text in [shown, format!("{client:?}"), format!("{error:?}")] {
        assert!(!text.contains("hunter2") && !text.contains("PRIVATE KEY"), "{text}");
    }
}

#[test]
fn reports_what_cannot_be_encoded_and_goes_on() {
    let address = tls_peer(vec![script(locates_nothing)]);
    let client = builder(address).version(ProtocolVersion::V1_0).connect().unwrap();
    let call = client.call(LocateRequest::default()).client_correlation_value("since 1.4");
    let error = call.send().unwrap_err();
    assert_eq!(error.phase(), Phase::Encode);
    assert!(!error.is_outcome_unknown() && !error.is_retryable(), "{error}");
    assert!(error.to_string().contains("ClientCorrelationValue"), "{error}");

    let error = client.call_batch(Batch::new()).send().unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::EmptyBatch), "{error}");
    client.call(LocateRequest::default()).send().unwrap();
    assert_eq!(client.status().opened(), 1);
}
