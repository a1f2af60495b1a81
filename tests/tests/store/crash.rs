//! A server that is killed again and again under load: every write that it has answered is there.
//!
//! The server is this binary, started anew with the environment variable that says where its store is. Ten rounds; as many as
//! `KMIP_CRASHES` says, where it is set.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{SystemTime, UNIX_EPOCH};

use kmip_sdk::Client;
use kmip_sdk::server::store::{Redb, Store};
use kmip_sdk::server::{EmbeddedServer, ServerOptions};
use kmip_sdk::types::enumerations::State;
use kmip_sdk::types::operation::GetRequest;
use tempfile::TempDir;

use crate::asked::{Asked, name};
use crate::places::key;

/// Where the store of the server is that is to be killed.
const PATH: &str = "KMIP_CRASHING_STORE";

/// How many clients write.
const CLIENTS: usize = 4;

/// What the server has answered of a key: its name, and how far it has come.
type Answered = HashMap<String, (String, State)>;

fn store(path: &str) -> Store {
    Store::sealed(Box::new(Redb::open(path).unwrap()), key()).unwrap()
}

/// The server that is killed. It ends when nobody listens to it any more.
#[test]
#[ignore = "it is started by the test that kills it"]
fn serve() {
    let options = ServerOptions::default().store(store(&std::env::var(PATH).unwrap()));
    let server = EmbeddedServer::start_with(options).unwrap();
    let told = [
        server.address().to_string(),
        server.ca_certificate_pem().to_owned(),
        server.client_certificate_pem().to_owned(),
        server.client_key_pem().to_owned(),
    ];
    let told = told.map(|text| text.replace('\n', "|")).join("\n");
    println!("\n{told}");
    std::io::stdout().flush().unwrap();
    std::io::stdin().read_to_end(&mut Vec::new()).unwrap();
}

/// A server in a process of its own, and what its clients trust it by.
struct Killed {
    process: Child,
    told: [String; 4],
}

impl Killed {
    fn start(path: &str) -> Self {
        let mut process = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "crash::serve", "--ignored", "--nocapture"])
            .env(PATH, path)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(process.stdout.take().unwrap()).lines().map(Result::unwrap);
        // What the test harness says stands before it.
        let mut lines = lines.skip_while(|line| !line.starts_with("127.0.0.1"));
        let told = [(); 4].map(|()| lines.next().unwrap().replace('|', "\n"));
        Self { process, told }
    }

    fn client(&self) -> Client {
        let [address, authority, certificate, key] = &self.told;
        Client::builder()
            .address(address.as_str())
            .root_certificates_pem(authority)
            .identity_pem(certificate, key)
            .connect()
            .unwrap()
    }
}

impl Drop for Killed {
    fn drop(&mut self) {
        // On Unix this is SIGKILL.
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}

/// Makes and changes keys until the server is gone; `is_enough` says when it is to be killed.
fn write(client: &Client, names: &str, answered: &Mutex<Answered>, count: &AtomicUsize) {
    for number in 0.. {
        let name = format!("{names} {number}");
        let Ok(made) = client.create_aes(256).name(name.as_str()).send() else { return };
        let identifier = made.unique_identifier.as_text().unwrap().to_owned();
        let note = |state| {
            answered.lock().unwrap().insert(identifier.clone(), (name.clone(), state));
            count.fetch_add(1, Ordering::SeqCst);
        };
        note(State::PreActive);
        if number % 2 == 0 {
            if client.activate(identifier.as_str()).send().is_err() {
                return;
            }
            note(State::Active);
        } else if number % 3 == 0 {
            if client.destroy(identifier.as_str()).send().is_err() {
                return;
            }
            note(State::Destroyed);
        }
    }
}

/// Kills the server once it has answered so many writes.
fn round(path: &str, number: u64, kill_after: usize) -> Answered {
    let killed = Killed::start(path);
    let clients: Vec<Client> = (0..CLIENTS).map(|_| killed.client()).collect();
    let (answered, count) = (Mutex::new(Answered::new()), AtomicUsize::new(0));
    thread::scope(|scope| {
        for (place, client) in clients.iter().enumerate() {
            let (answered, count) = (&answered, &count);
            scope.spawn(move || write(client, &format!("{number} {place}"), answered, count));
        }
        while count.load(Ordering::SeqCst) < kill_after {
            thread::yield_now();
        }
        drop(killed);
    });
    answered.into_inner().unwrap()
}

/// Whether a state comes after another, or is the same.
fn is_no_earlier(state: State, than: State) -> bool {
    state == than || than == State::PreActive
}

fn check(path: &str, answered: &Answered) {
    let asked = Asked::on(store(path));
    for (identifier, (text, state)) in answered {
        let attributes = asked.attributes(identifier);
        let found = attributes.state().unwrap();
        assert!(is_no_earlier(found, *state), "{identifier} was {state} and is {found}");
        if found == State::Destroyed {
            continue;
        }
        asked.call(GetRequest::new(identifier.as_str())).unwrap();
        assert_eq!(asked.locate([name(text)]), [identifier.as_str()]);
    }
}

#[test]
fn what_was_answered_is_there_after_the_server_was_killed() {
    let rounds = std::env::var("KMIP_CRASHES").map_or(10, |rounds| rounds.parse().unwrap());
    let directory = TempDir::new().unwrap();
    let path = directory.path().join("store").display().to_string();
    let mut random = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    let mut all = Answered::new();
    for number in 0..rounds {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let answered = round(&path, number, 1 + usize::try_from(random >> 58).unwrap());
        check(&path, &answered);
        all.extend(answered);
    }
    check(&path, &all);
    println!("{} keys after {rounds} rounds", all.len());
}
