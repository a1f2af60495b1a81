//! Two servers on one database, of which one is killed every second, and clients that know both: none of their calls fails that
//! may be made again, one that may not be fails as one whose outcome is unknown, and nothing is done twice or lost.
//!
//! Before most of the kills the server has done something that it does not answer any more. Five kills; as many as
//! `KMIP_CRASHES_OF_TWO` says, where it is set.

use std::collections::HashMap;
use std::io::Write;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use kmip_sdk::layer::{Layer, Outcome};
use kmip_sdk::server::layer::{Incoming, Next};
use kmip_sdk::server::store::Store;
use kmip_sdk::server::{EmbeddedServer, ServerOptions};
use kmip_sdk::types::attribute::{Attribute, Attributes, CryptographicParameters, UsageLimits};
use kmip_sdk::types::enumerations::{BlockCipherMode, Operation, ResultReason, State, UsageLimitsUnit};
use kmip_sdk::types::operation::{
    ActivateRequest, DecryptRequest, EncryptRequest, GetAttributesRequest, GetRequest,
    GetUsageAllocationRequest, LocateRequest,
};
use kmip_sdk::{Client, Error};
use kmip_tests::patience::LONG;

use crate::asked::{Asked, create, identifiers, name};
use crate::authority::{Authority, Known};
use crate::crash::{Answered, Killed, check, store};
use crate::database::Schema;
use crate::over::Ends;

/// How many clients there are. Each turns first to one of the servers, half of them to the one and half to the other.
const CLIENTS: usize = 4;

/// How much each allocation is of, and of how much: it is never used up.
const ALLOCATED: i64 = 7;
const ALL: i64 = 1 << 40;

const PLAINTEXT: &[u8] = b"sixteen bytes...";

/// Counts the calls that were made again.
#[derive(Default)]
struct Repeated(AtomicU64);

impl Layer for Repeated {
    fn result(&self, _: &kmip_sdk::layer::Asked<'_>, outcome: &Outcome<'_>) {
        self.0.fetch_add(u64::from(outcome.attempts > 1), Ordering::SeqCst);
    }
}

/// The operation that is not answered any more once it is done; 0 where all are. The process has one server.
static WITHHELD: AtomicU32 = AtomicU32::new(0);

/// What a server says when it has done something that it does not answer.
const DONE: &str = "done, and not answered";

/// What it is told to answer no more, in turns: what is done after that is cut short where it is worst.
const TURNS: [Option<Operation>; 5] = [
    Some(Operation::Create),
    Some(Operation::Get),
    Some(Operation::Activate),
    None,
    Some(Operation::GetUsageAllocation),
];

/// The server that is killed, in its process.
pub(crate) fn start(known: &Known, options: &ServerOptions) -> EmbeddedServer {
    known.start(|| {
        options.clone().layer(|incoming: &Incoming<'_>, next: Next<'_>| -> kmip_sdk::server::layer::Outcome {
            let outcome = next.run(incoming);
            let withheld = WITHHELD.load(Ordering::SeqCst);
            if withheld != 0 && incoming.has(Operation::from(withheld)) {
                let mut output = std::io::stdout();
                writeln!(output, "\n{DONE}").unwrap();
                loop {
                    thread::park();
                }
            }
            outcome
        })
    })
}

/// Withholds the operations whose numbers it is told, until nobody tells it anything any more.
pub(crate) fn do_as_told() {
    for line in std::io::stdin().lines() {
        WITHHELD.store(line.unwrap().parse().unwrap(), Ordering::SeqCst);
    }
}

/// The two servers: each on its port, whenever it runs.
struct Servers<'a> {
    url: &'a str,
    places: [(Known, Option<Killed>); 2],
}

impl<'a> Servers<'a> {
    fn start(url: &'a str, authority: &Authority) -> Self {
        let places = [(); 2].map(|()| {
            let known = authority.known();
            let killed = Killed::start_as(url, Some(&known));
            (known.at(killed.address().port()), Some(killed))
        });
        Self { url, places }
    }

    fn addresses(&self) -> Vec<SocketAddr> {
        self.places.iter().flat_map(|(_, killed)| killed).map(Killed::address).collect()
    }

