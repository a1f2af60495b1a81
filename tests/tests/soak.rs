//! Several clients on both transports for a while: every call does what the standard says, and the server's memory does not
//! grow by what they ask.
//!
//! The server is this binary, started anew. Ten seconds; as many minutes as `KMIP_SOAK_MINUTES` says, where it is set. The
//! store is in memory, unless `KMIP_SOAK_STORE` has the URL of another, such as `redb:` with a path behind it. A store that lasts
//! has caches, which fill: `?cache_size=` in the URL of a file bounds that of its pages, and `KMIP_SOAK_CACHE` says how many bytes
//! of objects are kept decoded.
//!
//! What is made is destroyed. One thing remains, and is to: an object that was destroyed keeps its attributes, and is found by
//! them (KMIP 1.4 section 4.21, 2.1 section 6.1.15). How much memory that takes is measured before, with nothing else going on,
//! and bounded; by that times the keys that were destroyed memory may grow, and by no more than an allocator's swing beside:
//! so much in the second half of the time, when all has been done often, as in the first.

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
use kmip_sdk::server::{EmbeddedServer, Later, ServerOptions};
use kmip_sdk::types::DateTime;
use kmip_sdk::types::attribute::Attribute;
use kmip_sdk::types::enumerations::{
    HashingAlgorithm, Operation, QueryFunction, RecommendedCurve, ResultReason, RevocationReasonCode, State,
};
use kmip_sdk::types::operation::{
    AddAttributeRequest, GetAttributeListRequest, GetAttributesRequest, ModifyAttributeRequest, QueryRequest,
};
use kmip_sdk::{Encoding, Error, Polled, ProtocolVersion, Started};

const STORE: &str = "KMIP_SOAK_STORE";
const CACHE: &str = "KMIP_SOAK_CACHE";

/// So many of its calls a client makes on one connection.
const CALLS: u64 = 500;

/// How many of those there are for each key that is made and destroyed: what is left of it stays.
const CALLS_FOR_A_KEY: u64 = 250;

/// The most that may be left of a key that was destroyed, in bytes of memory, with what it is found by.
const REST_OF_A_KEY: u64 = 8 * 1024;

/// Once every client has made so many of its calls, everything has been done often.
const OFTEN: u64 = 100;

/// What else memory may grow by in half of the time, in bytes: an allocator gives back and takes.
const SWING: u64 = 8 * 1024 * 1024;

/// How many keys are destroyed to find out what is left of one, and how many before that.
const MEASURED: u64 = 1500;
const UNMEASURED: u64 = 500;

