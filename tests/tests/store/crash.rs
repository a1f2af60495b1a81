//! A server that is killed again and again under load: every write that it has answered is there.
//!
//! The server is this binary, started anew with the environment variable that says where its store is. Ten rounds; as many as
//! `KMIP_CRASHES` says, where it is set. Where `KMIP_CRASH_LOG` is set, what is done to the store's file is logged, what is in
//! it is held against that after each round, and the server is killed as it writes.

use std::collections::HashMap;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, mpsc};
use std::thread::{self, JoinHandle};
use std::time::{SystemTime, UNIX_EPOCH};

use kmip_sdk::server::store::{Redb, Store};
use kmip_sdk::server::{EmbeddedServer, ServerOptions};
use kmip_sdk::types::enumerations::State;
use kmip_sdk::types::operation::{GetAttributesRequest, GetRequest};
use kmip_sdk::{Client, Error};
use tempfile::TempDir;

use crate::asked::{Asked, name};
use crate::authority::Known;
use crate::failover;
use crate::left::{self, Left};
use crate::operations::{Log, Logged};
use crate::places::key;
use crate::said;

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

/// The store of the server, where what is done to its file is logged if it is to be.
fn served(url: &str) -> Store {
    let path = left::path(url).map(Path::to_owned);
    let Some((path, log)) = path.and_then(|path| left::log(&path).map(|log| (path, log))) else {
        return store(url);
    };
    let log = Log::new(&log).unwrap();
    let redb = Redb::on(move || {
        eprintln!("the store's file is opened");
        Logged::open(&path, &log)
    });
    Store::sealed(Box::new(redb.unwrap()), key()).unwrap()
}

/// The server that is killed. It ends when nobody listens to it any more.
#[test]
#[ignore = "it is started by the test that kills it"]
fn serve() {
    said::aloud();
    let options = ServerOptions::default().store(served(&std::env::var(URL).unwrap()));
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
    /// What it says where errors are said, until it ends.
    errors: Option<JoinHandle<Vec<String>>>,
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
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let errors = BufReader::new(process.stderr.take().unwrap()).lines().map(Result::unwrap);
        let errors = Some(thread::spawn(move || errors.collect()));
        let lines = BufReader::new(process.stdout.take().unwrap()).lines().map(Result::unwrap);
        // What the test harness says stands before it.
        let mut lines = lines.skip_while(|line| !line.starts_with("127.0.0.1"));
        let told = [(); 4].map(|()| lines.next().unwrap().replace('|', "\n"));
        Self { process, told, errors, output: Some(Box::new(lines)) }
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

    /// Kills it, and gives what it has said.
    fn kill(&mut self) -> Vec<String> {
        // On Unix this is SIGKILL.
        self.process.kill().unwrap();
        self.process.wait().unwrap();
        self.errors.take().map(|errors| errors.join().unwrap()).unwrap_or_default()
    }
}