    /// Kills a server; where an operation is to be withheld, as soon as it has done one.
    fn kill(&mut self, number: usize, withheld: Option<Operation>) {
        let mut killed = self.places[number].1.take().unwrap();
        if let Some(operation) = withheld {
            let mut said = killed.tell(&operation.value().to_string());
            let (sender, done) = mpsc::channel();
            thread::spawn(move || said.any(|line| line == DONE).then(|| sender.send(())));
            done.recv_timeout(LONG).expect("nobody asks the server for it");
        }
        drop(killed);
    }

    fn start_again(&mut self, number: usize) {
        let (known, killed) = &mut self.places[number];
        *killed = Some(Killed::start_as(self.url, Some(known)));
    }
}

/// The keys that all of them use.
struct Shared {
    decrypting: String,
    ciphertext: Vec<u8>,
    limited: String,
}

impl Shared {
    fn make(asked: &Asked) -> Self {
        let limits = UsageLimits {
            usage_limits_total: ALL,
            usage_limits_count: Some(ALL),
            usage_limits_unit: UsageLimitsUnit::Byte,
        };
        let decrypting = asked.create([]);
        let limited = asked.create([Attribute::UsageLimits(limits)]);
        for key in [&decrypting, &limited] {
            asked.call(ActivateRequest::new(key.as_str())).unwrap();
        }
        let mut request = EncryptRequest::new(decrypting.as_str(), PLAINTEXT.to_vec());
        request.cryptographic_parameters = Some(parameters().into());
        let ciphertext = asked.call(request).unwrap().data.unwrap().reveal().to_vec();
        Self { decrypting, ciphertext, limited }
    }
}

fn parameters() -> CryptographicParameters {
    CryptographicParameters::default().with_block_cipher_mode(BlockCipherMode::Ecb)
}

fn group(text: &str) -> Attribute {
    Attribute::ObjectGroup(text.to_owned())
}

/// What became of a request that may not be made again.
enum Made<T> {
    Answered(T),
    Refused(ResultReason),
    Unknown,
}

/// Who has a name or a group, as far as the clients know.
#[derive(Debug, Default)]
struct Holder {
    key: Option<String>,
    /// Whether it is not known of somebody who asked for it whether they have it.
    is_unsure: bool,
}

/// What all clients know together.
#[derive(Default)]
struct Ledger {
    /// The keys with a name of their own, since they were looked at last.
    answered: Mutex<Answered>,
    /// By a group of its own: the key that was asked for.
    groups: Mutex<HashMap<String, Holder>>,
    /// By a name that all of them want: who has it.
    wanted: Mutex<HashMap<String, Holder>>,
    allocations: AtomicI64,
    unknown_allocations: AtomicI64,
    unknown: AtomicU64,
    calls: AtomicU64,
}

impl Ledger {
    /// What may be made again is answered.
    fn read<T>(&self, what: &str, result: Result<T, Error>) -> T {
        self.calls.fetch_add(1, Ordering::SeqCst);
        result.unwrap_or_else(|error| panic!("{what}, which may be made again, has failed: {error}"))
    }

    fn made<T>(&self, what: &str, result: Result<T, Error>) -> Made<T> {
        self.calls.fetch_add(1, Ordering::SeqCst);
        match result {
            Ok(answer) => Made::Answered(answer),
            Err(error) if error.is_outcome_unknown() => {
                self.unknown.fetch_add(1, Ordering::SeqCst);
                Made::Unknown
            }
            Err(error) => match error.reason() {
                Some(reason) => Made::Refused(reason),
                None => panic!("{what} has failed, and it is known that it was not done: {error}"),
            },
        }
    }

    fn answered(&self, identifier: &str, name: &str, state: State) {
        self.answered.lock().unwrap().insert(identifier.to_owned(), (name.to_owned(), state));
    }

    /// Whether there is what was answered, and nothing that was done twice.
    fn check(&self, store: &Store, limited: &str) {
        let asked = Asked::on(store.clone());
        // Those that all of them use.
        let mut records = 2;
        for (wanted, attribute) in [(&self.groups, group as fn(&str) -> Attribute), (&self.wanted, name)] {
            for (text, known) in &*wanted.lock().unwrap() {
                let found = asked.locate([attribute(text)]);
                // Where nobody has it, somebody was refused for what was done for them.
                let is_right = match &known.key {
                    Some(key) => found == [key.as_str()],
                    None => known.is_unsure && found.len() <= 1,
                };
                assert!(is_right, "of {text:?} was known {known:?}, and there are {found:?}");
                records += found.len() as u64;
            }
        }
        assert_eq!(store.objects().unwrap().records, records, "something was done twice");
        let left = asked.attributes(limited).usage_limits().unwrap().usage_limits_count.unwrap();
        let given = self.allocations.load(Ordering::SeqCst);
        let may_be = given..=given + self.unknown_allocations.load(Ordering::SeqCst);
        assert_eq!((ALL - left) % ALLOCATED, 0);
        assert!(may_be.contains(&((ALL - left) / ALLOCATED)), "{left} are left after {may_be:?} allocations");
    }
}