/// The server. It ends when nobody listens to it any more.
#[test]
#[ignore = "it is started by the test that asks it"]
fn serve() {
    let url = env::var(STORE).unwrap_or_else(|_| "memory:".to_owned());
    let mut store = Store::open_sealed(&url, MasterKey::new([3; 32])).unwrap();
    if let Ok(bytes) = env::var(CACHE) {
        store = store.cache(bytes.parse().unwrap());
    }
    let options = ServerOptions::default()
        .store(store)
        .maximum_objects(10_000_000)
        .maximum_bytes(1 << 40)
        .later(Operation::GetAttributeList, Later::Polls(1));
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
    destroyed: AtomicU64,
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

/// What a client keeps as long as it asks.
struct Kept {
    name: String,
    key: UniqueIdentifier,
    mac_key: UniqueIdentifier,
    private_key: UniqueIdentifier,
    public_key: UniqueIdentifier,
    /// It is activated by the server when its date has come, and destroyed when another is made.
    dated: Option<UniqueIdentifier>,
}

impl Kept {
    fn new(client: &Client, place: usize, counts: &Counts) -> Option<Self> {
        let name = format!("soaked by {place}");
        let key = counts.note("Create", client.create_aes(256).name(name.as_str()).activated().send())?;
        let mac_key = client.create_hmac(HashingAlgorithm::Sha256, 256).activated().send();
        let mac_key = counts.note("Create", mac_key)?;
        let pair = client.create_ec(RecommendedCurve::P256).signing().activated().send();
        let pair = counts.note("Create Key Pair", pair)?;
        let contact = Attribute::ContactInformation("nobody".to_owned());
        let add = AddAttributeRequest::new(key.unique_identifier.clone(), contact);
        counts.note("Add Attribute", client.call(add).send())?;
        Some(Self {
            name,
            key: key.unique_identifier,
            mac_key: mac_key.unique_identifier,
            private_key: pair.private_key_unique_identifier,
            public_key: pair.public_key_unique_identifier,
            dated: None,
        })
    }

    /// Destroys all of it.
    fn end(self, client: &Client, counts: &Counts) {
        let Self { name: _, key, mac_key, private_key, public_key, dated } = self;
        for key in [key, mac_key, private_key, public_key].into_iter().chain(dated) {
            destroy(client, &key, counts);
        }
    }
}

/// Revokes an object, whatever its state, and destroys it.
fn destroy(client: &Client, key: &UniqueIdentifier, counts: &Counts) {
    let compromised = client.revoke(key, RevocationReasonCode::KeyCompromise);
    counts.note("Revoke", compromised.compromised_at(DateTime::now()).send());
    counts.note("Destroy", client.destroy(key).send());
    counts.destroyed.fetch_add(1, Ordering::Relaxed);
}

/// What a client does with what it keeps, by turns.
fn use_kept(client: &Client, number: u64, kept: &Kept, counts: &Counts) {
    let key = &kept.key;
    let text = vec![u8::try_from(number % 251).unwrap(); 1024];
    match number % 12 {
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
            let wanted = LocateRequest::new(Attributes::new().with_name(Name::text(&kept.name)));
            let found = counts.note("Locate", client.call(wanted).send());
            counts.expect("Locate", found.is_none_or(|found| found.unique_identifier == [key.clone()]));
        }
        3 => {
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
        5 => drop(
            counts.note("Query", client.call(QueryRequest::new(vec![QueryFunction::QueryOperations])).send()),
        ),
        6 => {
            let signed = client.sign(&kept.private_key, text.clone()).ecdsa(HashingAlgorithm::Sha256).send();
            if let Some(signature) = counts.note("Sign", signed) {
                let verified = client.signature_verify(&kept.public_key, text, &*signature);
                counts.note("Signature Verify", verified.ecdsa(HashingAlgorithm::Sha256).send());
            }
        }
        7 => {
            let made = client.mac(&kept.mac_key, text.clone()).hmac(HashingAlgorithm::Sha256).send();
            if let Some(mac) = counts.note("MAC", made) {
                let verified = client.mac_verify(&kept.mac_key, text, mac).hmac(HashingAlgorithm::Sha256);
                counts.note("MAC Verify", verified.send());
            }
        }
        8 => {
            let found = client.locate().state(State::Active).maximum_items(5).send();
            let found = counts.note("Locate, a page", found);
            counts.expect("Locate, a page", found.is_none_or(|found| found.unique_identifier.len() <= 5));
        }
        9 => {
            let attributes = GetAttributesRequest::new(key.clone(), Vec::<&str>::new());
            let named = LocateRequest::new(Attributes::new().with_name(Name::text(&kept.name)));
            let both = (GetRequest::new(key.clone()), attributes, named);
            let Some((got, attributes, named)) = counts.note("a batch", client.call_batch(both).send())
            else {
                return;
            };
            let got = counts.note("Get in a batch", got);
            counts.expect("Get in a batch", got.is_none_or(|got| got.unique_identifier == *key));
            let state =
                counts.note("Get Attributes in a batch", attributes).map(|got| got.attributes.state());
            counts
                .expect("Get Attributes in a batch", state.is_none_or(|state| state == Some(State::Active)));
            let found = counts.note("Locate in a batch", named);
            let is_found = found.is_none_or(|found| found.unique_identifier == [key.clone()]);
            counts.expect("Locate in a batch", is_found);
        }
        10 => later(client, key, counts),
        _ => {
            let unknown = client.call(GetRequest::new("no such object")).send();
            refused(
                "Get, unknown",
                unknown.map(drop),
                &[ResultReason::ObjectNotFound, ResultReason::ItemNotFound],
                counts,
            );
        }
    }
}

/// An operation that the server answers when it has been asked once in vain.
fn later(client: &Client, key: &UniqueIdentifier, counts: &Counts) {
    let started = client.call(GetAttributeListRequest::new(key.clone())).start().send();
    match counts.note("Get Attribute List, later", started) {
        Some(Started::Pending(pending)) => {
            let first = counts.note("Poll", pending.poll().send());
            counts.expect("Poll, in vain", first.is_none_or(|first| matches!(first, Polled::Pending)));
            let second = counts.note("Poll", pending.poll().send());
            counts.expect("Poll", second.is_none_or(|second| matches!(second, Polled::Done(_))));
        }
        done => counts.expect("Get Attribute List, later", done.is_none()),
    }
}

fn refused(what: &'static str, result: Result<(), Error>, reasons: &[ResultReason], counts: &Counts) {
    *counts.calls.lock().unwrap().entry(what).or_default() += 1;
    let reason = result.as_ref().err().and_then(Error::reason);
    counts.expect(what, reason.is_some_and(|reason| reasons.contains(&reason)));
}

/// A key's whole life, in the end of which it is not given out any more.
fn live(client: &Client, counts: &Counts) {
    let Some(made) = counts.note("Create", client.create_aes(256).send()) else { return };
    let key = made.unique_identifier;
    destroy(client, &key, counts);
    // Before KMIP 2.0 it is another (KMIP 1.4 section 11.10).
    let reasons = [ResultReason::ObjectDestroyed, ResultReason::IllegalOperation];
    refused("Get, destroyed", client.call(GetRequest::new(key)).send().map(drop), &reasons, counts);
}

/// Has another key wait for its date, in the place of the one before.
fn wait_for_a_date(client: &Client, kept: &mut Kept, counts: &Counts) {
    let soon = DateTime::from_seconds(DateTime::now().seconds() + 2);
    let made = counts.note("Create, for later", client.create_aes(256).activation_date(soon).send());
    let before = kept.dated.take();
    kept.dated = made.map(|made| made.unique_identifier);
    if let Some(before) = before {
        destroy(client, &before, counts);
    }
}

fn ask(server: &Asked, way: &Way, place: usize, until: Instant, counts: &Counts) {
    let Some(mut kept) = Kept::new(&server.client(way), place, counts) else { return };
    while Instant::now() < until {
        let client = server.client(way);
        for number in 0..CALLS {
            use_kept(&client, number, &kept, counts);
            counts.asked[place].fetch_add(1, Ordering::Relaxed);
            if number % CALLS_FOR_A_KEY == 0 {
                live(&client, counts);
            }
        }
        wait_for_a_date(&client, &mut kept, counts);
    }
    kept.end(&server.client(way), counts);
}

/// How many bytes of memory are left of a key that was destroyed, where nothing else is asked.
fn rest_of_a_key(server: &Asked) -> Option<u64> {
    let (client, counts) = (server.client(&WAYS[1]), Counts::default());
    (0..UNMEASURED).for_each(|_| live(&client, &counts));
    let before = server.memory()?;
    (0..MEASURED).for_each(|_| live(&client, &counts));
    let rest = server.memory()?.saturating_sub(before) / MEASURED;
    let failures = counts.failures.into_inner().unwrap();
    assert!(failures.is_empty(), "{:?}", failures.first());
    Some(rest)
}

/// How much memory there was, and how many keys had been destroyed.
#[derive(Clone, Copy)]
struct Sample {
    at: Duration,
    memory: u64,
    destroyed: u64,
    /// Whether everything had been done often.
    is_often: bool,
}

/// What memory has grown by from one sample to another, without what is left of the keys, in bytes.
fn growth(from: Sample, to: Sample, rest: u64) -> i64 {
    let keys = (to.destroyed - from.destroyed) * rest;
    i64::try_from(to.memory).unwrap() - i64::try_from(from.memory + keys).unwrap()
}

#[test]
fn memory_is_flat_and_no_call_fails_that_should_not() {
    let minutes = env::var("KMIP_SOAK_MINUTES").ok().map(|minutes| minutes.parse::<u64>().unwrap());
    let time = minutes.map_or(Duration::from_secs(10), |minutes| Duration::from_secs(60 * minutes));
    let (server, counts) = (Asked::start(), Counts::default());
    let rest = rest_of_a_key(&server);
    let (start, until) = (Instant::now(), Instant::now() + time);
    let mut samples: Vec<Sample> = Vec::new();
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
            let destroyed = counts.destroyed.load(Ordering::Relaxed);
            let is_often = counts.asked.iter().all(|asked| asked.load(Ordering::Relaxed) >= OFTEN);
            samples.extend(server.memory().map(|memory| Sample {
                at: start.elapsed(),
                memory,
                destroyed,
                is_often,
            }));
        }
    });
    let calls = counts.calls.into_inner().unwrap();
    println!("{} calls in {:?}: {calls:?}", calls.values().sum::<u64>(), start.elapsed());
    for Sample { at, memory, destroyed, .. } in &samples {
        let (at, memory) = (at.as_secs_f64(), *memory as f64 / 1_048_576.0);
        println!("{at:>6.1} s: {memory:>6.1} MiB, {destroyed} keys destroyed");
    }
    let failures = counts.failures.into_inner().unwrap();
    assert!(failures.is_empty(), "{} failed, the first: {:?}", failures.len(), failures.first());
    // By a tenth of the time, or later on a busy machine.
    let compared: Vec<Sample> =
        samples.iter().skip(samples.len() / 10).skip_while(|sample| !sample.is_often).copied().collect();
    let [first, .., last] = compared[..] else { return };
    let half = compared[compared.len() / 2];
    let Some(rest) = rest else { return };
    let halves = [growth(first, half, rest), growth(half, last, rest)];
    println!(
        "{rest} bytes are left of a key; without that, memory has grown by {} KiB in the first half and by {} KiB in the second",
        halves[0] / 1024,
        halves[1] / 1024
    );
    assert!(rest <= REST_OF_A_KEY, "{rest} bytes are left of a key that was destroyed");
    let swing = i64::try_from(SWING).unwrap();
    assert!(halves[0] <= 2 * swing && halves[1] <= swing, "memory grows: {halves:?} bytes");
}
