//! Measuring contestants turn by turn, so that whatever else the machine does falls on all of them alike.

use std::hint::black_box;
use std::process::Command;
use std::time::{Duration, Instant};
use std::{env, io};

/// How long one turn takes, unless a single run takes longer.
const TURN: Duration = Duration::from_micros(500);
/// How many turns each contestant has.
const TURNS: usize = 201;
/// After this much time there are no more turns than [`FEWEST`].
const LONG: Duration = Duration::from_secs(3);
const FEWEST: usize = 21;

/// Code that is measured.
pub struct Contestant<'a>(Box<dyn FnMut(u32) -> Duration + 'a>);

impl<'a> Contestant<'a> {
    /// Code whose results are dropped as it goes: that counts.
    pub fn new<T>(mut run: impl FnMut() -> T + 'a) -> Self {
        Self(Box::new(move |count| {
            let start = Instant::now();
            (0..count).for_each(|_| drop(black_box(run())));
            start.elapsed()
        }))
    }

    /// Code whose results are dropped while the clock stands still: for what takes long enough to read it each time.
    pub fn stopping<T>(mut run: impl FnMut() -> T + 'a) -> Self {
        Self(Box::new(move |count| {
            let timed = |_| {
                let start = Instant::now();
                let result = black_box(run());
                let time = start.elapsed();
                drop(result);
                time
            };
            (0..count).map(timed).sum()
        }))
    }

    /// Runs it so many times: how long that took.
    pub fn turn(&mut self, count: u32) -> Duration {
        (self.0)(count)
    }

    /// How many times it runs in a turn.
    fn count_in_turn(&mut self) -> u32 {
        let mut count = 1;
        while self.turn(count) < TURN {
            count *= 2;
        }
        count
    }
}

/// How many nanoseconds each contestant takes: the median of its turns.
pub fn medians<const N: usize>(mut contestants: [Contestant<'_>; N]) -> [f64; N] {
    let counts = contestants.each_mut().map(Contestant::count_in_turn);
    let mut times: [Vec<f64>; N] = std::array::from_fn(|_| Vec::with_capacity(TURNS));
    let start = Instant::now();
    for turn in 0..TURNS {
        if turn >= FEWEST && start.elapsed() > LONG {
            break;
        }
        for ((contestant, count), times) in contestants.iter_mut().zip(counts).zip(&mut times) {
            times.push(contestant.turn(count).as_nanos() as f64 / f64::from(count));
        }
    }
    times.map(median)
}

/// What tells the C library to keep freed memory: what it takes from the system other than by growing (at most 32 MiB),
/// and what it gives back.
const KEEP: [(&str, &str); 2] =
    [("MALLOC_MMAP_THRESHOLD_", "33554432"), ("MALLOC_TRIM_THRESHOLD_", "4294967296")];

/// Runs the program once more, with an allocator that keeps what is freed, and does not return then.
///
/// By default large blocks go back to the system and come again as fresh pages, each of which costs more than copying
/// what it holds. It is chance which of the contestants pays for them.
///
/// # Errors
/// The program cannot be run again.
pub fn keep_memory() -> io::Result<()> {
    if KEEP.iter().all(|(name, _)| env::var_os(name).is_some()) {
        return Ok(());
    }
    let status = Command::new(env::current_exe()?).args(env::args_os().skip(1)).envs(KEEP).status()?;
    std::process::exit(status.code().unwrap_or(1))
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// A time as one writes it: `29.4 ns`, `1.30 µs`, `4.02 ms`.
pub fn shown(nanoseconds: f64) -> String {
    match nanoseconds {
        small if small < 1e3 => format!("{small:.1} ns"),
        middle if middle < 1e6 => format!("{:.2} µs", middle / 1e3),
        large => format!("{:.2} ms", large / 1e6),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_middle_of_the_values_is_their_median() {
        assert_eq!(median(vec![3.0, 1.0, 100.0]), 3.0);
    }

    #[test]
    fn each_contestant_has_its_own_time() {
        let sleeping = |micros| Contestant::new(move || std::thread::sleep(Duration::from_micros(micros)));
        let [short, long] = medians([sleeping(100), sleeping(5000)]);
        assert!(short >= 100_000.0 && long >= 5_000_000.0 && short < long, "{short} {long}");
    }

    #[test]
    fn times_are_shown_in_the_unit_that_fits() {
        assert_eq!([29.44, 1304.0, 4_020_000.0].map(shown), ["29.4 ns", "1.30 µs", "4.02 ms"]);
    }
}
