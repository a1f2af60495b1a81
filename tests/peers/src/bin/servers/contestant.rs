//! A server that takes part: how it is reached, and what processor time it has taken.

use std::io::{BufRead, BufReader, Write};
use std::net::SocketAddr;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use std::{env, fs, thread};

use kmip_peers::bare::{self, Stream, config, move_bytes};
use kmip_sdk::rustls::ClientConfig;

use crate::calls;
use crate::child::identifier;

/// A server in a process of its own.
pub(crate) struct Contestant {
    pub(crate) name: String,
    address: SocketAddr,
    config: Arc<ClientConfig>,
    process: Process,
    /// The identifiers of its objects.
    pub(crate) objects: Objects,
    /// KiB that it took to be filled.
    pub(crate) filled: u64,
}

enum Process {
    Ours {
        child: Child,
        lines: Mutex<BufReader<ChildStdout>>,
    },
    /// Somebody else's, with the number of its process group.
    Foreign(u32),
}

/// The objects that were made before.
pub(crate) enum Objects {
    Numbered(usize),
    /// Each with its identifier.
    Listed(Vec<String>),
    None,
}

impl Objects {
    pub(crate) fn count(&self) -> usize {
        match self {
            Self::Numbered(count) => *count,
            Self::Listed(list) => list.len(),
            Self::None => 1,
        }
    }

    pub(crate) fn identifier(&self, number: usize) -> String {
        match self {
            Self::Listed(list) => list[number].clone(),
            _ => identifier(number as u64),
        }
    }
}

/// What calls took.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Taken {
    pub(crate) calls: usize,
    pub(crate) processor: Duration,
    pub(crate) time: Duration,
}

impl Contestant {
    /// Our server on a store with so many objects. One that lasts has been filled.
    pub(crate) fn ours(name: &str, url: &str, count: usize) -> Self {
        Self::start(name, &["serve", url, &count.to_string()], Objects::Numbered(count))
    }

    /// A server that sends the same bytes back.
    pub(crate) fn echo(name: &str, kind: &str) -> Self {
        Self::start(name, &["echo", kind], Objects::None)
    }

    /// Fills a store that lasts, in a process of its own.
    pub(crate) fn fill(url: &str, count: usize) {
        let status =
            Command::new(env::current_exe().unwrap()).args(["fill", url, &count.to_string()]).status();
        assert!(status.unwrap().success(), "the store could not be filled");
    }

