//! Reading takes work that grows as the input does: sixteen times the input takes about sixteen times as long on the
//! processor, not 256 times.

use std::fs;
use std::hint::black_box;
use std::time::{Duration, Instant};

use crate::memory::{WORST, Worst};

/// The sizes that are compared, in bytes.
const SMALL: usize = 16 << 10;
const LARGE: usize = 16 * SMALL;

/// How often longer the large input may take for each byte. What grows as the square takes 16 times as long; what does
/// not may yet take twice or thrice, as it is no more in the processor's caches, and its pages are new to the process.
const MOST: f64 = 4.0;

/// What the thread had of a processor, which does not depend on what else the machine does. Where the system does not
/// say, it is the time.
fn on_processor(start: Instant) -> Duration {
    let stat = fs::read_to_string("/proc/thread-self/schedstat").ok();
    let spent = stat.and_then(|stat| stat.split(' ').next()?.parse().ok());
    spent.map_or_else(|| start.elapsed(), Duration::from_nanos)
}

/// How long it takes to read an input so often.
fn cost(read: fn(&[u8]), input: &[u8], times: usize) -> Duration {
    let start = Instant::now();
    let before = on_processor(start);
    for _ in 0..times {
        read(black_box(input));
    }
    on_processor(start).saturating_sub(before)
}

#[test]
fn work_grows_as_the_input_does() {
    let start = Instant::now();
    let mut slow = Vec::new();
    for Worst { name, make, read, .. } in WORST {
        let [small, large] = [SMALL, LARGE].map(make);
        // As often as it takes to be measured: the system counts in steps of milliseconds.
        let mut times = 1;
        let mut least = cost(*read, &large, times);
        while least < Duration::from_millis(20) && start.elapsed() < Duration::from_secs(100) {
            times *= 4;
            least = cost(*read, &large, times);
        }
        let growth = |least: Duration| {
            let expected = cost(*read, &small, times * 16).as_secs_f64();
            let bytes = large.len() as f64 / (16 * small.len()) as f64;
            least.as_secs_f64() / expected.max(0.001) / bytes
        };
        let first = growth(least);
        // Once more, where something came between.
        let ratio = if first > MOST { first.min(growth(cost(*read, &large, times))) } else { first };
        let each = least.as_secs_f64() * 1e9 / (times * large.len()) as f64;
        println!("{name}: {each:.2} ns a byte, {ratio:.2} times what it takes in {} KiB", SMALL >> 10);
        if ratio > MOST {
            slow.push(format!("{name}: {ratio:.1}"));
        }
    }
    assert!(slow.is_empty(), "times as long for each byte of {} KiB: {slow:#?}", LARGE >> 10);
}