/// One that calls, until it is over.
struct Caller<'a> {
    client: Client,
    ledger: &'a Ledger,
    shared: &'a Shared,
}

impl Caller<'_> {
    fn create(&self, attributes: impl IntoIterator<Item = Attribute>) -> Made<String> {
        let made = self.ledger.made("Create", self.client.call(create(attributes)).send());
        match made {
            Made::Answered(made) => Made::Answered(made.unique_identifier.as_text().unwrap().to_owned()),
            Made::Refused(reason) => Made::Refused(reason),
            Made::Unknown => Made::Unknown,
        }
    }

    fn locate(&self, attribute: Attribute) -> Vec<String> {
        let request = LocateRequest::new([attribute].into_iter().collect::<Attributes>());
        identifiers(&self.ledger.read("Locate", self.client.call(request).send()))
    }

    fn state(&self, key: &str) -> State {
        let request = GetAttributesRequest::all(key);
        let response = self.ledger.read("Get Attributes", self.client.call(request).send());
        response.attributes.state().unwrap()
    }

    fn turn(&self, text: &str, number: u64) {
        if let Some(key) = self.make(text, number.is_multiple_of(2)) {
            self.first_get(&key);
            self.activate(&key, text, number.is_multiple_of(2));
        }
        self.want(&format!("of all {number}"));
        self.allocate();
        let mut request =
            DecryptRequest::new(self.shared.decrypting.as_str(), self.shared.ciphertext.clone());
        request.cryptographic_parameters = Some(parameters().into());
        let decrypted = self.ledger.read("Decrypt", self.client.call(request).send());
        assert_eq!(decrypted.data.unwrap().reveal(), PLAINTEXT);
    }

    /// Makes a key with a group of its own, and with a name or without: a second one of the name would be refused, and a
    /// second one of the group is seen in the end.
    fn make(&self, text: &str, is_named: bool) -> Option<String> {
        let attributes = [Some(group(text)), is_named.then(|| name(text))];
        let (key, is_unsure) = match self.create(attributes.into_iter().flatten()) {
            Made::Answered(key) => {
                assert_eq!(self.locate(group(text)), [key.as_str()]);
                (Some(key), false)
            }
            // The database may be about to do it.
            Made::Unknown => (self.locate(group(text)).pop(), true),
            Made::Refused(reason) => panic!("a key with a name of its own was refused: {reason}"),
        };
        let holder = Holder { key: key.clone(), is_unsure };
        self.ledger.groups.lock().unwrap().insert(text.to_owned(), holder);
        if let Some(key) = key.as_ref().filter(|_| is_named) {
            self.ledger.answered(key, text, State::PreActive);
        }
        key
    }

    /// That it was given is written, once.
    fn first_get(&self, key: &str) {
        let [first, second] = [(); 2].map(|()| {
            let got = self.ledger.read("Get", self.client.call(GetRequest::new(key)).send());
            got.object.key_block().unwrap().key_bytes().unwrap().to_vec()
        });
        assert_eq!(first, second);
        let attributes =
            self.ledger.read("Get Attributes", self.client.call(GetAttributesRequest::all(key)).send());
        assert_eq!(attributes.attributes.fresh(), Some(false));
    }

    fn activate(&self, key: &str, text: &str, is_named: bool) {
        let state = match self.ledger.made("Activate", self.client.call(ActivateRequest::new(key)).send()) {
            Made::Answered(_) => State::Active,
            Made::Unknown => State::PreActive,
            Made::Refused(reason) => panic!("{key} was activated by nobody else, and refused: {reason}"),
        };
        let found = self.state(key);
        assert!(found == State::Active || found == state, "{key} was answered to be {state}, and is {found}");
        if is_named {
            self.ledger.answered(key, text, found);
        }
    }

    /// Wants a name that the others want too.
    fn want(&self, text: &str) {
        let made = self.create([name(text)]);
        let mut wanted = self.ledger.wanted.lock().unwrap();
        let holder = wanted.entry(text.to_owned()).or_default();
        match made {
            Made::Answered(key) => {
                assert_eq!(holder.key, None, "{text} was given twice");
                holder.key = Some(key);
            }
            Made::Refused(reason) => assert_eq!(reason, ResultReason::NonUniqueNameAttribute),
            Made::Unknown => holder.is_unsure = true,
        }
    }

    fn allocate(&self) {
        let request =
            GetUsageAllocationRequest::new(ALLOCATED).with_unique_identifier(self.shared.limited.as_str());
        match self.ledger.made("Get Usage Allocation", self.client.call(request).send()) {
            Made::Answered(_) => self.ledger.allocations.fetch_add(1, Ordering::SeqCst),
            Made::Unknown => self.ledger.unknown_allocations.fetch_add(1, Ordering::SeqCst),
            Made::Refused(reason) => panic!("an allocation was refused: {reason}"),
        };
    }
}

