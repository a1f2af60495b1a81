//! Several clients on both transports for a while: every call does what the standard says, and the server's memory grows by
//! the objects that are made, and by nothing else.
//!
//! The server is this binary, started anew. Ten seconds; as many minutes as `KMIP_SOAK_MINUTES` says, where it is set. The
//! store is in memory, unless `KMIP_SOAK_STORE` has the URL of another.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // A panic is how a test fails.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};
use std::{env, fs, thread};

use kmip_sdk::prelude::*;
use kmip_sdk::server::store::{MasterKey, Store};
use kmip_sdk::server::{EmbeddedServer, ServerOptions};
use kmip_sdk::types::attribute::Attribute;
use kmip_sdk::types::enumerations::{QueryFunction, ResultReason, State};
use kmip_sdk::types::operation::{
    AddAttributeRequest, GetAttributesRequest, ModifyAttributeRequest, QueryRequest,
};
use kmip_sdk::{Encoding, Error, ProtocolVersion};

const STORE: &str = "KMIP_SOAK_STORE";

/// So many of its calls a client makes on one connection.
const CALLS: u64 = 500;

/// How many of those there are for each key that is made and destroyed: what is left of it stays.
const CALLS_FOR_A_KEY: u64 = 50;

/// What may be left of a key that was destroyed, in bytes of memory, with what it is found by.
const REST_OF_A_KEY: u64 = 8 * 1024;

/// Once every client has made so many of its calls, everything has been done often.
const OFTEN: u64 = 100;

/// What else memory may grow by, in bytes: an allocator gives back and takes.
const SWING: u64 = 16 * 1024 * 1024;

/// The server. It ends when nobody listens to it any more.
#[test]
#[ignore = "it is started by the test that asks it"]
fn serve() {
    let url = env::var(STORE).unwrap_or_else(|_| "memory:".to_owned());
    let store = Store::open_sealed(&url, MasterKey::new([3; 32])).unwrap();
    let options = ServerOptions::default().store(store).maximum_objects(10_000_000).maximum_bytes(1 << 40);
    let server = EmbeddedServer::start_with(options).unwrap();
    let told = [
        server.address().to_string(),
        format!("https://{}/kmip", server.https_address()),
        server.ca_certificate_pem().to_owned(),
        server.client_certificate_pem().to_owned(),
        server.client_key_pem().to_owned(),
    ];
    println!("\n{}", told.map(|text| text.replace('\n', "|")).join("\n"));
    std::io::stdout().flush().unwrap();
    std::io::stdin().read_to_end(&mut Vec::new()).unwrap();
}

struct Asked {
    process: Child,
    /// The test harness writes there after a minute, and ends if nobody could read it.
    _output: BufReader<ChildStdout>,
    told: [String; 5],
}

impl Asked {
    fn start() -> Self {
        let mut process = Command::new(env::current_exe().unwrap())
            .args(["--exact", "serve", "--ignored", "--nocapture"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut output = BufReader::new(process.stdout.take().unwrap());
        // What the test harness says stands before it.
        let lines = output.by_ref().lines().map(Result::unwrap);
        let mut lines = lines.skip_while(|line| !line.starts_with("127.0.0.1"));
        let told = [(); 5].map(|()| lines.next().unwrap().replace('|', "\n"));
        drop(lines);
        Self { process, _output: output, told }
    }

    fn client(&self, way: &Way) -> Client {
        let [address, https, authority, certificate, key] = &self.told;
        let builder = match way.encoding {
            None => Client::builder().address(address.as_str()),
            Some(encoding) => Client::builder().address(https.as_str()).encoding(encoding),
        };
        builder
            .version(way.version)
            .root_certificates_pem(authority)
            .identity_pem(certificate, key)
            .connect()
            .unwrap()
    }

    /// How many bytes of memory the server has, where the system says so.
    fn memory(&self) -> Option<u64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.process.id())).ok()?;
        let line = status.lines().find(|line| line.starts_with("VmRSS"))?;
        Some(1024 * line.split_whitespace().nth(1)?.parse::<u64>().ok()?)
    }
}

impl Drop for Asked {
    fn drop(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}

/// How a client asks: over HTTPS in an encoding, or without.
struct Way {
    encoding: Option<Encoding>,
    version: ProtocolVersion,
}

const WAYS: [Way; 6] = [
    Way { encoding: None, version: ProtocolVersion::V1_2 },
    Way { encoding: None, version: ProtocolVersion::V1_4 },
    Way { encoding: None, version: ProtocolVersion::V2_1 },
    Way { encoding: Some(Encoding::Ttlv), version: ProtocolVersion::V1_4 },
    Way { encoding: Some(Encoding::Json), version: ProtocolVersion::V2_1 },
    Way { encoding: Some(Encoding::Xml), version: ProtocolVersion::V2_1 },
];

/// What came of the calls.
#[derive(Default)]
struct Counts {
    calls: Mutex<BTreeMap<&'static str, u64>>,
    failures: Mutex<Vec<String>>,
    made: AtomicU64,
    /// What each client has made of its calls.
    asked: [AtomicU64; WAYS.len()],
}

impl Counts {
    /// Counts a call, and what fails that is not to.
    fn note<T>(&self, what: &'static str, result: Result<T, Error>) -> Option<T> {
        *self.calls.lock().unwrap().entry(what).or_default() += 1;
        result.map_err(|error| self.failed(what, &error.to_string())).ok()
    }

    fn failed(&self, what: &str, why: &str) {
        self.failures.lock().unwrap().push(format!("{what}: {why}"));
    }

