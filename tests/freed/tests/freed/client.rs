//! Calls of the client over streams without TLS, whose library keeps what it decrypts: as TTLV, and over HTTP.

use std::io::{Read, Write};
use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::thread;
use std::time::Instant;

use kmip_sdk::connect::{Address, Stream};
use kmip_sdk::framing::Framing;
use kmip_sdk::prelude::*;
use kmip_sdk::server::{Server, ServerOptions};
use kmip_sdk::types::TextCodec;
use kmip_sdk::types::object::{KeyBlock, KeyMaterial, SymmetricKey};
use kmip_sdk::{Encoding, Tag};

use crate::Found;
use crate::marks::MARK;

/// A connection to the server, which answers on a thread of its own: what it leaves is not looked at here.
fn connected(server: &Arc<Server>, encoding: Option<Encoding>) -> UnixStream {
    let (here, there) = UnixStream::pair().unwrap();
    let server = Arc::clone(server);
    thread::spawn(move || match encoding {
        None => answers(there, &server),
        Some(encoding) => answers_over_http(there, &server, encoding),
    });
    here
}

fn answers(mut stream: UnixStream, server: &Server) {
    while let Ok(Some(request)) = Framing::new(Tag::REQUEST_MESSAGE).read_message(&mut stream) {
        stream.write_all(&server.handle(&request)).unwrap();
    }
}

fn answers_over_http(mut stream: UnixStream, server: &Server, encoding: Encoding) {
    let codec = TextCodec::new();
    loop {
        let (mut head, mut byte) = (Vec::new(), [0]);
        while !head.ends_with(b"\r\n\r\n") {
            if !matches!(stream.read(&mut byte), Ok(1)) {
                return;
            }
            head.push(byte[0]);
        }
        let head = String::from_utf8(head).unwrap().to_lowercase();
        let length = head.split("content-length: ").nth(1).unwrap().split("\r\n").next().unwrap();
        let mut body = vec![0; length.parse().unwrap()];
        stream.read_exact(&mut body).unwrap();
        let text = || std::str::from_utf8(&body).unwrap();
        let request = match encoding {
            Encoding::Json => codec.from_json(text()).unwrap(),
            Encoding::Xml => codec.from_xml(text()).unwrap(),
            _ => body,
        };
        let answer = server.handle(&request);
        let answer = match encoding {
            Encoding::Json => codec.to_json(&answer).unwrap().into_bytes(),
            Encoding::Xml => codec.to_xml(&answer).unwrap().into_bytes(),
            _ => answer,
        };
        let (content_type, length) = (encoding.content_type(), answer.len());
        write!(stream, "HTTP/1.1 200 OK\r\nContent-Type: {content_type}\r\nContent-Length: {length}\r\n\r\n")
            .unwrap();
        stream.write_all(&answer).unwrap();
    }
}

fn secret() -> ManagedObject {
    let length = 8 * MARK.len() as i32;
    let material = KeyMaterial::bytes(MARK.as_slice());
    let key_block = KeyBlock::plain(KeyFormatType::Raw, material, CryptographicAlgorithm::Aes, length);
    ManagedObject::SymmetricKey(SymmetricKey { key_block })
}

#[test]
fn calls_leave_nothing() {
    let mut findings = Found::default();
    let server = Arc::new(Server::new(ServerOptions::default()));
    for encoding in [None, Some(Encoding::Ttlv), Some(Encoding::Json), Some(Encoding::Xml)] {
        let connect = {
            let server = Arc::clone(&server);
            move |_: &Address, _: Option<Instant>| {
                Ok(Box::new(connected(&server, encoding)) as Box<dyn Stream>)
            }
        };
        let address = if encoding.is_some() { "https://localhost" } else { "localhost" };
        let client =
            Client::builder().address(address).encoding(encoding.unwrap_or_default()).connector(connect);
        let client = client.build().unwrap();
        findings.look(&format!("{encoding:?}"), &[MARK], || {
            let usage = Attributes::new().with_cryptographic_usage_mask(CryptographicUsageMask::ENCRYPT);
            let register = RegisterRequest::new(ObjectType::SymmetricKey, usage, secret());
            let key = client.call(register).send().unwrap().unique_identifier;
            let got = client.call(GetRequest::new(key)).send().unwrap();
            assert!(matches!(got.object, ManagedObject::SymmetricKey(_)));
        });
    }
    findings.assert_none();
}
