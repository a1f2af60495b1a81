//! The servers' processes. Each says where it listens and what clients trust it by; then, for each line that it is sent, how
//! many nanoseconds of processor time it has taken, and how many KiB of memory it has.

use std::io::{BufRead as _, Read, Write};
use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::{fs, io, thread};

use cpu_time::ProcessTime;
use kmip_peers::bare::provider;
use kmip_sdk::Tag;
use kmip_sdk::framing::Framing;
use kmip_sdk::rustls::pki_types::pem::PemObject;
use kmip_sdk::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use kmip_sdk::rustls::{self, ServerConnection, StreamOwned};
use kmip_sdk::server::store::{MasterKey, Store};
use kmip_sdk::server::{EmbeddedServer, Server, ServerOptions};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use crate::calls::{self, What};

/// Whose the objects are.
const CLIENT: &str = "bench";

/// What stands before the URL of a store that keeps no objects decoded.
pub(crate) const UNCACHED: &str = "uncached+";

/// How many objects are made at a time.
const BATCH: usize = 500;

fn options(store: Store, first: usize) -> ServerOptions {
    let next = AtomicU64::new(first as u64);
    ServerOptions::default()
        .store(store)
        .maximum_objects(4_000_000)
        .maximum_bytes(1 << 36)
        .maximum_connections(512)
        .maximum_handshakes(512)
        .identifiers(move || identifier(next.fetch_add(1, Ordering::Relaxed)))
}

/// The identifier of an object by its number, as long as a UUID.
pub(crate) fn identifier(number: u64) -> String {
    format!("6ba7b810-9dad-11d1-80b4-{number:012}")
}

fn master_key() -> MasterKey {
    MasterKey::new([7; 32])
}

fn open(url: &str) -> Store {
    match (url, url.strip_prefix(UNCACHED)) {
        ("memory:", _) => Store::memory(),
        (_, Some(url)) => Store::open_sealed(url, master_key()).unwrap().cache(0),
        (url, None) => Store::open_sealed(url, master_key()).unwrap(),
    }
}

fn make(store: &Store, count: usize) {
    let server = Server::new(options(store.clone(), 0));
    for start in (0..count).step_by(BATCH) {
        let made = calls::read(&server.handle_as(CLIENT, &calls::fill(start..count.min(start + BATCH))));
        assert_eq!(made.first(), Some(&identifier(start as u64)));
    }
}

/// Fills a store that lasts, by what is made in memory and exported from there.
pub(crate) fn fill(url: &str, count: usize) {
    let (memory, key) = (Store::memory(), MasterKey::new([8; 32]));
    make(&memory, count);
    let (from, mut to) = io::pipe().unwrap();
    let exported = thread::spawn(move || memory.export(&mut to, &MasterKey::new([8; 32])).unwrap());
    let imported = open(url).import(&mut io::BufReader::with_capacity(1 << 20, from), key).unwrap();
    assert_eq!(exported.join().unwrap(), imported);
}

/// Our server, on a store that has been filled or, in memory, is filled now.
pub(crate) fn serve(url: &str, count: usize) {
    let before = memory();
    let store = open(url);
    if url == "memory:" {
        make(&store, count);
    }
    let filled = memory();
    let server = EmbeddedServer::start_with(options(store, count)).unwrap();
    let (certificate, key) = server.new_client(CLIENT).unwrap();
    tell(&[
        &server.address().to_string(),
        server.ca_certificate_pem(),
        &certificate,
        &key,
        &format!("{}", filled.saturating_sub(before)),
    ]);
    answer_about_process();
}

/// Our server in this process.
pub(crate) struct Served(Server);

impl Served {
    /// On a store of so many objects, which is filled unless it has been before.
    pub(crate) fn new(url: &str, count: usize) -> Self {
        if url != "memory:" && open(url).objects().unwrap().records == 0 {
            fill(url, count);
        }
        let store = open(url);
        if url == "memory:" {
            make(&store, count);
        }
        let first = 2 * count + usize::try_from(std::process::id()).unwrap() * 1_000_000;
        Self(Server::new(options(store, first)))
    }

    pub(crate) fn ask(&self, request: &[u8]) -> Vec<u8> {
        let answer = self.0.handle_as(CLIENT, request);
        assert!(calls::is_success(&answer), "a call failed");
        answer
    }
}