impl Drop for Killed {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Makes and changes keys until the server fails, which is given, and says each time when it has answered.
fn write(client: &Client, names: &str, answered: &Mutex<Answered>, has_answered: impl Fn()) -> Error {
    let write_one = |number: i32| -> Result<(), Error> {
        let name = format!("{names} {number}");
        let made = client.create_aes(256).name(name.as_str()).send()?;
        let identifier = made.unique_identifier.as_text().unwrap().to_owned();
        let note = |state| {
            answered.lock().unwrap().insert(identifier.clone(), (name.clone(), state));
            has_answered();
        };
        note(State::PreActive);
        if number % 2 == 0 {
            client.activate(identifier.as_str()).send()?;
            note(State::Active);
        } else if number % 3 == 0 {
            client.destroy(identifier.as_str()).send()?;
            note(State::Destroyed);
        }
        Ok(())
    };
    (0..).find_map(|number| write_one(number).err()).unwrap()
}

/// Kills the server once it has answered so many writes: what it has answered, and what it has said of itself.
fn round(url: &str, number: u64, kill_after: usize) -> (Answered, Vec<String>) {
    let mut killed = Killed::start(url);
    let clients: Vec<Client> = (0..CLIENTS).map(|_| killed.client()).collect();
    let (answered, is_killed) = (Mutex::new(Answered::new()), AtomicBool::new(false));
    let (sender, events) = mpsc::channel();
    let (ended, said, errors) = thread::scope(|scope| {
        let write = |(place, client)| {
            let (sender, answered, is_killed) = (sender.clone(), &answered, &is_killed);
            scope.spawn(move || {
                // Nobody counts them any more in the end.
                let has_answered = || sender.send(()).unwrap_or(());
                let error = write(client, &format!("{number} {place}"), answered, has_answered);
                (!is_killed.load(Ordering::SeqCst)).then_some(error)
            })
        };
        let writers: Vec<_> = clients.iter().enumerate().map(write).collect();
        // Nothing comes any more where all of them have failed.
        drop(sender);
        events.iter().take(kill_after).for_each(drop);
        if let Some(log) = left::path(url).and_then(left::log) {
            // It is killed as it goes on to write.
            let length = || fs::metadata(&log).unwrap().len();
            let before = length();
            while length() == before && !writers.iter().all(|writer| writer.is_finished()) {
                thread::yield_now();
            }
        }
        let ended = killed.process.try_wait().unwrap();
        is_killed.store(true, Ordering::SeqCst);
        let said = killed.kill();
        let errors: Vec<Error> = writers.into_iter().filter_map(|writer| writer.join().unwrap()).collect();
        (ended, said, errors)
    });
    assert!(ended.is_none(), "the server has ended before it was killed: {ended:?}, {said:#?}");
    assert!(errors.is_empty(), "before the server was killed: {errors:#?}, {said:#?}");
    (answered.into_inner().unwrap(), said)
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

/// Looks for what was answered last, and says of all what is missing where something is.
pub(crate) fn check(url: &str, answered: &Answered, before: &Answered) {
    check_left(url, answered, before, None);
}

/// The same of the file that a server left, which has said so much; it is kept where something is missing. Gives what the
/// library says as it opens the store.
fn check_left(
    url: &str,
    answered: &Answered,
    before: &Answered,
    left: Option<(&Left, &[String])>,
) -> Vec<String> {
    let (store, said) = said::during(|| store(url));
    let asked = Asked::on(store.clone());
    let missing_now = missing(&asked, answered);
    if missing_now.is_empty() {
        return said;
    }
    let missing_before = missing(&asked, before);
    let there = store.objects();
    drop((asked, store));
    let left = left.map(|(left, server)| {
        format!("{}\nthe server said {server:#?}\nit is kept in {:?}", left.header(), left.keep())
    });
    panic!(
        "of {} that were answered last are missing {}: {missing_now:#?}\nof {} before that {}: {missing_before:#?}\n\
         there are {there:?}; as it was opened: {said:#?}\nthe file that was left: {}",
        answered.len(),
        missing_now.len(),
        before.len(),
        missing_before.len(),
        left.unwrap_or_else(|| "none".to_owned()),
    );
}

#[test]
fn what_was_answered_is_there_after_the_server_was_killed() {
    let rounds = std::env::var("KMIP_CRASHES").map_or(10, |rounds| rounds.parse().unwrap());
    let directory = TempDir::new().unwrap();
    let path = directory.path().join("store");
    let url = format!("redb:{}", path.display());
    let mut random = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    let (mut all, mut went_back) = (Answered::new(), 0);
    for number in 0..rounds {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        // The first server makes the file.
        let before = if number == 0 { Vec::new() } else { fs::read(&path).unwrap() };
        let (answered, server) = round(&url, number, 1 + usize::try_from(random >> 58).unwrap());
        let left = Left::new(&path, before);
        if let Some(differs) = left.differs() {
            panic!(
                "{differs}\n{}\nthe server said {server:#?}\nit is kept in {:?}",
                left.header(),
                left.keep()
            );
        }
        let said = check_left(&url, &answered, &all, Some((&left, &server)));
        let has_said = |what| said.iter().any(|line| line.contains(what));
        assert!(
            has_said("is repaired"),
            "the file that a killed server leaves was closed: {}",
            left.header()
        );
        went_back += usize::from(has_said("the one before it holds"));
        all.extend(answered);
        if number % 20 == 19 {
            check(&url, &all, &Answered::new());
        }
    }
    check(&url, &all, &Answered::new());
    println!("{} keys after {rounds} rounds, of which {went_back} ended in a commit", all.len());
}
