//! A server that is inspected, and what asks the page.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::time::Duration;

use kmip_sdk::inspect::Inspector;
use kmip_sdk::server::{EmbeddedServer, Server, ServerOptions};
use kmip_sdk::{Client, ProtocolVersion};
use serde_json::Value;

/// A server without a network that is inspected.
pub(crate) fn inspected() -> (Inspector, Arc<Server>) {
    with(Inspector::start().unwrap())
}

pub(crate) fn with(inspector: Inspector) -> (Inspector, Arc<Server>) {
    let server = Arc::new(Server::new(ServerOptions::default().layer(inspector.layer())));
    inspector.look_at_server(&server);
    (inspector, server)
}

/// A server on ports that is inspected.
pub(crate) fn embedded() -> (Inspector, EmbeddedServer) {
    let inspector = Inspector::start().unwrap();
    let options = ServerOptions::default().layer(inspector.layer());
    let server = EmbeddedServer::start_with(options).unwrap();
    inspector.look_at(&server);
    (inspector, server)
}

/// A client that says no more than what it is asked for.
pub(crate) fn client(server: &Arc<Server>) -> Client {
    let server = Arc::clone(server);
    let service = move |request: &[u8]| server.handle(request);
    Client::builder().service(service).version(ProtocolVersion::V2_1).connect().unwrap()
}

/// A response of the page.
#[derive(Debug)]
pub(crate) struct Response {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
}

impl Response {
    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    pub(crate) fn json(&self) -> Value {
        assert_eq!(self.status, 200, "{}", self.text());
        serde_json::from_slice(&self.body).unwrap()
    }

    /// The value of a field.
    pub(crate) fn field(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (other, value) = line.split_once(':')?;
            other.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }
}

/// The path of something on the page.
pub(crate) fn path(inspector: &Inspector, route: &str) -> String {
    let (_, path) = inspector.url().split_once("//").unwrap().1.split_once('/').unwrap();
    format!("/{path}{route}")
}

/// A connection on which something was asked.
pub(crate) fn send(inspector: &Inspector, request: &str) -> TcpStream {
    let mut stream = TcpStream::connect(inspector.address()).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    stream
}

/// Asks with these lines, which have their ends, as a head, and a body.
pub(crate) fn ask_raw(inspector: &Inspector, head: &str, body: &str) -> Response {
    let length =
        if head.starts_with("POST") { format!("Content-Length: {}\r\n", body.len()) } else { String::new() };
    let mut stream = send(inspector, &format!("{head}Connection: close\r\n{length}\r\n{body}"));
    let mut response = Vec::new();
    stream.read_to_end(&mut response).unwrap();
    let end = response.windows(4).position(|window| window == b"\r\n\r\n").unwrap();
    let head = String::from_utf8(response[..end].to_vec()).unwrap();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    Response { status, head, body: response[end + 4..].to_vec() }
}

/// Asks the page for something.
pub(crate) fn get(inspector: &Inspector, route: &str) -> Response {
    let (path, address) = (path(inspector, route), inspector.address());
    ask_raw(inspector, &format!("GET {path} HTTP/1.1\r\nHost: {address}\r\n"), "")
}

/// Posts something to the page.
pub(crate) fn post(inspector: &Inspector, route: &str, body: &str) -> Response {
    let (path, address) = (path(inspector, route), inspector.address());
    ask_raw(inspector, &format!("POST {path} HTTP/1.1\r\nHost: {address}\r\n"), body)
}

/// The lines of a part of what the page shows, and the offsets of what it leaves out.
pub(crate) fn secrets(part: &Value) -> Vec<u64> {
    part["lines"].as_array().unwrap().iter().filter_map(|line| line["secret"].as_u64()).collect()
}

/// All that a part says.
pub(crate) fn meaning(part: &Value) -> String {
    let lines = part["lines"].as_array().unwrap().iter();
    lines.map(|line| format!("{}\n", line["meaning"].as_str().unwrap_or_default())).collect()
}