#[test]
fn no_call_that_may_be_made_again_fails_and_nothing_is_done_twice_when_servers_are_killed() {
    let Some(schema) = Schema::new() else { return };
    let kills: usize =
        std::env::var("KMIP_CRASHES_OF_TWO").map_or(TURNS.len(), |kills| kills.parse().unwrap());
    let (url, authority) = (schema.url(), Authority::new());
    let shared = Shared::make(&Asked::on(store(&url)));
    let mut servers = Servers::start(&url, &authority);
    let (ledger, repeated, is_over) =
        (Ledger::default(), Arc::new(Repeated::default()), AtomicBool::new(false));
    let callers: Vec<Caller<'_>> = (0..CLIENTS)
        .map(|number| {
            let (certificate, key) = authority.issue("client");
            let mut addresses = servers.addresses();
            addresses.rotate_left(number % 2);
            let builder = authority.client(addresses, &certificate, &key).layer(Arc::clone(&repeated));
            Caller { client: builder.connect().unwrap(), ledger: &ledger, shared: &shared }
        })
        .collect();
    let (sender, turns) = mpsc::channel();
    let (to_check, answered) = mpsc::channel::<Answered>();
    let all = thread::scope(|scope| {
        let _ends = Ends(&is_over);
        // What was answered is looked at while both of them go on.
        let checked = scope.spawn(|| {
            let mut all = Answered::new();
            for answered in answered {
                check(&url, &answered, &all);
                all.extend(answered);
            }
            all
        });
        for (place, caller) in callers.iter().enumerate() {
            let (sender, is_over) = (sender.clone(), &is_over);
            scope.spawn(move || {
                let _ends = Ends(is_over);
                for number in (0..).take_while(|_| !is_over.load(Ordering::SeqCst)) {
                    caller.turn(&format!("{place} {number}"), number);
                    // In the end nobody counts them any more.
                    sender.send(()).unwrap_or(());
                }
            });
        }
        drop(sender);
        for kill in 0..kills {
            // A second, while all of them call.
            let until = Instant::now() + Duration::from_secs(1);
            while Instant::now() < until && !is_over.load(Ordering::SeqCst) {
                turns.recv_timeout(LONG).expect("nobody is answered any more");
            }
            servers.kill(kill % 2, TURNS[kill % TURNS.len()]);
            to_check.send(std::mem::take(&mut *ledger.answered.lock().unwrap())).unwrap();
            servers.start_again(kill % 2);
        }
        is_over.store(true, Ordering::SeqCst);
        drop(to_check);
        checked.join().unwrap()
    });
    drop((callers, servers));
    let last = std::mem::take(&mut *ledger.answered.lock().unwrap());
    check(&url, &last, &all);
    ledger.check(&store(&url), &shared.limited);
    let (unknown, repeated) = (ledger.unknown.into_inner(), repeated.0.load(Ordering::SeqCst));
    println!("{} calls, {kills} kills: {repeated} made again, {unknown} unknown", ledger.calls.into_inner());
    assert!(
        unknown + repeated > 0,
        "nobody was in a call when a server was killed, and the test shows nothing"
    );
}