    fn start(name: &str, arguments: &[&str], objects: Objects) -> Self {
        let mut command = Command::new(env::current_exe().unwrap());
        let command = command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap());
        let mut line = || {
            let mut line = String::new();
            lines.read_line(&mut line).unwrap();
            line.trim_end().replace('|', "\n")
        };
        let address = line().parse().unwrap();
        let [authority, certificate, key, filled] = [(); 4].map(|()| line());
        let identity = Some((certificate.as_str(), key.as_str())).filter(|_| !key.is_empty());
        Self {
            name: name.to_owned(),
            address,
            config: config(&authority, identity),
            process: Process::Ours { child, lines: Mutex::new(lines) },
            objects,
            filled: filled.parse().unwrap(),
        }
    }

    /// PyKMIP's server with so many objects, if the environment names one.
    pub(crate) fn pykmip(count: usize) -> Option<Self> {
        let address = env::var("PYKMIP_ADDR").ok()?.parse().unwrap();
        let file = |name| fs::read_to_string(env::var(name).unwrap()).unwrap();
        let (certificate, key) = (file("PYKMIP_CERT"), file("PYKMIP_KEY"));
        let mut pykmip = Self {
            name: "PyKMIP".to_owned(),
            address,
            config: config(&file("PYKMIP_CA"), Some((&certificate, &key))),
            process: Process::Foreign(env::var("PYKMIP_PID").unwrap().parse().unwrap()),
            objects: Objects::None,
            filled: 0,
        };
        let (mut stream, mut answer, mut made) = (pykmip.connect(), Vec::new(), Vec::new());
        for number in 0..count {
            move_bytes(&mut stream, &calls::fill_plainly(number), &mut answer);
            made.extend(calls::read(&answer));
            if number % 2 == 0 {
                let activate = calls::What::Activate.request(number, made.last().unwrap());
                move_bytes(&mut stream, &activate, &mut answer);
                calls::read(&answer);
            }
        }
        pykmip.objects = Objects::Listed(made);
        Some(pykmip)
    }

    pub(crate) fn connect(&self) -> Stream {
        bare::connect(self.address, &self.config)
    }

    /// Whether the server is ours.
    pub(crate) fn is_ours(&self) -> bool {
        matches!((&self.process, &self.objects), (Process::Ours { .. }, Objects::Numbered(_)))
    }

    /// Has each connection make its calls, and says what that took.
    pub(crate) fn turn(&self, streams: &mut [Stream], requests: &[Vec<u8>]) -> Taken {
        let each = requests.len() / streams.len();
        let (before, start) = (self.processor(), Instant::now());
        if let [only] = streams {
            make(only, requests);
        } else {
            thread::scope(|scope| {
                for (stream, requests) in streams.iter_mut().zip(requests.chunks_exact(each)) {
                    scope.spawn(move || make(stream, requests));
                }
            });
        }
        Taken {
            calls: each * streams.len(),
            time: start.elapsed(),
            processor: self.processor().saturating_sub(before),
        }
    }

    /// Holds the server to these processors, numbered as `taskset` does.
    pub(crate) fn hold(&self, processors: &str) {
        let process = match &self.process {
            Process::Ours { child, .. } => child.id(),
            Process::Foreign(process) => *process,
        };
        hold(process, processors);
    }

    /// KiB of memory that the server has now, of ours.
    pub(crate) fn memory(&self) -> u64 {
        match &self.process {
            Process::Ours { child, lines } => ask(child, lines)[1],
            Process::Foreign(_) => 0,
        }
    }

    /// Processor time of the server so far.
    fn processor(&self) -> Duration {
        match &self.process {
            Process::Ours { child, lines } => Duration::from_nanos(ask(child, lines)[0]),
            Process::Foreign(group) => {
                let mut ticks = 0;
                for entry in fs::read_dir("/proc").unwrap() {
                    let path = entry.unwrap().path().join("stat");
                    let Ok(text) = fs::read_to_string(path) else { continue };
                    // Behind the name of the program, which may have anything in it.
                    let fields: Vec<&str> = text.rsplit(')').next().unwrap().split_whitespace().collect();
                    if fields[2] == group.to_string() {
                        ticks += fields[11].parse::<u64>().unwrap() + fields[12].parse::<u64>().unwrap();
                    }
                }
                // A tick of Linux is a hundredth of a second.
                Duration::from_millis(10 * ticks)
            }
        }
    }
}

/// Holds all threads of a process to these processors.
pub(crate) fn hold(process: u32, processors: &str) {
    let arguments = ["--all-tasks", "--cpu-list", "--pid", processors, &process.to_string()];
    let held = Command::new("taskset").args(arguments).stdout(Stdio::null()).status().unwrap();
    assert!(held.success(), "the process {process} could not be held to {processors}");
}

/// What a server of ours says of itself: nanoseconds of processor time, and KiB of memory.
fn ask(child: &Child, lines: &Mutex<BufReader<ChildStdout>>) -> [u64; 2] {
    writeln!(child.stdin.as_ref().unwrap()).unwrap();
    let mut line = String::new();
    lines.lock().unwrap().read_line(&mut line).unwrap();
    let mut numbers = line.split_whitespace().map(|number| number.parse().unwrap());
    [(); 2].map(|()| numbers.next().unwrap())
}

fn make(stream: &mut Stream, requests: &[Vec<u8>]) {
    let mut answer = Vec::new();
    for request in requests {
        move_bytes(stream, request, &mut answer);
        assert!(calls::is_success(&answer), "a call failed");
    }
}

impl Drop for Contestant {
    fn drop(&mut self) {
        if let Process::Ours { child, .. } = &mut self.process {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}
