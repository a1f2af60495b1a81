//! A server that is killed again and again under load: every write that it has answered is there.
//!
//! The server is this binary, started anew with the environment variable that says where its store is. Ten rounds; as many as
//! `KMIP_CRASHES` says, where it is set.

use std::collections::HashMap;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{SystemTime, UNIX_EPOCH};

use kmip_sdk::Client;
use kmip_sdk::server::store::Store;
use kmip_sdk::server::{EmbeddedServer, ServerOptions};
use kmip_sdk::types::enumerations::State;
use kmip_sdk::types::operation::{GetAttributesRequest, GetRequest};
use tempfile::TempDir;

use crate::asked::{Asked, name};
use crate::authority::Known;
use crate::failover;
use crate::places::key;

/// Where the store of the server is that is to be killed, as a URL.
const URL: &str = "KMIP_CRASHING_STORE";

/// What its clients know it by; absent, if nobody knows it before it is started.
const KNOWN: &str = "KMIP_CRASHING_SERVER";

/// How many clients write.
const CLIENTS: usize = 4;

/// What the server has answered of a key: its name, and how far it has come.
pub(crate) type Answered = HashMap<String, (String, State)>;

pub(crate) fn store(url: &str) -> Store {
    Store::open_sealed(url, key()).unwrap()
}

/// The server that is killed. It ends when nobody listens to it any more.
#[test]
#[ignore = "it is started by the test that kills it"]
fn serve() {
    let options = ServerOptions::default().store(store(&std::env::var(URL).unwrap()));
    let server = match std::env::var(KNOWN) {
        Ok(known) => failover::start(&Known::from_text(&known), &options),
        Err(_) => EmbeddedServer::start_with(options).unwrap(),
    };
    let told = [
        server.address().to_string(),
        server.ca_certificate_pem().to_owned(),
        server.client_certificate_pem().to_owned(),
        server.client_key_pem().to_owned(),
    ];
    let told = told.map(|text| text.replace('\n', "|")).join("\n");
    println!("\n{told}");
    std::io::stdout().flush().unwrap();
    failover::do_as_told();
}

/// A server in a process of its own, and what its clients trust it by.
pub(crate) struct Killed {
    process: Child,
    told: [String; 4],
    /// What it has to say later, and what else the test harness has, finds somebody who listens.
    output: Option<Box<dyn Iterator<Item = String> + Send>>,
}

impl Killed {
    fn start(url: &str) -> Self {
        Self::start_as(url, None)
    }

    pub(crate) fn start_as(url: &str, known: Option<&Known>) -> Self {
        let mut process = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "crash::serve", "--ignored", "--nocapture"])
            .env(URL, url)
            .envs(known.map(|known| (KNOWN, known.to_text())))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(process.stdout.take().unwrap()).lines().map(Result::unwrap);
        // What the test harness says stands before it.
        let mut lines = lines.skip_while(|line| !line.starts_with("127.0.0.1"));
        let told = [(); 4].map(|()| lines.next().unwrap().replace('|', "\n"));
        Self { process, told, output: Some(Box::new(lines)) }
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.told[0].parse().unwrap()
    }

    /// Tells it something, and gives what it says from then on.
    pub(crate) fn tell(&mut self, line: &str) -> impl Iterator<Item = String> + Send + use<> {
        writeln!(self.process.stdin.as_mut().unwrap(), "{line}").unwrap();
        self.output.take().unwrap()
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

/// Makes and changes keys until the server is gone, and says each time when it has answered.
fn write(client: &Client, names: &str, answered: &Mutex<Answered>, has_answered: impl Fn()) {
    for number in 0.. {
        let name = format!("{names} {number}");
        let Ok(made) = client.create_aes(256).name(name.as_str()).send() else { return };
        let identifier = made.unique_identifier.as_text().unwrap().to_owned();
        let note = |state| {
            answered.lock().unwrap().insert(identifier.clone(), (name.clone(), state));
            has_answered();
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
fn round(url: &str, number: u64, kill_after: usize) -> Answered {
    let killed = Killed::start(url);
    let clients: Vec<Client> = (0..CLIENTS).map(|_| killed.client()).collect();
    let (answered, count) = (Mutex::new(Answered::new()), AtomicUsize::new(0));
    thread::scope(|scope| {
        for (place, client) in clients.iter().enumerate() {
            let (answered, count) = (&answered, &count);
            let has_answered = || {
                count.fetch_add(1, Ordering::SeqCst);
            };
            scope.spawn(move || write(client, &format!("{number} {place}"), answered, has_answered));
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

/// What is not as it was answered, each with what is said of it.
pub(crate) fn missing(asked: &Asked, answered: &Answered) -> Vec<String> {
    let of_one = |(identifier, (text, state)): (&String, &(String, State))| {
        let attributes = asked.call(GetAttributesRequest::all(identifier.as_str()));
        let found = attributes.as_ref().map(|response| response.attributes.state());
        let is_there = match found {
            Ok(Some(State::Destroyed)) => true,
            Ok(Some(_)) => asked.call(GetRequest::new(identifier.as_str())).is_ok(),
            _ => false,
        };
        let named = asked.locate([name(text)]);
        let is_named = found == Ok(Some(State::Destroyed)) || named == [identifier.as_str()];
        let is_right =
            matches!(found, Ok(Some(found)) if is_no_earlier(found, *state)) && is_there && is_named;
        let said = format!(
            "{text:?}, {identifier}, was {state}: its state is {found:?}, Get: {is_there}, its name: {named:?}"
        );
        (!is_right).then_some(said)
    };
    answered.iter().filter_map(of_one).collect()
}

/// Looks for what was answered last, and says of all what is missing where something is. The file as it was before it was
/// opened is kept then, and as it is afterwards.
pub(crate) fn check(url: &str, answered: &Answered, before: &Answered) {
    let file = url.strip_prefix("redb:").map(Path::new);
    let copy = file.map(|file| file.with_extension("before"));
    if let (Some(file), Some(copy)) = (file, &copy) {
        fs::copy(file, copy).unwrap();
    }
    let store = store(url);
    let asked = Asked::on(store.clone());
    let missing_now = missing(&asked, answered);
    if missing_now.is_empty() {
        return;
    }
    let missing_before = missing(&asked, before);
    let there = store.objects();
    drop((asked, store));
    let kept = file.zip(copy).map(|(file, copy)| {
        let directory = TempDir::new().unwrap().keep();
        fs::copy(copy, directory.join("before")).unwrap();
        fs::copy(file, directory.join("after")).unwrap();
        directory
    });
    panic!(
        "of {} that were answered last are missing {}: {missing_now:#?}\nof {} before that {}: {missing_before:#?}\n\
         there are {there:?}; the file is kept in {kept:?}",
        answered.len(),
        missing_now.len(),
        before.len(),
        missing_before.len(),
    );
}

#[test]
fn what_was_answered_is_there_after_the_server_was_killed() {
    let rounds = std::env::var("KMIP_CRASHES").map_or(10, |rounds| rounds.parse().unwrap());
    let directory = TempDir::new().unwrap();
    let url = format!("redb:{}", directory.path().join("store").display());
    let mut random = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    let mut all = Answered::new();
    for number in 0..rounds {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let answered = round(&url, number, 1 + usize::try_from(random >> 58).unwrap());
        check(&url, &answered, &all);
        all.extend(answered);
    }
    check(&url, &all, &Answered::new());
    println!("{} keys after {rounds} rounds", all.len());
}
