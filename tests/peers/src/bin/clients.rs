//! Prints what a call takes by our clients, by one that moves the same bytes over the same TLS without a codec, and by
//! `kmip-protocol`, measured turn by turn in one run. The server is another process.
#![allow(clippy::unwrap_used, clippy::expect_used)] // A tool of ours: what it measures is known to work.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Instant;
use std::{env, thread};

use cpu_time::ProcessTime;
use kmip_peers::bare::{Stream, config, connect, move_bytes, provider};
use kmip_protocol::types::common as theirs;
use kmip_protocol::types::request::{Attribute, RequestPayload, TemplateAttribute};
use kmip_sdk::framing::Framing;
use kmip_sdk::prelude::*;
use kmip_sdk::rustls::pki_types::pem::PemObject;
use kmip_sdk::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use kmip_sdk::rustls::{self, StreamOwned};
use kmip_sdk::server::{EmbeddedServer, Server, ServerOptions};
use kmip_sdk::session::Session;
use kmip_sdk::{Batch, Client, Encoding, PoolOptions, ProtocolVersion, Tag};

/// What both other clients speak.
const VERSION: ProtocolVersion = ProtocolVersion::V1_2;
/// How many calls each contestant makes in a turn, and how many turns it has.
const CALLS: usize = 4_000;
const TURNS: usize = 7;

fn main() {
    match env::args().nth(1).as_deref() {
        Some("serve") => serve(),
        Some("calls") => calls(),
        _ => measure(),
    }
}

/// The server's process: an embedded server for HTTPS, and one that answers the same with what was answered before.
fn serve() {
    let server = EmbeddedServer::start().unwrap();
    let canned =
        Arc::new(Canned { server: Server::new(ServerOptions::default()), answers: Mutex::default() });
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let issuer = rcgen_identity();
    println!("{}", listener.local_addr().unwrap());
    println!("{}", server.https_address());
    for pem in
        [&issuer.0, server.ca_certificate_pem(), server.client_certificate_pem(), server.client_key_pem()]
    {
        println!("{}", pem.replace('\n', "|"));
    }
    let config = rustls::ServerConfig::builder_with_provider(provider())
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![CertificateDer::from_pem_slice(issuer.0.as_bytes()).unwrap()], issuer.1)
        .unwrap();
    let config = Arc::new(config);
    for tcp in listener.incoming() {
        let (tcp, config, canned) = (tcp.unwrap(), Arc::clone(&config), Arc::clone(&canned));
        thread::spawn(move || {
            tcp.set_nodelay(true).unwrap();
            let mut stream = StreamOwned::new(rustls::ServerConnection::new(config).unwrap(), tcp);
            while let Ok(Some(request)) = Framing::new(Tag::REQUEST_MESSAGE).read_message(&mut stream) {
                if stream.write_all(&canned.answer(&request)).and_then(|()| stream.flush()).is_err() {
                    return;
                }
            }
        });
    }
}

/// Answers what it was asked before with what it answered then, save the Unique Batch Item IDs.
struct Canned {
    server: Server,
    answers: Mutex<HashMap<Vec<u8>, Vec<u8>>>,
}

impl Canned {
    fn answer(&self, request: &[u8]) -> Vec<u8> {
        let ids = identifiers(request);
        let mut key = request.to_vec();
        ids.iter().for_each(|at| key[*at..*at + 4].fill(0));
        let known = self.answers.lock().unwrap().get(&key).cloned();
        let mut answer = known.unwrap_or_else(|| {
            let answer = self.server.handle(request);
            self.answers.lock().unwrap().insert(key, answer.clone());
            answer
        });
        for (from, to) in ids.into_iter().zip(identifiers(&answer)) {
            answer[to..to + 4].copy_from_slice(&request[from..from + 4]);
        }
        answer
    }
}