    fn expect(&self, what: &'static str, is_right: bool) {
        if !is_right {
            self.failed(what, "not what it should be");
        }
    }
}

/// What a client does with the key that it keeps, by turns.
fn use_key(client: &Client, number: u64, key: &UniqueIdentifier, name: &str, counts: &Counts) {
    match number % 6 {
        0 => {
            let got = counts.note("Get", client.call(GetRequest::new(key.clone())).send());
            counts.expect("Get", got.is_none_or(|got| got.unique_identifier == *key));
        }
        1 => {
            let wanted = GetAttributesRequest::new(key.clone(), Vec::<&str>::new());
            let got = counts.note("Get Attributes", client.call(wanted).send());
            let state = got.map(|got| got.attributes.state());
            counts.expect("Get Attributes", state.is_none_or(|state| state == Some(State::Active)));
        }
        2 => {
            let wanted = LocateRequest::new(Attributes::new().with_name(Name::text(name)));
            let found = counts.note("Locate", client.call(wanted).send());
            counts.expect("Locate", found.is_none_or(|found| found.unique_identifier == [key.clone()]));
        }
        3 => {
            let text = vec![u8::try_from(number % 251).unwrap(); 1024];
            let encrypted = counts.note("Encrypt", client.encrypt(key, text.clone()).aes_cbc().send());
            let decrypted =
                encrypted.and_then(|encrypted| counts.note("Decrypt", client.decrypt(&encrypted).send()));
            counts.expect("Decrypt", decrypted.is_none_or(|decrypted| decrypted.reveal() == text));
        }
        4 => {
            let contact = Attribute::ContactInformation(format!("number {number}"));
            let request = ModifyAttributeRequest::new(key.clone(), contact);
            counts.note("Modify Attribute", client.call(request).send());
        }
        _ => drop(
            counts.note("Query", client.call(QueryRequest::new(vec![QueryFunction::QueryOperations])).send()),
        ),
    }
}

/// A key's whole life, in the end of which it is not given out any more.
fn live(client: &Client, counts: &Counts) {
    let Some(made) = counts.note("Create", client.create_aes(256).send()) else { return };
    counts.made.fetch_add(1, Ordering::Relaxed);
    let key = made.unique_identifier;
    counts.note("Destroy", client.destroy(&key).send());
    let refused = client.call(GetRequest::new(key)).send();
    let reason = refused.as_ref().err().and_then(Error::reason);
    *counts.calls.lock().unwrap().entry("Get, refused").or_default() += 1;
    // Before KMIP 2.0 it is another (KMIP 1.4 section 11.10).
    let is_right = matches!(reason, Some(ResultReason::ObjectDestroyed | ResultReason::IllegalOperation));
    counts.expect("Get, refused", is_right);
}

fn ask(server: &Asked, way: &Way, place: usize, until: Instant, counts: &Counts) {
    let name = format!("soaked by {place}");
    let key = server.client(way).create_aes(256).name(name.as_str()).activated().send();
    let Some(key) = counts.note("Create", key) else { return };
    let key = key.unique_identifier;
    let contact = Attribute::ContactInformation("nobody".to_owned());
    counts.note(
        "Add Attribute",
        server.client(way).call(AddAttributeRequest::new(key.clone(), contact)).send(),
    );
    while Instant::now() < until {
        let client = server.client(way);
        for number in 0..CALLS {
            use_key(&client, number, &key, &name, counts);
            counts.asked[place].fetch_add(1, Ordering::Relaxed);
            if number % CALLS_FOR_A_KEY == 0 {
                live(&client, counts);
            }
        }
    }
}

#[test]
fn memory_grows_by_the_objects_and_no_call_fails_that_should_not() {
    let minutes = env::var("KMIP_SOAK_MINUTES").ok().map(|minutes| minutes.parse::<u64>().unwrap());
    let time = minutes.map_or(Duration::from_secs(10), |minutes| Duration::from_secs(60 * minutes));
    let (server, counts) = (Asked::start(), Counts::default());
    let (start, until) = (Instant::now(), Instant::now() + time);
    let mut samples: Vec<(Duration, u64, u64, bool)> = Vec::new();
    thread::scope(|scope| {
        let clients: Vec<_> = WAYS
            .iter()
            .enumerate()
            .map(|(place, way)| {
                let (server, counts) = (&server, &counts);
                scope.spawn(move || ask(server, way, place, until, counts))
            })
            .collect();
        while clients.iter().any(|client| !client.is_finished()) {
            thread::sleep(time / 40);
            let made = counts.made.load(Ordering::Relaxed);
            let is_often = counts.asked.iter().all(|asked| asked.load(Ordering::Relaxed) >= OFTEN);
            samples.extend(server.memory().map(|memory| (start.elapsed(), memory, made, is_often)));
        }
    });
    let calls = counts.calls.into_inner().unwrap();
    println!("{} calls in {:?}: {calls:?}", calls.values().sum::<u64>(), start.elapsed());
    for (at, memory, made, _) in &samples {
        println!(
            "{:>6.1} s: {:>6.1} MiB, {made} keys destroyed",
            at.as_secs_f64(),
            *memory as f64 / 1_048_576.0
        );
    }
    let failures = counts.failures.into_inner().unwrap();
    assert!(failures.is_empty(), "{} failed, the first: {:?}", failures.len(), failures.first());
    // By a fifth of the time, or later on a busy machine.
    let first = samples.iter().skip(samples.len() / 5).find(|(.., is_often)| *is_often);
    if let (Some((_, before, few, _)), Some((_, after, many, _))) = (first, samples.last()) {
        let most = before + SWING + (many - few) * REST_OF_A_KEY;
        assert!(*after <= most, "memory has grown from {before} to {after}");
    }
}
