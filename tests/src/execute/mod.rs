//! Executes test cases of the standard: against the embedded server, a fresh one for each, or against another.

mod report;
mod reviewed;

use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::thread;
use std::time::Duration;

use kmip_sdk::Client;
use kmip_sdk::server::{Server, ServerOptions};
use kmip_sdk::testing::execute::{Execution, Family};
use kmip_types::DateTime;

use crate::conformance::collect;
pub use report::Report;

/// How long is waited at most at once for a server whose clock is its own.
const LONGEST_WAIT: Duration = Duration::from_secs(300);

/// A server of another make: where it is, and who asks.
#[derive(Clone, Debug, Default)]
pub struct Remote {
    /// Its address, as the client takes it.
    pub address: String,
    /// The file of the root certificates that it is known by.
    pub ca: Option<PathBuf>,
    /// The files of the clients' certificates and keys: of Client-A, Client-B and so on.
    pub identities: Vec<(PathBuf, PathBuf)>,
}

/// Executes the cases in the XML files at these paths against the embedded server, and writes what came of each.
///
/// A case that asks for what only an earlier file told goes on from the file before it.
///
/// # Errors
/// A path cannot be read, a file is no test case, or the report cannot be written.
pub fn run(paths: &[PathBuf], output: &mut dyn Write) -> io::Result<Report> {
    let mut report = Report::default();
    for family in families(paths)? {
        let now = DateTime::now();
        let time = Arc::new(AtomicI64::new(now.seconds()));
        let clock = Arc::clone(&time);
        let options =
            ServerOptions::default().clock(move || DateTime::from_seconds(clock.load(Ordering::Relaxed)));
        let server = Server::new(reviewed::options(&family, options));
        let mut execution =
            Execution::at(&server, now).clock(move |date| time.store(date.seconds(), Ordering::Relaxed));
        execute(&family, &mut execution, reviewed::reason, &mut report, output)?;
    }
    report.summary(output)?;
    Ok(report)
}

/// Executes the cases in the XML files at these paths against a server of another make, and writes what came of each. Where
/// a case lets time pass, it really does.
///
/// # Errors
/// As of [`run`], and the client cannot be made.
pub fn run_remote(paths: &[PathBuf], remote: &Remote, output: &mut dyn Write) -> io::Result<Report> {
    let identities: Vec<_> = remote.identities.iter().map(Some).collect();
    let identities = if identities.is_empty() { vec![None] } else { identities };
    let connect = |identity: &Option<&(PathBuf, PathBuf)>| {
        let mut builder = Client::builder().address(&remote.address);
        if let Some(ca) = &remote.ca {
            builder = builder.root_certificates_file(ca);
        }
        if let Some((certificate, key)) = identity {
            builder = builder.identity_files(certificate, key);
        }
        builder.connect().map_err(io::Error::other)
    };
    let clients = identities.iter().map(connect).collect::<io::Result<Vec<Client>>>()?;
    let services: Vec<_> = clients
        .iter()
        .map(|client| {
            // Without an answer the message says nothing, and the exchange is one that failed.
            move |request: &[u8]| {
                client.exchange(request).send().map(|answer| answer.to_vec()).unwrap_or_default()
            }
        })
        .collect();
    let mut report = Report::default();
    for family in families(paths)? {
        let Some((first, others)) = services.split_first() else { break };
        let mut execution = Execution::new(first).clock(|date| {
            let seconds = date.seconds().saturating_sub(DateTime::now().seconds());
            thread::sleep(Duration::from_secs(u64::try_from(seconds).unwrap_or(0)).min(LONGEST_WAIT));
        });
        for other in others {
            execution = execution.client(other);
        }
        execute(&family, &mut execution, |_| None, &mut report, output)?;
    }
    report.summary(output)?;
    Ok(report)
}

/// Executes the cases of a family.
fn execute(
    family: &Family,
    execution: &mut Execution<'_>,
    reason: impl Fn(&str) -> Option<&'static str>,
    report: &mut Report,
    output: &mut dyn Write,
) -> io::Result<()> {
    for case in &family.cases {
        let outcome = execution.run(&case.case);
        report.add(&case.name, &outcome, reason(&case.name), output)?;
    }
    Ok(())
}

/// The cases, those together that go on from each other.
fn families(paths: &[PathBuf]) -> io::Result<Vec<Family>> {
    let mut families = Vec::new();
    for path in paths {
        let files = collect(path)?.into_iter();
        let files: Vec<PathBuf> =
            files.filter(|file| file.extension().is_some_and(|end| end == "xml")).collect();
        families.extend(Family::read(&files)?);
    }
    Ok(families)
}