/// Where the Unique Batch Item IDs of a message are, which have four bytes.
fn identifiers(message: &[u8]) -> Vec<usize> {
    const HEADER: [u8; 8] = [0x42, 0x00, 0x93, 0x08, 0, 0, 0, 4];
    (0..message.len().saturating_sub(12))
        .step_by(8)
        .filter(|at| message[*at..].starts_with(&HEADER))
        .map(|at| at + 8)
        .collect()
}

fn rcgen_identity() -> (String, PrivateKeyDer<'static>) {
    let key = rcgen::KeyPair::generate().unwrap();
    let params = rcgen::CertificateParams::new(vec!["127.0.0.1".to_owned()]).unwrap();
    let certificate = params.self_signed(&key).unwrap();
    (certificate.pem(), PrivateKeyDer::Pkcs8(key.serialize_der().into()))
}

/// The server's process, and how to reach it.
struct Peer {
    process: Child,
    address: SocketAddr,
    https: String,
    certificate: String,
    pem: [String; 3],
}

impl Peer {
    fn start() -> Self {
        let mut process =
            Command::new(env::current_exe().unwrap()).arg("serve").stdout(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines().map(Result::unwrap);
        let address = lines.next().unwrap().parse().unwrap();
        let https = lines.next().unwrap();
        let mut pem = || lines.next().unwrap().replace('|', "\n");
        Self { process, address, https, certificate: pem(), pem: [pem(), pem(), pem()] }
    }

    fn builder(&self, connections: usize) -> kmip_sdk::ClientBuilder {
        Client::builder()
            .address(self.address.to_string())
            .root_certificates_pem(&self.certificate)
            .version(VERSION)
            .pool(PoolOptions { maximum: connections, ..PoolOptions::default() })
    }

    fn bare(&self) -> Stream {
        connect(self.address, &config(&self.certificate, None))
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// A contestant: makes as many calls as it is told.
type Contestant<'a> = Box<dyn FnMut(usize) + 'a>;

/// Calls a second, and microseconds of processor time a call: medians of turns.
fn medians(contestants: &mut [Contestant<'_>], calls: usize) -> Vec<(f64, f64)> {
    let mut taken = vec![(Vec::new(), Vec::new()); contestants.len()];
    for contestant in contestants.iter_mut() {
        contestant(calls / 10 + 1);
    }
    for _ in 0..TURNS {
        for (contestant, taken) in contestants.iter_mut().zip(&mut taken) {
            let (start, processor) = (Instant::now(), ProcessTime::now());
            contestant(calls);
            taken.0.push(calls as f64 / start.elapsed().as_secs_f64());
            taken.1.push(processor.elapsed().as_secs_f64() * 1e6 / calls as f64);
        }
    }
    let median = |mut times: Vec<f64>| {
        times.sort_by(f64::total_cmp);
        times[times.len() / 2]
    };
    taken.into_iter().map(|(speed, processor)| (median(speed), median(processor))).collect()
}

/// So many threads, each of which does its share.
fn threads(count: usize, calls: usize, work: impl Fn(usize, usize) + Sync) {
    thread::scope(|scope| {
        for number in 0..count {
            let work = &work;
            scope.spawn(move || work(number, calls / count));
        }
    });
}

fn create() -> CreateRequest {
    let attributes = Attributes::new()
        .with_cryptographic_algorithm(CryptographicAlgorithm::Aes)
        .with_cryptographic_length(256)
        .with_cryptographic_usage_mask(CryptographicUsageMask::ENCRYPT);
    CreateRequest::new(ObjectType::SymmetricKey, attributes)
}

fn locate() -> LocateRequest {
    LocateRequest::new(Attributes::new().with_name(Name::text("a key")))
}

fn their_attributes() -> Vec<Attribute> {
    let attribute = |name: &str, value| Attribute(theirs::AttributeName(name.to_owned()), None, value);
    vec![
        attribute(
            "Cryptographic Algorithm",
            theirs::AttributeValue::CryptographicAlgorithm(theirs::CryptographicAlgorithm::AES),
        ),
        attribute("Cryptographic Length", theirs::AttributeValue::Integer(256)),
        attribute("Cryptographic Usage Mask", theirs::AttributeValue::Integer(4)),
        attribute(
            "Name",
            theirs::AttributeValue::Name(
                theirs::NameValue("a key".to_owned()),
                theirs::NameType::UninterpretedTextString,
            ),
        ),
    ]
}

fn their_request(what: &str, key: &str) -> RequestPayload {
    match what {
        "Create" => RequestPayload::Create(
            theirs::ObjectType::SymmetricKey,
            TemplateAttribute::unnamed(their_attributes()[..3].to_vec()),
        ),
        "Locate" => RequestPayload::Locate(their_attributes().split_off(3)),
        _ => RequestPayload::Get(Some(theirs::UniqueIdentifier(key.to_owned())), None, None, None),
    }
}

fn call(client: &Client, what: &str, key: &UniqueIdentifier) {
    match what {
        "Create" => drop(client.call(create()).send().unwrap()),
        "Locate" => drop(client.call(locate()).send().unwrap()),
        _ => drop(client.call(GetRequest::new(key.clone())).send().unwrap()),
    }
}

async fn call_async(client: &kmip_sdk::tokio::Client, what: &str, key: &UniqueIdentifier) {
    match what {
        "Create" => drop(client.call(create()).await.unwrap()),
        "Locate" => drop(client.call(locate()).await.unwrap()),
        _ => drop(client.call(GetRequest::new(key.clone())).await.unwrap()),
    }
}

fn bytes(what: &str, key: &UniqueIdentifier) -> Vec<u8> {
    let session = Session::new(VERSION);
    let prepared = match what {
        "Create" => session.prepare_one(create()).unwrap().0,
        "Locate" => session.prepare_one(locate()).unwrap().0,
        _ => session.prepare_one(GetRequest::new(key.clone())).unwrap().0,
    };
    prepared.bytes().to_vec()
}

fn measure() {
    let peer = Peer::start();
    let key = peer.builder(1).build().unwrap().call(create()).send().unwrap().unique_identifier;
    println!(
        "| what | in flight | client | calls a second | processor, µs a call | beside bare: processor | calls |"
    );
    println!("| --- | ---: | --- | ---: | ---: | ---: | ---: |");
    for what in ["Get", "Locate", "Create"] {
        for flight in [1, 16, 64] {
            side_by_side(&peer, what, flight, &key);
        }
    }
    batches(&peer, &key);
    https(&peer);
}

/// Makes calls of one client and nothing else, to be looked at with a profiler: `calls [bare|ours [COUNT]]`.
///
/// What a call takes is the difference between two runs of different counts.
fn calls() {
    let peer = Peer::start();
    let client = peer.builder(1).build().unwrap();
    let key = client.call(create()).send().unwrap().unique_identifier;
    let count = env::args().nth(3).map_or(CALLS, |count| count.parse().unwrap());
    if env::args().nth(2).as_deref() == Some("bare") {
        let (request, mut stream, mut answer) = (bytes("Get", &key), peer.bare(), Vec::new());
        (0..count).for_each(|_| move_bytes(&mut stream, &request, &mut answer));
    } else {
        (0..count).for_each(|_| call(&client, "Get", &key));
    }
}

fn side_by_side(peer: &Peer, what: &str, flight: usize, key: &UniqueIdentifier) {
    let request = bytes(what, key);
    let streams: Vec<_> = (0..flight).map(|_| Mutex::new(peer.bare())).collect();
    let client = peer.builder(flight).build().unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let polled = kmip_sdk::tokio::Client::builder()
        .address(peer.address.to_string())
        .root_certificates_pem(&peer.certificate)
        .version(VERSION)
        .pool(PoolOptions { maximum: flight, ..PoolOptions::default() })
        .build()
        .unwrap();
    let other: Vec<_> = (0..flight)
        .map(|_| Mutex::new(kmip_protocol::client::ClientBuilder::new(peer.bare()).build()))
        .collect();
    let text = key.to_string();
    let mut contestants: Vec<Contestant<'_>> = vec![
        Box::new(|calls| {
            threads(flight, calls, |number, calls| {
                let (mut stream, mut answer) = (streams[number].lock().unwrap(), Vec::new());
                (0..calls).for_each(|_| move_bytes(&mut stream, &request, &mut answer));
            });
        }),
        Box::new(|calls| {
            threads(flight, calls, |_, calls| (0..calls).for_each(|_| call(&client, what, key)))
        }),
        Box::new(|calls| {
            runtime.block_on(async {
                let tasks: Vec<_> = (0..flight)
                    .map(|_| {
                        let (client, what, key) = (polled.clone(), what.to_owned(), key.clone());
                        tokio::spawn(async move {
                            for _ in 0..calls / flight {
                                call_async(&client, &what, &key).await;
                            }
                        })
                    })
                    .collect();
                for task in tasks {
                    task.await.unwrap();
                }
            });
        }),
        Box::new(|calls| {
            threads(flight, calls, |number, calls| {
                let client = other[number].lock().unwrap();
                (0..calls).for_each(|_| drop(client.do_request(their_request(what, &text)).unwrap()));
            });
        }),
    ];
    let names = ["bare", "ours, blocking", "ours, async", "`kmip-protocol`"];
    print(what, flight, &names, &medians(&mut contestants, CALLS));
}

fn batches(peer: &Peer, key: &UniqueIdentifier) {
    let batch = || {
        let mut batch = Batch::new();
        for _ in 0..100 {
            let _ = batch.add(GetRequest::new(key.clone()));
        }
        batch
    };
    let request = Session::new(VERSION).prepare(batch()).unwrap().bytes().to_vec();
    let (mut stream, mut answer) = (peer.bare(), Vec::new());
    let client = peer.builder(1).build().unwrap();
    let mut contestants: Vec<Contestant<'_>> = vec![
        Box::new(|calls| (0..calls).for_each(|_| move_bytes(&mut stream, &request, &mut answer))),
        Box::new(|calls| (0..calls).for_each(|_| drop(client.call_batch(batch()).send().unwrap()))),
    ];
    print("100 Gets in a batch", 1, &["bare", "ours, blocking"], &medians(&mut contestants, CALLS / 20));
}

/// HTTPS, beside binary TTLV in its bodies.
fn https(peer: &Peer) {
    let [ca, certificate, private_key] = &peer.pem;
    let client = |encoding| {
        Client::builder()
            .address(format!("https://{}/kmip", peer.https))
            .encoding(encoding)
            .root_certificates_pem(ca)
            .identity_pem(certificate, private_key)
            .version(VERSION)
            .build()
            .unwrap()
    };
    let clients = [Encoding::Ttlv, Encoding::Json, Encoding::Xml].map(client);
    let key = clients[0].call(create()).send().unwrap().unique_identifier;
    let key = &key;
    let mut contestants: Vec<Contestant<'_>> = Vec::new();
    for client in &clients {
        contestants.push(Box::new(move |calls| (0..calls).for_each(|_| call(client, "Get", key))));
    }
    let names = ["HTTPS, TTLV", "HTTPS, JSON", "HTTPS, XML"];
    print("Get over HTTPS, beside its TTLV", 1, &names, &medians(&mut contestants, CALLS / 4));
}

fn print(what: &str, flight: usize, names: &[&str], taken: &[(f64, f64)]) {
    let (first_speed, first_processor) = taken[0];
    for (name, (speed, processor)) in names.iter().zip(taken) {
        println!(
            "| {what} | {flight} | {name} | {speed:.0} | {processor:.1} | {:.2} | {:.2} |",
            processor / first_processor,
            speed / first_speed,
        );
    }
}
