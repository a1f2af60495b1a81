//! The tables, as Markdown.

use std::process::Command;
use std::time::Instant;
use std::{env, fs};

use kmip_peers::bare::{Stream, move_bytes};

use crate::calls::{self, What};
use crate::child::UNCACHED;
use crate::contestant::{self, Contestant, Objects, Taken};

/// How many turns each contestant has.
const TURNS: usize = 7;

/// How many calls each makes in a turn: that read, that are committed to a disk, and of PyKMIP's server.
const READS: usize = 2_048;
const WRITES: usize = 256;
const PYKMIP: usize = 48;
const CREATES: usize = 512;

/// How many objects each store has where connections are counted, and PyKMIP's server always.
const FEW: usize = 100;

/// The store in which threads are counted.
const CORES: &str = "cores_100";

/// A store that takes part.
#[derive(Clone, Copy)]
struct Place<'a> {
    url: &'a str,
    /// How many objects it has at most.
    most: usize,
}

impl<'a> Place<'a> {
    /// `URL`, or `NUMBER@URL` where there are to be no more objects than that.
    fn new(text: &'a str) -> Self {
        let limited = text.split_once('@').and_then(|(most, url)| Some((most.parse().ok()?, url)));
        let (most, url) = limited.unwrap_or((usize::MAX, text));
        Self { url, most }
    }

    /// The URL of the store of a size.
    fn store(&self, size: &str) -> String {
        self.url.replace("{}", size)
    }

    fn name(&self) -> String {
        let url = self.url.strip_prefix(UNCACHED).unwrap_or(self.url);
        let name = match url.split(':').next().unwrap() {
            "postgres" => "PostgreSQL",
            name => name,
        };
        let is_cached = url.len() == self.url.len();
        if is_cached { name.to_owned() } else { format!("{name}, nothing kept decoded") }
    }

    fn start(&self, size: usize, of_size: &str) -> Contestant {
        let url = self.store(of_size);
        if url != "memory:" {
            Contestant::fill(&url, size);
        }
        Contestant::ours(&self.name(), &url, size)
    }
}

pub(crate) fn measure(sizes: &[usize], urls: &[&str]) {
    println!("Load average before the run: {}.\n", load());
    let places: Vec<Place<'_>> = urls.iter().map(|url| Place::new(url)).collect();
    let pykmip = Contestant::pykmip(FEW);
    connections(&places, pykmip.as_ref());
    cores(&places);
    let mut memory = Vec::new();
    println!("Microseconds of the server's processor time for a call, by the number of objects:\n");
    let numbers: String = sizes.iter().map(|size| format!(" {size} |")).collect();
    println!("| what | server |{numbers} largest beside smallest |");
    println!("| --- | --- |{} ---: |", " ---: |".repeat(sizes.len()));
    if let Some(pykmip) = &pykmip {
        operations(&[pykmip], sizes.len());
    }
    for place in &places {
        let sizes_here = sizes.iter().filter(|size| **size <= place.most);
        let contestants: Vec<Contestant> =
            sizes_here.map(|size| place.start(*size, &size.to_string())).collect();
        // Before more is put into it.
        let disk: Vec<Option<u64>> = contestants
            .iter()
            .map(|contestant| on_disk(&place.store(&contestant.objects.count().to_string())))
            .collect();
        operations(&contestants.iter().collect::<Vec<_>>(), sizes.len());
        memory.extend(contestants.iter().zip(disk).map(|(contestant, disk)| {
            let count = contestant.objects.count();
            (contestant.name.clone(), count, contestant.filled, disk, contestant.memory())
        }));
    }
    println!("\nWhat objects take:\n");
    println!(
        "| store | objects | bytes of memory an object | bytes on the disk an object | MiB of the process, after the calls |"
    );
    println!("| --- | ---: | ---: | ---: | ---: |");
    for (name, count, filled, disk, after) in memory {
        let each = |bytes: u64| (bytes / count as u64).to_string();
        let (memory, disk) = match disk {
            None => (each(filled * 1024), String::new()),
            Some(disk) => (String::new(), each(disk)),
        };
        println!("| {name} | {count} | {memory} | {disk} | {} |", after / 1024);
    }
    println!("\nLoad average after the run: {}.", load());
}

/// Makes calls of one kind and nothing else, so that the server can be looked at with a profiler.
pub(crate) fn calls(url: &str, count: usize, what: &str, calls: usize) {
    let what = self::what(what);
    let server = Place::new(url).start(count, &count.to_string());
    let mut asker = Asker::new(&server);
    let start = Instant::now();
    let requests = asker.requests(what, calls);
    eprintln!("ready after {:?}", start.elapsed());
    let taken = server.turn(&mut asker.streams, &requests);
    println!("{:.2} µs of processor time, {:.0} calls a second", micros(&[taken]), speed(&[taken]));
}

