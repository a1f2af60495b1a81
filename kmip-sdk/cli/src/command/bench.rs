//! `kmip bench`: calls, one after the other and side by side, and how long they take.

use std::process::ExitCode;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use clap::{Args, ValueEnum};
use hdrhistogram::Histogram;
use indicatif::ProgressBar;
use kmip_sdk::types::attribute::UniqueIdentifier;
use kmip_sdk::types::enumerations::RevocationReasonCode;
use kmip_sdk::{Client, Encrypted, Error};

use crate::calls::{self, values};
use crate::connection::Connection;
use crate::failure::Failure;
use crate::interrupt;
use crate::output::Output;
use crate::style::Line;

/// Arguments of `kmip bench`.
#[derive(Debug, Args)]
#[command(
    after_help = "A key is made for it, and destroyed at the end. Ctrl-C ends it with what was\ndone. The exit code is 1 if a call failed.\n\nExamples:\n  kmip bench --duration 30s --concurrency 8\n  kmip bench --operations encrypt=3,get=1 --count 10000"
)]
pub(crate) struct Bench {
    /// How long; ten seconds, if neither that nor a count is said
    #[arg(long, value_name = "TIME", value_parser = values::span, conflicts_with = "count")]
    duration: Option<Duration>,
    /// How many calls
    #[arg(long, value_name = "COUNT")]
    count: Option<u64>,
    /// How many side by side
    #[arg(long, value_name = "COUNT", default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=1024))]
    concurrency: u16,
    /// Which operations, each with its share
    #[arg(long, value_name = "OPERATION[=SHARE]", value_delimiter = ',', default_value = "encrypt,decrypt,get", value_parser = share)]
    operations: Vec<(Operation, u32)>,
    /// How many bytes to encrypt
    #[arg(long, value_name = "BYTES", default_value_t = 1024)]
    size: usize,
    #[command(flatten)]
    connection: Connection,
}

/// What is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Operation {
    Create,
    Get,
    GetAttributes,
    Locate,
    Encrypt,
    Decrypt,
    Query,
}

/// The largest share of an operation.
const MOST_SHARE: u32 = 1000;

fn share(text: &str) -> Result<(Operation, u32), String> {
    let (name, share) = text.split_once('=').unwrap_or((text, "1"));
    let share = share.parse().ok().filter(|share| (1..=MOST_SHARE).contains(share));
    let share = share.ok_or_else(|| format!("a share is a number from 1 to {MOST_SHARE}"))?;
    let operation = Operation::from_str(name, true).map_err(|_| {
        let known = Operation::value_variants().iter().filter_map(ValueEnum::to_possible_value);
        let known: Vec<String> = known.map(|known| known.get_name().to_owned()).collect();
        format!("{name:?} is none of {}", known.join(", "))
    })?;
    Ok((operation, share))
}

/// The longest that a call is measured as, in microseconds: an hour.
const LONGEST: u64 = 3_600_000_000;

/// What was measured.
struct Measured {
    times: Histogram<u64>,
    failed: u64,
    first: Option<Error>,
}

impl Measured {
    fn new() -> Result<Self, Failure> {
        let times = Histogram::new_with_max(LONGEST, 3);
        let times = times.map_err(|error| Failure::Faulty(error.to_string()))?;
        Ok(Self { times, failed: 0, first: None })
    }

    fn add(&mut self, other: Self) {
        // They are of one range.
        let _ = self.times.add(&other.times);
        self.failed += other.failed;
        self.first = self.first.take().or(other.first);
    }
}

/// What the calls are about.
struct About {
    key: UniqueIdentifier,
    plaintext: Vec<u8>,
    encrypted: Encrypted,
}

pub(crate) fn run(arguments: &Bench, output: &mut Output) -> Result<ExitCode, Failure> {
    interrupt::watch()?;
    let builder = arguments.connection.builder()?.maximum_connections(arguments.concurrency.into());
    let client = builder.connect()?;
    let key = client.create_aes(256).activated().send()?.unique_identifier;
    let plaintext = vec![0; arguments.size];
    let measured =
        client.encrypt(&key, plaintext.clone()).aes_gcm().send().map_err(Failure::from).and_then(
            |encrypted| measure(arguments, &client, &About { key: key.clone(), plaintext, encrypted }),
        );
    // What was made for it goes with it, however it ended.
    let gone = client.revoke(&key, RevocationReasonCode::CessationOfOperation).send();
    let gone = gone.and_then(|_| client.destroy(&key).send());
    if let Err(error) = gone {
        output.note(&format_args!("the key {key} stays behind: {error}"));
    }
    let (measured, took) = measured?;
    show(&measured, took, output)?;
    if interrupt::pressed() {
        output.finish()?;
        return Err(Failure::Interrupted);
    }
    Ok(ExitCode::from(u8::from(measured.failed > 0)))
}

