//! The server on its port for HTTPS: every encoding, the bare form, what is refused, and connections that last.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use kmip_sdk::server::{EmbeddedServer, ServerOptions};
use kmip_sdk::types::enumerations::{Operation, ResultReason, ResultStatus};
use kmip_sdk::types::message::{Message, RequestBatchItem, RequestHeader, RequestMessage, ResponseMessage};
use kmip_sdk::types::operation::{DiscoverVersionsRequest, GetRequest, RequestPayload};
use kmip_sdk::types::text::TextCodec;
use kmip_sdk::types::{Limits, ProtocolVersion};
use kmip_tests::patience::LONG;
use serde_json::Value;

use crate::support::create_aes;
use crate::tls::{BOTH, Stream, connect_to, listening};

const TTLV: &str = "application/octet-stream";
const JSON: &str = "application/json";
const XML: &str = "text/xml";

/// The bare form of what every server answers.
const DISCOVER: &str = r#"{"tag":"DiscoverVersions","type":"Structure","value":[]}"#;

/// A connection on which requests are written as bytes, and responses are read as they come.
struct Connection {
    stream: Stream,
    unread: Vec<u8>,
}

#[derive(Debug)]
struct Response {
    status: u16,
    head: String,
    body: Vec<u8>,
}

impl Response {
    /// The value of a field, whose name is in small letters.
    fn field(&self, name: &str) -> Option<&str> {
        self.head.lines().skip(1).find_map(|line| {
            let (found, value) = line.split_once(':')?;
            found.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }

    fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    fn is_last(&self) -> bool {
        self.field("connection") == Some("close")
    }
}

impl Connection {
    fn open(server: &EmbeddedServer) -> Self {
        Self { stream: connect_to(server, server.https_address(), BOTH, true), unread: Vec::new() }
    }

    fn write(&mut self, bytes: impl AsRef<[u8]>) {
        self.stream.write_all(bytes.as_ref()).unwrap();
        self.stream.flush().unwrap();
    }

    fn more(&mut self) -> bool {
        let mut buffer = [0; 4096];
        let read = self.stream.read(&mut buffer).unwrap_or(0);
        self.unread.extend_from_slice(&buffer[..read]);
        read > 0
    }

    /// The next response, if there is one before the connection ends.
    fn try_read(&mut self) -> Option<Response> {
        let end = loop {
            match self.unread.windows(4).position(|window| window == b"\r\n\r\n") {
                Some(end) => break end + 4,
                None if self.more() => {}
                None => return None,
            }
        };
        let head = String::from_utf8(self.unread.drain(..end).collect()).unwrap();
        assert!(head.starts_with("HTTP/1.1 "), "{head}");
        let mut response = Response { status: head[9..12].parse().unwrap(), head, body: Vec::new() };
        if response.status != 100 {
            let length = response.field("content-length").unwrap().parse().unwrap();
            while self.unread.len() < length {
                assert!(self.more(), "the body is cut off");
            }
            response.body = self.unread.drain(..length).collect();
        }
        Some(response)
    }

    fn read(&mut self) -> Response {
        self.try_read().expect("a response")
    }

    fn post(&mut self, path: &str, content_type: &str, body: impl AsRef<[u8]>) -> Response {
        self.write(request(path, content_type, body));
        self.read()
    }

    /// Makes sure that the server ends the connection.
    fn ends(mut self) {
        assert!(self.try_read().is_none() && self.unread.is_empty());
    }
}

fn request(path: &str, content_type: &str, body: impl AsRef<[u8]>) -> Vec<u8> {
    let body = body.as_ref();
    let length = body.len();
    let mut request = format!(
        "POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: {content_type}\r\nContent-Length: {length}\r\n\
         Cache-Control: no-cache\r\n\r\n"
    )
    .into_bytes();
    request.extend_from_slice(body);
    request
}

fn message(version: ProtocolVersion, operation: Operation, payload: impl Into<RequestPayload>) -> Vec<u8> {
    let request_header = RequestHeader::new(version, 1);
    let batch_item = vec![RequestBatchItem::new(operation, payload.into())];
    RequestMessage { request_header, batch_item }.to_ttlv().unwrap()
}

/// A message that every server answers.
fn discover() -> Vec<u8> {
    message(ProtocolVersion::V2_1, Operation::DiscoverVersions, DiscoverVersionsRequest::default())
}

fn written(content_type: &str, ttlv: &[u8]) -> Vec<u8> {
    match content_type {
        TTLV => ttlv.to_vec(),
        JSON => TextCodec::new().to_json(ttlv).unwrap().into_bytes(),
        _ => TextCodec::new().to_xml(ttlv).unwrap().into_bytes(),
    }
}

fn read(response: &Response) -> ResponseMessage {
    let ttlv = match response.field("content-type").unwrap() {
        TTLV => response.body.clone(),
        JSON => TextCodec::new().from_json(response.text()).unwrap(),
        XML => TextCodec::new().from_xml(response.text()).unwrap(),
        other => panic!("{other}: {response:?}"),
    };
    ResponseMessage::from_ttlv(&ttlv).unwrap()
}

#[test]
fn a_message_is_answered_in_its_encoding_on_a_connection_that_lasts() {
    let server = EmbeddedServer::start().unwrap();
    let mut connection = Connection::open(&server);
    for version in [ProtocolVersion::V1_0, ProtocolVersion::V1_4, ProtocolVersion::V2_1] {
        for encoding in [TTLV, JSON, XML] {
            let create = written(encoding, &message(version, Operation::Create, create_aes([])));
            for content_type in [encoding.to_owned(), format!("{}; charset=UTF-8", encoding.to_uppercase())] {
                let response = connection.post("/kmip", &content_type, &create);
                assert_eq!(response.status, 200, "{response:?}");
                assert_eq!(response.field("content-type"), Some(encoding));
                assert_eq!(response.field("cache-control"), Some("no-cache"));
                assert_eq!(response.field("connection"), Some("keep-alive"));
                let message = read(&response);
                assert_eq!(message.response_header.protocol_version, version);
                assert_eq!(message.batch_item[0].result_status, ResultStatus::Success);
            }
        }
    }
    let response = connection.post("/kmip", "application/xml", written(XML, &discover()));
    assert_eq!((response.status, response.field("content-type")), (200, Some(XML)));
}

#[test]
fn both_ports_share_the_objects() {
    let server = EmbeddedServer::start().unwrap();
    assert!(server.https_address().ip().is_loopback());
    assert_ne!(server.https_address(), server.address());
    let mut connection = Connection::open(&server);
    let body = message(ProtocolVersion::V2_1, Operation::Create, create_aes([]));
    read(&connection.post("/kmip", TTLV, body));
    let client = kmip_sdk::Client::builder()
        .address(server.address().to_string())
        .root_certificates_pem(server.ca_certificate_pem())
        .identity_pem(server.client_certificate_pem(), server.client_key_pem())
        .connect()
        .unwrap();
    let located = client.call(kmip_sdk::types::operation::LocateRequest::default()).send().unwrap();
    assert_eq!(located.unique_identifier.len(), 1);
}

#[test]
fn one_operation_needs_no_message_around_it() {
    let server =
        EmbeddedServer::start_with(ServerOptions::default().identifiers(|| "k-1".to_owned())).unwrap();
    let mut connection = Connection::open(&server);
    let create = r#"{
        "tag": "Create",
        "type": "Structure",
        "value": [
            { "tag": "ObjectType", "type": "Enumeration", "value": "SymmetricKey" },
            { "tag": "Attributes", "type": "Structure", "value": [
                { "tag": "CryptographicAlgorithm", "type": "Enumeration", "value": "AES" },
                { "tag": "CryptographicLength", "type": "Integer", "value": 128 },
                { "tag": "CryptographicUsageMask", "type": "Integer", "value": 12 }
            ] }
        ]
    }"#;
    let response = connection.post("/kmip/2_1", JSON, create);
    let expected = r#"{"tag":"CreateResponse","type":"Structure","value":[{"tag":"ObjectType","type":"Enumeration","value":"SymmetricKey"},{"tag":"UniqueIdentifier","type":"TextString","value":"k-1"}]}"#;
    assert_eq!((response.status, response.text()), (200, expected));
    assert_eq!(response.field("content-type"), Some(JSON));
    assert_eq!(response.field("cache-control"), Some("no-cache"));
    // An operation without anything in its payload.
    let discovered = connection.post("/kmip/2_1", JSON, DISCOVER);
    assert!(
        discovered.text().starts_with(r#"{"tag":"DiscoverVersionsResponse","type":"Structure","value":["#)
    );

    let get = |identifier: &str| {
        format!(
            r#"{{"tag":"Get","type":"Structure","value":[{{"tag":"UniqueIdentifier","type":"TextString","value":"{identifier}"}}]}}"#
        )
    };
    let got = connection.post("/kmip/2_1", JSON, get("k-1"));
    assert!(
        got.text().starts_with(r#"{"tag":"GetResponse","type":"Structure","value":[{"tag":"ObjectType""#)
    );
    for (body, status, text) in [
        (get("k-2"), 404, "ObjectNotFound: "),
        (get("k-1").replace("Get", "Encrypt"), 422, ""),
        (
            r#"{"tag":"Get","type":"Structure","value":[{"tag":"Nought"}]}"#.to_owned(),
            400,
            "\"Nought\" is not a tag",
        ),
        (r#"{"tag":"Gett","type":"Structure","value":[]}"#.to_owned(), 400, "\"Gett\" is not an operation"),
        (r#"{"tag":"Create","type":"Structure","value":[]}"#.to_owned(), 400, "InvalidMessage: "),
        (
            r#"{"tag":"Notify","type":"Structure","value":[{"tag":"UniqueIdentifier","type":"TextString","value":"k-1"}]}"#
                .to_owned(),
            422,
            "OperationNotSupported: ",
        ),
        (String::from_utf8(written(JSON, &discover())).unwrap(), 400, "whole messages go to /kmip"),
        ("{".to_owned(), 400, "line 1"),
        (String::new(), 400, "line 1"),
    ] {
        let response = connection.post("/kmip/2_1", JSON, &body);
        assert_eq!(response.status, status, "{body}: {response:?}");
        assert!(response.text().contains(text), "{body}: {}", response.text());
        assert_eq!(response.field("content-type"), Some("text/plain; charset=utf-8"));
        assert!(!response.is_last(), "{body}: what failed leaves the connection usable");
    }
    let response = connection.post("/kmip/2_1", TTLV, discover());
    assert_eq!((response.status, response.text()), (415, "the Content-Type is application/json\n"));
}

#[test]
fn a_message_that_cannot_be_read_is_refused_in_a_message() {
    let server = EmbeddedServer::start().unwrap();
    let mut connection = Connection::open(&server);
    for body in [&[][..], b"GET / HTTP/1.1", &discover()[..40]] {
        let response = connection.post("/kmip", TTLV, body);
        assert_eq!(response.status, 200);
        assert_eq!(read(&response).batch_item[0].result_reason, Some(ResultReason::InvalidMessage));
    }
    // An item that is no message can be read as an item.
    let response = connection.post("/kmip", JSON, r#"{"tag":"BatchCount","type":"Integer","value":1}"#);
    assert_eq!(response.status, 200);
    assert_eq!(read(&response).batch_item[0].result_status, ResultStatus::OperationFailed);
    for (content_type, body) in [
        (JSON, &b"{\"tag\":\"Nought\"}"[..]),
        (JSON, b"\xFF"),
        (XML, b"<KMIP"),
        (XML, b"<Nought/>"),
        (XML, b""),
    ] {
        let response = connection.post("/kmip", content_type, body);
        assert_eq!(response.status, 400, "{response:?}");
        assert!(!response.text().is_empty() && !response.is_last());
    }
    let get = message(ProtocolVersion::V2_1, Operation::Get, GetRequest::new("nobody"));
    let response = connection.post("/kmip", XML, written(XML, &get));
    assert_eq!(response.status, 200, "what failed as KMIP is a response of KMIP");
    assert_eq!(read(&response).batch_item[0].result_reason, Some(ResultReason::ObjectNotFound));
}

#[test]
fn what_is_no_request_for_it_is_refused() {
    let limits = Limits { size: 4096, ..Limits::default() };
    let server = EmbeddedServer::start_with(ServerOptions::default().limits(limits)).unwrap();
    let post = "POST /kmip HTTP/1.1\r\nHost: h\r\nContent-Type: application/octet-stream\r\n";
    let long = format!("GET /kmip HTTP/1.1\r\nX: {}\r\n\r\n", "x".repeat(20_000));
    let many = format!("GET /kmip HTTP/1.1\r\n{}\r\n", "X: x\r\n".repeat(200));
    for (request, status) in [
        ("GET / HTTP/1.1\r\nHost: h\r\n\r\n".to_owned(), 404),
        ("POST /kmip/ HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n".to_owned(), 404),
        ("GET /kmip HTTP/1.1\r\nHost: h\r\n\r\n".to_owned(), 405),
        ("HEAD /kmip HTTP/1.1\r\nHost: h\r\n\r\n".to_owned(), 405),
        ("PUT /kmip HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\nabcd".to_owned(), 405),
        ("DELETE /kmip/2_1 HTTP/1.1\r\nHost: h\r\n\r\n".to_owned(), 405),
        (format!("{post}\r\n"), 411),
        ("POST /kmip HTTP/1.0\r\nContent-Type: application/octet-stream\r\n\r\n".to_owned(), 411),
        (format!("{post}Content-Length: 4097\r\n\r\n"), 413),
        (format!("{post}Content-Length: 4097\r\nExpect: 100-continue\r\n\r\n"), 413),
        (format!("{post}Content-Length: 18446744073709551615\r\n\r\n"), 413),
        (format!("{post}Content-Length: 18446744073709551616\r\n\r\n"), 400),
        (format!("{post}Content-Length: -1\r\n\r\n"), 400),
        (format!("{post}Content-Length: 1\r\nContent-Length: 2\r\n\r\nab"), 400),
        (format!("{post}Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"), 400),
        (format!("{post}Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"), 501),
        (format!("{post}Transfer-Encoding: chunked\r\n\r\nnought\r\n"), 400),
        (format!("{post}Transfer-Encoding: chunked\r\n\r\n1\r\nab\r\n"), 400),
        (format!("{post}Transfer-Encoding: chunked\r\n\r\n0\r\nX: {}", "x".repeat(20_000)), 400),
        (format!("{post}Transfer-Encoding: chunked\r\n\r\n1001\r\n{}\r\n0\r\n\r\n", "x".repeat(4097)), 413),
        (post.replace("HTTP/1.1", "HTTP/1.0") + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
        (format!("{post}Content-Length: 0\r\nExpect: a miracle\r\n\r\n"), 417),
        (format!("{post}Content-Length: 0\r\nContent-Encoding: gzip\r\n\r\n"), 415),
        ("POST /kmip HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n".to_owned(), 415),
        (post.replace("octet-stream", "pdf") + "Content-Length: 0\r\n\r\n", 415),
        (post.replace("Host: h\r\n", "") + "Content-Length: 0\r\n\r\n", 400),
        (format!("{post}Host: i\r\nContent-Length: 0\r\n\r\n"), 400),
        (long, 431),
        (many, 431),
        ("nonsense\r\n\r\n".to_owned(), 400),
        ("POST /kmip HTTP/9.9\r\n\r\n".to_owned(), 400),
        ("\u{0}".repeat(100), 400),
    ] {
        let mut connection = Connection::open(&server);
        connection.write(&request);
        let response = if request.starts_with("HEAD") {
            let mut head = String::new();
            let _ = connection.stream.read_to_string(&mut head);
            assert!(head.ends_with("\r\n\r\n"), "what answers HEAD has no body: {head}");
            Response { status: head[9..12].parse().unwrap(), head, body: Vec::new() }
        } else {
            connection.read()
        };
        assert_eq!(response.status, status, "{request}: {response:?}");
        assert_eq!(response.field("allow"), (status == 405).then_some("POST"));
        assert_eq!(response.field("cache-control"), Some("no-cache"));
        assert!(response.is_last());
        connection.ends();
    }
    // The bytes of a message in TTLV are not a request of HTTP.
    let mut connection = Connection::open(&server);
    connection.write(discover());
    assert_eq!(connection.read().status, 400);
    assert_eq!(Connection::open(&server).post("/kmip", TTLV, discover()).status, 200);
}

#[test]
fn whatever_comes_the_connection_ends_in_order() {
    let server = EmbeddedServer::start().unwrap();
    let chunked = format!(
        "POST /kmip/2_1 HTTP/1.1\r\nHost: h\r\nContent-Type: {JSON}\r\nTransfer-Encoding: chunked\r\n\r\n\
         10;x\r\n{}\r\n27\r\n{}\r\n0\r\nX: y\r\n\r\n",
        &DISCOVER[..16],
        &DISCOVER[16..]
    );
    let whole = [request("/kmip", XML, written(XML, &discover())), chunked.into_bytes()];
    let mut state = 1_u64;
    let mut random = |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % below
    };
    for round in 0..300 {
        let mut bytes = whole[round % 2].clone();
        for _ in 0..random(4) {
            let at = random(bytes.len());
            match random(4) {
                0 => bytes[at] = random(256) as u8,
                1 => drop(bytes.remove(at)),
                2 => bytes.insert(at, b"\r\n\0:; ,0"[random(8)]),
                _ => bytes.truncate(at.max(1)),
            }
        }
        let mut connection = Connection::open(&server);
        connection.write(&bytes);
        connection.stream.conn.send_close_notify();
        let _ = connection.stream.flush();
        let mut all = Vec::new();
        let ended = connection.stream.read_to_end(&mut all);
        // A thread that dies does not say that the connection is closed.
        assert!(ended.is_ok(), "{}", String::from_utf8_lossy(&bytes));
        assert!(all.is_empty() || all.starts_with(b"HTTP/1.1 "));
    }
}

#[test]
fn a_body_may_be_as_large_as_its_limit() {
    let limits = Limits { size: 4096, ..Limits::default() };
    let server = EmbeddedServer::start_with(ServerOptions::default().limits(limits)).unwrap();
    let mut connection = Connection::open(&server);
    assert_eq!(connection.post("/kmip", TTLV, vec![0; 4096]).status, 200);
    // A text takes more room than what it says.
    let mut json = written(JSON, &discover());
    json.resize(4 * 4096 + (64 << 10), b' ');
    assert_eq!(connection.post("/kmip", JSON, &json).status, 200);
    connection.write(format!(
        "POST /kmip HTTP/1.1\r\nHost: h\r\nContent-Type: {JSON}\r\nTransfer-Encoding: chunked\r\n\r\n{:x}\r\n",
        json.len()
    ));
    connection.write(&json);
    connection.write("\r\n0\r\n\r\n");
    assert_eq!(connection.read().status, 200);
    json.push(b' ');
    assert_eq!(connection.post("/kmip", JSON, &json).status, 413);
    connection.ends();
    // The limits are those of requests: a response may be larger.
    let limits = Limits { size: discover().len(), ..Limits::default() };
    let server = EmbeddedServer::start_with(ServerOptions::default().limits(limits)).unwrap();
    let mut connection = Connection::open(&server);
    for encoding in [TTLV, JSON, XML] {
        let response = connection.post("/kmip", encoding, written(encoding, &discover()));
        assert_eq!(read(&response).batch_item[0].result_status, ResultStatus::Success);
    }
    assert_eq!(connection.post("/kmip/2_1", JSON, DISCOVER).status, 200);
}

#[test]
fn a_body_may_come_in_chunks_and_bytes_one_by_one() {
    let server = EmbeddedServer::start().unwrap();
    let mut connection = Connection::open(&server);
    let body = written(JSON, &discover());
    let mut chunked = format!(
        "POST /kmip HTTP/1.1\r\nhost: h\r\ncontent-type: {JSON}\r\nTransfer-Encoding: Chunked\r\n\r\n"
    )
    .into_bytes();
    for chunk in body.chunks(7) {
        chunked.extend_from_slice(format!("{:X};extension\r\n", chunk.len()).as_bytes());
        chunked.extend_from_slice(chunk);
        chunked.extend_from_slice(b"\r\n");
    }
    chunked.extend_from_slice(b"0\r\nTrailer: of no account\r\n\r\n");
    for request in [chunked, request("/kmip", JSON, &body)] {
        connection.write(&request);
        assert_eq!(connection.read().status, 200);
        for byte in request {
            connection.write([byte]);
        }
        let response = connection.read();
        assert_eq!(read(&response).batch_item[0].result_status, ResultStatus::Success);
    }
}

#[test]
fn requests_that_do_not_wait_are_answered_in_their_order() {
    let server = EmbeddedServer::start().unwrap();
    let mut connection = Connection::open(&server);
    let three = [
        request("/kmip", TTLV, discover()),
        request("/kmip/2_1", JSON, DISCOVER),
        request("/kmip", XML, written(XML, &discover())),
    ];
    connection.write(three.concat());
    assert_eq!(connection.read().field("content-type"), Some(TTLV));
    assert!(connection.read().text().contains("DiscoverVersionsResponse"));
    assert_eq!(connection.read().field("content-type"), Some(XML));
    // Behind one that is refused before its body was read, nothing is answered.
    connection.write([request("/nowhere", TTLV, discover()), request("/kmip", TTLV, discover())].concat());
    assert_eq!(connection.read().status, 404);
    connection.ends();
}

#[test]
fn a_connection_lasts_as_its_client_asks() {
    let server = EmbeddedServer::start().unwrap();
    for (version, field, lasts) in [
        ("1.1", "", true),
        ("1.1", "Connection: close\r\n", false),
        ("1.1", "Connection: Upgrade, Close\r\n", false),
        ("1.0", "", false),
        ("1.0", "Connection: Keep-Alive\r\n", true),
    ] {
        let mut connection = Connection::open(&server);
        let request = String::from_utf8(request("/kmip", JSON, written(JSON, &discover()))).unwrap();
        let request = request.replace("HTTP/1.1\r\n", &format!("HTTP/{version}\r\n{field}"));
        connection.write(&request);
        let response = connection.read();
        assert_eq!((response.status, response.is_last()), (200, !lasts), "{version} {field}");
        if lasts {
            connection.write(&request);
            assert_eq!(connection.read().status, 200);
        } else {
            connection.ends();
        }
    }
}

#[test]
fn a_client_may_wait_for_leave_to_send_the_body() {
    let server = EmbeddedServer::start().unwrap();
    let mut connection = Connection::open(&server);
    let whole = String::from_utf8(request("/kmip", JSON, written(JSON, &discover()))).unwrap();
    let (head, body) = whole.split_once("\r\n\r\n").unwrap();
    connection.write(format!("{head}\r\nExpect: 100-continue\r\n\r\n"));
    assert_eq!(connection.read().status, 100);
    connection.write(body);
    assert_eq!(connection.read().status, 200);
    // One that is not waited for is in the way of nothing, and HTTP/1.0 has none.
    connection.write(format!("{head}\r\nExpect: 100-continue\r\n\r\n{body}").replace("1.1\r", "1.0\r"));
    assert_eq!(connection.read().status, 200);
}

#[test]
fn slow_clients_are_cut_off() {
    let start = |options| EmbeddedServer::start_with(options).unwrap();
    // One that asks nothing, at first or any more.
    let server = start(ServerOptions::default().idle_timeout(Duration::from_secs(1)));
    Connection::open(&server).ends();
    let mut idle = Connection::open(&server);
    assert_eq!(idle.post("/kmip", TTLV, discover()).status, 200);
    idle.ends();
    // Ones that do not finish the head, the body, or a chunk. The handshake is to be over in the time of a message too.
    let server = start(ServerOptions::default().message_timeout(Duration::from_secs(3)));
    let head = "POST /kmip HTTP/1.1\r\nHost: h\r\nContent-Type: application/octet-stream\r\n";
    let slow = [
        "POST /kmip HT".to_owned(),
        format!("{head}Content-Length: 100\r\n\r\nabc"),
        format!("{head}Transfer-Encoding: chunked\r\n\r\n5\r\nab"),
    ]
    .map(|part| {
        let mut slow = Connection::open(&server);
        slow.write(part);
        slow
    });
    for mut slow in slow {
        let response = slow.read();
        assert!(response.status == 408 && response.is_last(), "{response:?}");
        slow.ends();
    }
    // One that goes on sending.
    let mut dripping = Connection::open(&server);
    dripping.write(format!("{head}X: "));
    let mut written = 0;
    while written < 0x1000 && dripping.stream.write_all(b"x").and_then(|()| dripping.stream.flush()).is_ok() {
        written += 1;
        std::thread::sleep(Duration::from_millis(20));
    }
    assert!(written < 0x1000, "the server hangs up before the request is whole");
}

#[test]
fn a_client_without_a_certificate_is_turned_away() {
    let server = EmbeddedServer::start().unwrap();
    let mut stream = connect_to(&server, server.https_address(), BOTH, false);
    let request = request("/kmip", TTLV, discover());
    let refused = stream.write_all(&request).and_then(|()| stream.read_exact(&mut [0; 8]));
    assert!(refused.is_err());
}

#[test]
fn the_ports_have_their_connections_in_common() {
    let server = EmbeddedServer::start_with(ServerOptions::default().maximum_connections(1)).unwrap();
    let mut first = Connection::open(&server);
    assert_eq!(first.post("/kmip", TTLV, discover()).status, 200);
    // Over TTLV, the alert in place of a handshake.
    let mut second = TcpStream::connect(server.address()).unwrap();
    second.set_read_timeout(Some(LONG)).unwrap();
    let mut alert = Vec::new();
    let _ = second.read_to_end(&mut alert);
    assert_eq!(alert, [0x15, 3, 3, 0, 2, 2, 80]);
    for (path, status) in [("/kmip", 503), ("/kmip/2_1", 503), ("/ready", 503), ("/live", 200)] {
        let mut second = Connection::open(&server);
        let method = if path.starts_with("/kmip") { "POST" } else { "GET" };
        second.write(format!("{method} {path} HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n"));
        let response = second.read();
        assert_eq!(response.status, status, "{path}: {response:?}");
        assert_eq!(response.field("retry-after"), (status == 503).then_some("1"));
        assert!(response.is_last());
        second.ends();
    }
    assert_eq!(first.post("/kmip", TTLV, discover()).status, 200);
}

#[test]
fn says_whether_it_lives_and_is_ready_and_nothing_else() {
    let server = EmbeddedServer::start().unwrap();
    let mut connection = Connection::open(&server);
    for (path, text) in [("/live", "live\n"), ("/ready", "ready\n")] {
        connection.write(format!("GET {path} HTTP/1.1\r\nHost: h\r\n\r\n"));
        let response = connection.read();
        assert_eq!((response.status, response.text(), response.is_last()), (200, text, false));
        assert_eq!(response.field("content-type"), Some("text/plain; charset=utf-8"));
        let mut other = Connection::open(&server);
        let refused = other.post(path, TTLV, discover());
        assert_eq!((refused.status, refused.field("allow")), (405, Some("GET, HEAD")));
        let mut head = Connection::open(&server);
        head.write(format!("HEAD {path} HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"));
        let mut all = String::new();
        let _ = head.stream.read_to_string(&mut all);
        assert!(all.starts_with("HTTP/1.1 200 ") && all.ends_with("\r\n\r\n"), "{all}");
    }
    assert_eq!(connection.post("/kmip", TTLV, discover()).status, 200);
}

#[test]
fn stops_at_once_while_a_connection_is_idle() {
    let server = EmbeddedServer::start_with(ServerOptions::default().message_timeout(2 * LONG)).unwrap();
    let listens = listening(&server, server.https_address());
    let mut idle = Connection::open(&server);
    assert_eq!(idle.post("/kmip", TTLV, discover()).status, 200);
    let mut halfway = Connection::open(&server);
    halfway.write("POST /kmip HTTP/1.1\r\n");
    let started = Instant::now();
    drop(server);
    assert!(started.elapsed() < LONG);
    idle.ends();
    assert!(!listens(), "no one listens any more");
}

#[test]
fn a_fault_is_answered_and_leaves_the_connection_usable() {
    let faults = std::sync::atomic::AtomicUsize::new(2);
    let options = ServerOptions::default().identifiers(move || {
        let left = faults.load(std::sync::atomic::Ordering::SeqCst);
        faults.store(left.saturating_sub(1), std::sync::atomic::Ordering::SeqCst);
        assert_eq!(left, 0, "a fault");
        "k".to_owned()
    });
    let server = EmbeddedServer::start_with(options).unwrap();
    let mut connection = Connection::open(&server);
    let create = message(ProtocolVersion::V2_1, Operation::Create, create_aes([]));
    let response = connection.post("/kmip", TTLV, &create);
    assert_eq!(read(&response).batch_item[0].result_reason, Some(ResultReason::GeneralFailure));
    let bare = r#"{"tag":"Create","type":"Structure","value":[
        {"tag":"ObjectType","type":"Enumeration","value":"SymmetricKey"},
        {"tag":"Attributes","value":[
            {"tag":"CryptographicAlgorithm","type":"Enumeration","value":"AES"},
            {"tag":"CryptographicLength","type":"Integer","value":128},
            {"tag":"CryptographicUsageMask","type":"Integer","value":"Encrypt Decrypt"}]}]}"#;
    let response = connection.post("/kmip/2_1", JSON, bare);
    assert_eq!((response.status, response.text()), (500, "GeneralFailure: the server failed\n"));
    assert_eq!(connection.post("/kmip/2_1", JSON, bare).status, 200);
}

/// What a message says of its one operation: its name, and the items of its payload.
fn operation_and_payload(message: &Value) -> (String, Value) {
    let item = |tag: &str| {
        let items = message["value"][1]["value"].as_array().unwrap();
        items.iter().find(|item| item["tag"] == tag).map(|item| item["value"].clone())
    };
    let payload = item("RequestPayload").or_else(|| item("ResponsePayload")).unwrap();
    (item("Operation").unwrap().as_str().unwrap().to_owned(), payload)
}

#[test]
#[ignore = "needs the documents: KMIP_SEEDS=DIR cargo test -p kmip-tests --test server -- --ignored"]
fn operations_of_the_seeds_are_done_as_messages_and_bare() {
    let folder = std::env::var_os("KMIP_SEEDS").expect("KMIP_SEEDS names a folder");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let text = std::fs::read_to_string(&files[0]).unwrap();
    // The examples stand between fences, a request and its response in turn.
    let messages: Vec<Value> = text
        .split("```json")
        .skip(1)
        .map(|rest| rest.split("```").next().unwrap())
        .map(|json| serde_json::from_str(json).unwrap())
        .collect();
    assert_eq!(messages.len(), 6);
    for is_bare in [false, true] {
        let next = std::sync::atomic::AtomicUsize::new(0);
        // The identifiers are as the documents write them.
        let identifiers = move || {
            let number = next.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
            format!("$UNIQUE_IDENTIFIER_{number}")
        };
        let server = EmbeddedServer::start_with(ServerOptions::default().identifiers(identifiers)).unwrap();
        let mut connection = Connection::open(&server);
        for pair in messages.chunks(2) {
            let (operation, payload) = operation_and_payload(&pair[0]);
            let (_, expected) = operation_and_payload(&pair[1]);
            let found = if is_bare {
                let bare = serde_json::json!({ "tag": operation, "type": "Structure", "value": payload });
                let response = connection.post("/kmip/2_1", JSON, bare.to_string());
                assert_eq!(response.status, 200, "{response:?}");
                let response: Value = serde_json::from_str(response.text()).unwrap();
                assert_eq!(response["tag"], format!("{operation}Response"));
                response["value"].clone()
            } else {
                let response = connection.post("/kmip", JSON, pair[0].to_string());
                assert_eq!(response.status, 200, "{response:?}");
                operation_and_payload(&serde_json::from_str(response.text()).unwrap()).1
            };
            if operation == "GetAttributes" {
                // What the attributes are is the server's own affair, such as the digest and the dates.
                assert_eq!(found[0], expected[0]);
                assert_eq!(found[1]["tag"], "Attributes");
            } else {
                assert_eq!(found, expected, "{operation}");
            }
        }
    }
}

/// Where a body ends is told in one way, or not at all: nobody on the way is to see other requests in it.
#[test]
fn a_body_hides_no_request() {
    let server = EmbeddedServer::start().unwrap();
    let hidden = "GET /live HTTP/1.1\r\nHost: localhost\r\n\r\n";
    let length = hidden.len();
    let sized = format!("Content-Length: {length}");
    for (method, fields) in [
        ("GET /live", sized.clone()),
        ("HEAD /live", sized.clone()),
        ("GET /live", format!("Transfer-Encoding: chunked\r\n\r\n{length:x}")),
        ("HEAD /live", format!("Transfer-Encoding: chunked\r\n\r\n{length:x}")),
        ("POST /kmip", format!("Content-Length: 0\r\n{sized}")),
        ("POST /kmip", format!("{sized}\r\nContent-Length: 0")),
        ("POST /kmip", format!("Content-Length: 0, {length}")),
        ("POST /kmip", "Content-Length: +0".to_owned()),
        ("POST /kmip", "Content-Length : 0".to_owned()),
        ("POST /kmip", "Content-Length: 0\r\n\tx: y".to_owned()),
        ("POST /kmip", "Content-Length: 0\r\nTransfer-Encoding\r\n: chunked".to_owned()),
        ("POST /kmip", format!("{sized}\r\nTransfer-Encoding: chunked")),
    ] {
        let head =
            format!("{method} HTTP/1.1\r\nHost: localhost\r\nContent-Type: {TTLV}\r\n{fields}\r\n\r\n");
        let mut connection = Connection::open(&server);
        connection.write(format!("{head}{hidden}"));
        let response = connection.read();
        assert!(response.status >= 400 && response.is_last(), "{head}: {response:?}");
        connection.ends();
    }
}