/// What our server gets done in one process, by the number of threads.
fn cores(places: &[Place<'_>]) {
    let all = processors();
    println!("Requests a second that are done without a network, with {FEW} objects, by so many threads:\n");
    println!("| what | server | 1 | {all} | {all} beside 1 |");
    println!("| --- | --- | ---: | ---: | ---: |");
    for place in places {
        // Where connections were counted, objects were made of the names that are taken here.
        let url = place.store(CORES);
        let arguments = ["cores", &place.name(), &url, &FEW.to_string()].map(str::to_owned);
        let status = Command::new(env::current_exe().unwrap()).args(arguments).status();
        assert!(status.unwrap().success(), "requests could not be done");
    }
    println!();
}

/// What a name begins like.
pub(crate) fn what(name: &str) -> What {
    What::ALL.into_iter().find(|other| other.name().starts_with(name)).unwrap()
}

fn load() -> String {
    let load = fs::read_to_string("/proc/loadavg").unwrap();
    load.split(' ').next().unwrap().to_owned()
}

/// Holds servers to the first processor and this process to the second, where one waits for the other's answer: else it would be
/// chance whether they share one, and how much it costs to wake the other. Or gives all processors to all.
fn hold_apart(servers: &[&Contestant], is_apart: bool) {
    let all = format!("0-{}", processors() - 1);
    let (first, second) = if is_apart { ("0", "1") } else { (all.as_str(), all.as_str()) };
    servers.iter().for_each(|server| server.hold(first));
    contestant::hold(std::process::id(), second);
}

/// How many processors the machine has.
fn processors() -> usize {
    fs::read_to_string("/proc/cpuinfo").unwrap().lines().filter(|line| line.starts_with("processor")).count()
}

/// How many bytes a store has on the disk, if it has any.
fn on_disk(url: &str) -> Option<u64> {
    let url = url.strip_prefix(UNCACHED).unwrap_or(url);
    if !url.starts_with("postgres:") {
        return Some(fs::metadata(url.strip_prefix("redb:")?).unwrap().len());
    }
    let sql = "SELECT sum(pg_total_relation_size(oid))::bigint FROM pg_class \
        WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r'";
    let programs = env::var("KMIP_POSTGRES_BIN").unwrap();
    let asked = Command::new(format!("{programs}/psql")).args([url, "-Atqc", sql]).output().unwrap();
    Some(String::from_utf8(asked.stdout).unwrap().trim().parse().unwrap())
}

/// Asks one server on one connection, and knows what it has made there.
struct Asker<'a> {
    server: &'a Contestant,
    streams: Vec<Stream>,
    made: usize,
    asked: usize,
}

impl<'a> Asker<'a> {
    fn new(server: &'a Contestant) -> Self {
        Self { server, streams: vec![server.connect()], made: 0, asked: 0 }
    }

    /// The next requests, of random objects. What they need is made.
    fn requests(&mut self, what: What, count: usize) -> Vec<Vec<u8>> {
        (0..count).map(|_| self.request(what)).collect()
    }

    fn request(&mut self, what: What) -> Vec<u8> {
        match what {
            What::Create => {
                self.made += 1;
                what.request(self.made, "")
            }
            What::FirstGet | What::Activate => {
                let create = self.request(What::Create);
                let mut answer = Vec::new();
                move_bytes(&mut self.streams[0], &create, &mut answer);
                what.request(0, calls::read(&answer).first().unwrap())
            }
            _ => {
                self.asked += 1;
                let turn = if what == What::GetAttributesOfAny { self.asked } else { self.asked % READS };
                let number = scattered(turn, self.server.objects.count());
                // Every other one is active.
                let number = if what == What::Encrypt { number & !1 } else { number };
                what.request(number, &self.server.objects.identifier(number))
            }
        }
    }
}

/// One of so many objects: the same ones for the same places, wherever they are.
fn scattered(place: usize, count: usize) -> usize {
    let random =
        (place as u64).wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    usize::try_from(random >> 33).unwrap() % count
}

/// What calls cost each server, of which there is one for each number of objects.
fn operations(servers: &[&Contestant], columns: usize) {
    let mut askers: Vec<Asker<'_>> = servers.iter().map(|server| Asker::new(server)).collect();
    hold_apart(servers, true);
    for what in What::ALL {
        let first = servers[0];
        // PyKMIP's server gives keys no groups, and its objects are never fresh.
        if !first.is_ours() && matches!(what, What::LocateByGroup | What::FirstGet | What::GetAttributesOfAny)
        {
            continue;
        }
        let count = match what {
            _ if !first.is_ours() => PYKMIP,
            _ if what.is_write() && first.name != "memory" => WRITES,
            _ => READS,
        };
        let mut taken = vec![Vec::new(); servers.len()];
        if first.is_ours() && what == What::ALL[0] {
            // An object is fresh until it has been given out, which is a change.
            for asker in &mut askers {
                let requests = asker.requests(What::Get, READS);
                asker.server.turn(&mut asker.streams, &requests);
            }
        }
        for turn in 0..=TURNS {
            for (asker, taken) in askers.iter_mut().zip(&mut taken) {
                let requests = asker.requests(what, count);
                let took = asker.server.turn(&mut asker.streams, &requests);
                // The first is to warm up.
                if turn > 0 {
                    taken.push(took);
                }
            }
        }
        let costs: Vec<f64> = taken.iter().map(|taken| micros(taken)).collect();
        let cells: String = (0..columns)
            .map(|column| costs.get(column).map_or(" |".to_owned(), |cost| format!(" {cost:.1} |")))
            .collect();
        let ratio = match costs.as_slice() {
            [least, .., most] => format!("{:.2}", most / least),
            _ => String::new(),
        };
        println!("| {} | {} |{cells} {ratio} |", what.name(), first.name);
    }
    // What is started next is held to what starts it.
    hold_apart(servers, false);
}