/// Has our server do requests without a network, and says what that takes.
pub(crate) fn handle(url: &str, count: usize, what: What, calls: usize) {
    let served = Served::new(url, count);
    let ask = |request: &[u8]| served.ask(request);
    let requests: Vec<Vec<u8>> = (0..calls)
        .map(|number| match what {
            What::FirstGet | What::Activate => {
                let made = ask(&What::Create.request(number + (std::process::id() as usize) * 1_000_000, ""));
                what.request(0, calls::read(&made).first().unwrap())
            }
            What::Create => what.request(number + (std::process::id() as usize) * 2_000_000, ""),
            _ => what.request(number % count, &identifier(((number % count) & !1) as u64)),
        })
        .collect();
    if !what.is_write() {
        requests.iter().for_each(|request| drop(ask(request)));
    }
    let before = processor();
    requests.iter().for_each(|request| drop(ask(request)));
    let [user, system] =
        [0, 1].map(|place| (processor()[place] - before[place]) as f64 * 10_000.0 / calls as f64);
    println!("{user:.1} µs of the user's and {system:.1} µs of the system's processor time");
}

/// Ticks of processor time, of the user and of the system.
fn processor() -> [u64; 2] {
    let text = fs::read_to_string("/proc/self/stat").unwrap();
    let fields: Vec<&str> = text.rsplit(')').next().unwrap().split_whitespace().collect();
    [fields[11].parse().unwrap(), fields[12].parse().unwrap()]
}

/// A server that sends back what it was sent first on a connection, whatever else it is sent there: with a thread for each
/// connection, or with tokio.
pub(crate) fn echo(kind: &str) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let key = rcgen::KeyPair::generate().unwrap();
    let params = rcgen::CertificateParams::new(vec!["127.0.0.1".to_owned()]).unwrap();
    let certificate = params.self_signed(&key).unwrap().pem();
    let key = PrivateKeyDer::Pkcs8(key.serialize_der().into());
    let config = rustls::ServerConfig::builder_with_provider(provider())
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![CertificateDer::from_pem_slice(certificate.as_bytes()).unwrap()], key)
        .unwrap();
    tell(&[&listener.local_addr().unwrap().to_string(), &certificate, "", "", "0"]);
    let config = Arc::new(config);
    match kind {
        "tokio" => drop(thread::spawn(move || echo_by_tokio(listener, config))),
        _ => drop(thread::spawn(move || echo_by_threads(&listener, &config))),
    }
    answer_about_process();
}

fn echo_by_threads(listener: &TcpListener, config: &Arc<rustls::ServerConfig>) {
    for tcp in listener.incoming() {
        let (tcp, config) = (tcp.unwrap(), Arc::clone(config));
        thread::spawn(move || {
            tcp.set_nodelay(true).unwrap();
            let mut stream = StreamOwned::new(ServerConnection::new(config).unwrap(), tcp);
            let mut message = |tag| Framing::new(tag).read_message(&mut stream).ok().flatten();
            let Some(answer) = message(Tag::RESPONSE_MESSAGE) else { return };
            while Framing::new(Tag::REQUEST_MESSAGE)
                .read_message(&mut stream)
                .is_ok_and(|read| read.is_some())
            {
                if stream.write_all(&answer).and_then(|()| stream.flush()).is_err() {
                    return;
                }
            }
        });
    }
}

fn echo_by_tokio(listener: TcpListener, config: Arc<rustls::ServerConfig>) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        listener.set_nonblocking(true).unwrap();
        let listener = tokio::net::TcpListener::from_std(listener).unwrap();
        let acceptor = tokio_rustls::TlsAcceptor::from(config);
        loop {
            let (tcp, _) = listener.accept().await.unwrap();
            let acceptor = acceptor.clone();
            tokio::spawn(async move {
                tcp.set_nodelay(true)?;
                let mut stream = acceptor.accept(tcp).await?;
                let (mut buffer, mut answer) = (Vec::new(), Vec::new());
                loop {
                    // The header, and then the rest.
                    buffer.resize(8, 0);
                    stream.read_exact(&mut buffer).await?;
                    let length = u32::from_be_bytes(buffer[4..].try_into().unwrap()) as usize;
                    buffer.resize(8 + length, 0);
                    stream.read_exact(&mut buffer[8..]).await?;
                    if answer.is_empty() {
                        answer.clone_from(&buffer);
                        continue;
                    }
                    stream.write_all(&answer).await?;
                    stream.flush().await?;
                }
                #[allow(unreachable_code)] // It says what the block gives.
                io::Result::Ok(())
            });
        }
    });
}

fn tell(texts: &[&str]) {
    for text in texts {
        println!("{}", text.replace('\n', "|"));
    }
    io::stdout().flush().unwrap();
}

fn answer_about_process() {
    for line in io::stdin().lock().lines() {
        if line.is_err() {
            return;
        }
        let processor = ProcessTime::now().as_duration().as_nanos();
        println!("{processor} {}", memory());
        io::stdout().flush().unwrap();
    }
}

/// How many KiB of memory the process has.
fn memory() -> u64 {
    let mut status = String::new();
    fs::File::open("/proc/self/status").unwrap().read_to_string(&mut status).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}
