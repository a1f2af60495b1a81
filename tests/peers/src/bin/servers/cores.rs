//! What one thread and as many as there are processors get done by our server in their own process, without a network.

use std::sync::Barrier;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Instant;

use crate::calls::What;
use crate::child::{Served, identifier};

/// How many turns each number of threads has.
const TURNS: usize = 7;

/// How many requests a thread makes in a turn: in memory, that read from another store, and that write to one.
const QUICK: usize = 20_000;
const READS: usize = 4_000;
const WRITES: usize = 500;

/// Prints, for a store with so many objects, how many requests a second are done.
pub(crate) fn measure(name: &str, url: &str, count: usize) {
    let served = Served::new(url, count);
    let all = thread::available_parallelism().unwrap().get();
    let made = AtomicUsize::new(0);
    for what in [What::Get, What::LocateByName, What::Encrypt, What::Create] {
        let calls = match url {
            "memory:" => QUICK,
            _ if what.is_write() => WRITES,
            _ => READS,
        };
        let mut speeds = [Vec::new(), Vec::new()];
        for turn in 0..=TURNS {
            for (threads, speeds) in [1, all].into_iter().zip(&mut speeds) {
                let speed = speed(&served, threads, calls, |number| match what {
                    What::Create => what.request(made.fetch_add(1, Ordering::Relaxed), ""),
                    _ => what.request(number % count, &identifier(((number % count) & !1) as u64)),
                });
                // The first is to warm up.
                if turn > 0 {
                    speeds.push(speed);
                }
            }
        }
        let [one, many] = speeds.map(|mut speeds| {
            speeds.sort_unstable_by(f64::total_cmp);
            speeds[TURNS / 2]
        });
        println!("| {} | {name} | {one:.0} | {many:.0} | {:.2} |", what.name(), many / one);
    }
}

/// How many requests a second so many threads get done together, of which each makes so many.
fn speed(served: &Served, threads: usize, calls: usize, request: impl Fn(usize) -> Vec<u8>) -> f64 {
    let requests: Vec<Vec<Vec<u8>>> =
        (0..threads).map(|thread| (0..calls).map(|call| request(thread * calls + call)).collect()).collect();
    let ready = Barrier::new(threads);
    let run = |requests: Vec<Vec<u8>>| {
        ready.wait();
        let start = Instant::now();
        requests.iter().for_each(|request| drop(served.ask(request)));
        (start, Instant::now())
    };
    let times: Vec<(Instant, Instant)> = thread::scope(|scope| {
        let running: Vec<_> = requests.into_iter().map(|requests| scope.spawn(|| run(requests))).collect();
        running.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    // From when the first began until the last had ended.
    let start = times.iter().map(|(start, _)| *start).min().unwrap();
    let end = times.iter().map(|(_, end)| *end).max().unwrap();
    (threads * calls) as f64 / (end - start).as_secs_f64()
}