fn measure(arguments: &Bench, client: &Client, about: &About) -> Result<(Measured, Duration), Failure> {
    let mix: Vec<Operation> = arguments
        .operations
        .iter()
        .flat_map(|(operation, share)| std::iter::repeat_n(*operation, *share as usize))
        .collect();
    let duration = match arguments.count {
        None => Some(arguments.duration.unwrap_or(Duration::from_secs(10))),
        Some(_) => None,
    };
    let begun = Instant::now();
    let next = AtomicU64::new(0);
    let bar = match (calls::is_watched(), arguments.count) {
        (true, Some(count)) => ProgressBar::new(count),
        (true, None) => ProgressBar::new_spinner(),
        (false, _) => ProgressBar::hidden(),
    };
    let goes_on = || {
        let number = next.fetch_add(1, Ordering::Relaxed);
        let is_due = arguments.count.is_none_or(|count| number < count)
            && duration.is_none_or(|duration| begun.elapsed() < duration);
        (is_due && !interrupt::pressed()).then_some(number)
    };
    let work = || -> Result<Measured, Failure> {
        let mut measured = Measured::new()?;
        while let Some(number) = goes_on() {
            let index = usize::try_from(number).unwrap_or_default() % mix.len().max(1);
            let Some(operation) = mix.get(index) else { break };
            let started = Instant::now();
            match call(*operation, client, about) {
                Ok(()) => {
                    let took = u64::try_from(started.elapsed().as_micros()).unwrap_or(LONGEST);
                    measured.times.saturating_record(took.clamp(1, LONGEST));
                }
                Err(error) => {
                    measured.failed += 1;
                    measured.first.get_or_insert(error);
                }
            }
            bar.inc(1);
        }
        Ok(measured)
    };
    let mut all = Measured::new()?;
    thread::scope(|scope| {
        let threads: Vec<_> = (0..arguments.concurrency).map(|_| scope.spawn(work)).collect();
        for thread in threads {
            match thread.join() {
                Ok(measured) => all.add(measured?),
                Err(_) => return Err(Failure::Faulty("a thread ended early".to_owned())),
            }
        }
        Ok(())
    })?;
    bar.finish_and_clear();
    Ok((all, begun.elapsed()))
}

fn call(operation: Operation, client: &Client, about: &About) -> Result<(), Error> {
    match operation {
        Operation::Create => {
            let made = client.create_aes(256).send()?;
            client.destroy(&made).send().map(drop)
        }
        Operation::Get => client.get(&about.key).send().map(drop),
        Operation::GetAttributes => client.get_attributes(&about.key).send().map(drop),
        Operation::Locate => client.locate().maximum_items(10).send().map(drop),
        Operation::Encrypt => client.encrypt(&about.key, about.plaintext.clone()).aes_gcm().send().map(drop),
        Operation::Decrypt => client.decrypt(&about.encrypted).send().map(drop),
        Operation::Query => client.query().send().map(drop),
    }
}

/// How wide the longest bar of the histogram is.
const BAR: u64 = 40;

fn show(measured: &Measured, took: Duration, output: &mut Output) -> Result<(), Failure> {
    let times = &measured.times;
    let seconds = took.as_secs_f64();
    #[allow(clippy::cast_precision_loss, reason = "it is shown with one digit")]
    let rate = times.len() as f64 / seconds.max(f64::EPSILON);
    output.line(&format!("{} calls in {seconds:.1} s: {rate:.1} a second", times.len()), Line::Title);
    if let Some(error) = &measured.first {
        output.line(&format!("{} failed, the first: {error}", measured.failed), Line::Failed);
    }
    if times.is_empty() {
        return Ok(());
    }
    let percentiles = [("50 %", 0.5), ("90 %", 0.9), ("99 %", 0.99), ("99.9 %", 0.999)];
    let rows = percentiles.iter().map(|(name, part)| ((*name).to_owned(), times.value_at_quantile(*part)));
    let rows = [("least".to_owned(), times.min())].into_iter().chain(rows);
    let rows = rows.chain([("most".to_owned(), times.max())]);
    calls::table(Some(&["Calls", "Time"]), rows.map(|(name, time)| vec![name, milliseconds(time)]), output);
    output.line("", Line::Plain);
    let buckets: Vec<(u64, u64)> = buckets(times);
    let most = buckets.iter().map(|(_, count)| *count).max().unwrap_or(1).max(1);
    for (until, count) in buckets {
        let bar = "#".repeat(usize::try_from((count * BAR).div_ceil(most)).unwrap_or_default());
        output.line(&format!("up to {:>11} {count:>8} {bar}", milliseconds(until)), Line::Plain);
    }
    Ok(())
}

fn milliseconds(microseconds: u64) -> String {
    format!("{}.{:03} ms", microseconds / 1000, microseconds % 1000)
}

/// How many calls took up to so long, each time twice as long as the one before.
fn buckets(times: &Histogram<u64>) -> Vec<(u64, u64)> {
    let first = times.min().max(1).next_power_of_two();
    let buckets = times.iter_log(first, 2.0);
    buckets.map(|bucket| (bucket.value_iterated_to(), bucket.count_since_last_iteration())).collect()
}