/// Get by so many connections at a time.
fn connections(places: &[Place<'_>], pykmip: Option<&Contestant>) {
    let mut servers = vec![
        Contestant::echo("echo, a thread a connection", "threads"),
        Contestant::echo("echo, tokio", "tokio"),
    ];
    // Apart from those whose cost is asked for at several sizes.
    servers.extend(places.iter().map(|place| place.start(FEW, &format!("few_{FEW}"))));
    let mut servers: Vec<&Contestant> = servers.iter().collect();
    servers.extend(pykmip);
    // What the others answer, the echo sends too.
    let ours = servers.iter().find(|server| server.is_ours()).unwrap();
    let mut answer = Vec::new();
    move_bytes(&mut ours.connect(), &What::Get.request(0, &ours.objects.identifier(0)), &mut answer);
    println!(
        "Get, of {} objects; the requests have {} bytes, the answers {}:\n",
        FEW,
        request_size(ours),
        answer.len()
    );
    println!(
        "| connections | server | calls a second | processor, µs a call | beside the echo: processor | calls |"
    );
    println!("| ---: | --- | ---: | ---: | ---: | ---: |");
    for count in [1, 16, 256] {
        // PyKMIP's server does not take so many connections at a time.
        servers.retain(|server| count <= 16 || !is_pykmip(server));
        let mut streams: Vec<Vec<Stream>> =
            servers.iter().map(|server| connect(server, count, &answer)).collect();
        let mut taken = vec![Vec::new(); servers.len()];
        hold_apart(&servers, count == 1);
        for turn in 0..=TURNS {
            for ((server, streams), taken) in servers.iter().zip(&mut streams).zip(&mut taken) {
                let calls = if is_pykmip(server) { PYKMIP.next_multiple_of(count) } else { 2 * READS };
                let requests: Vec<Vec<u8>> = (0..calls)
                    .map(|number| {
                        What::Get.request(number, &server.objects.identifier(number % server.objects.count()))
                    })
                    .collect();
                let took = server.turn(streams, &requests);
                if turn > 0 {
                    taken.push(took);
                }
            }
        }
        let (echo, echo_speed) = (micros(&taken[0]), speed(&taken[0]));
        for (server, taken) in servers.iter().zip(&taken) {
            println!(
                "| {count} | {} | {:.0} | {:.1} | {:.2} | {:.2} |",
                server.name,
                speed(taken),
                micros(taken),
                micros(taken) / echo,
                speed(taken) / echo_speed,
            );
        }
    }
    println!();
    creates(&servers);
}

/// Create by so many connections at a time, of our servers.
fn creates(servers: &[&Contestant]) {
    println!("Create, with {FEW} objects at first:\n");
    println!("| connections | server | calls a second | processor, µs a call |");
    println!("| ---: | --- | ---: | ---: |");
    let ours: Vec<&&Contestant> = servers.iter().filter(|server| server.is_ours()).collect();
    let mut made = 0;
    for count in [1, 16, 256] {
        for server in &ours {
            let mut streams = connect(server, count, &[]);
            let taken: Vec<Taken> = (0..=TURNS)
                .map(|_| {
                    made += CREATES;
                    let requests: Vec<Vec<u8>> =
                        (made - CREATES..made).map(|number| What::Create.request(number, "")).collect();
                    server.turn(&mut streams, &requests)
                })
                .collect();
            // The first is to warm up.
            let taken = &taken[1..];
            println!("| {count} | {} | {:.0} | {:.1} |", server.name, speed(taken), micros(taken));
        }
    }
    println!();
}

fn request_size(server: &Contestant) -> usize {
    What::Get.request(0, &server.objects.identifier(0)).len()
}

fn is_pykmip(server: &Contestant) -> bool {
    matches!(server.objects, Objects::Listed(_))
}

fn connect(server: &Contestant, count: usize, answer: &[u8]) -> Vec<Stream> {
    let mut streams: Vec<Stream> = (0..count).map(|_| server.connect()).collect();
    for stream in &mut streams {
        if matches!(server.objects, Objects::None) {
            use std::io::Write as _;
            stream.write_all(answer).unwrap();
            stream.flush().unwrap();
        } else {
            // With a handshake behind it.
            move_bytes(stream, &What::Get.request(0, &server.objects.identifier(0)), &mut Vec::new());
        }
    }
    streams
}

fn micros(taken: &[Taken]) -> f64 {
    median(taken.iter().map(|taken| taken.processor.as_secs_f64() * 1e6 / taken.calls as f64))
}

fn speed(taken: &[Taken]) -> f64 {
    median(taken.iter().map(|taken| taken.calls as f64 / taken.time.as_secs_f64()))
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
