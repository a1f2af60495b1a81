//! Executes test cases of the standard: against the embedded server, a fresh one for each, or against another.

mod reviewed;

use std::io::{self, Write};
use std::path::PathBuf;

use kmip_sdk::Client;
use kmip_sdk::server::{Server, ServerOptions, TestClock};
use kmip_sdk::testing::execute;
pub use kmip_sdk::testing::execute::Report;
use kmip_sdk::testing::execute::{Execution, Family};
use kmip_types::DateTime;

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
    for family in Family::find(paths)? {
        let clock = TestClock::new(DateTime::now());
        let options = ServerOptions::default().test_clock(&clock);
        let server = Server::new(reviewed::options(&family, options));
        let mut execution = Execution::served(&server, &clock);
        execute(&family, &mut execution, reviewed::reason, &mut report, output)?;
    }
    writeln!(output, "{report}")?;
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
        builder.connect().map(execute::Remote::new).map_err(io::Error::other)
    };
    let clients = identities.iter().map(connect).collect::<io::Result<Vec<_>>>()?;
    let mut report = Report::default();
    for family in Family::find(paths)? {
        let Some(mut execution) = Execution::remote(&clients, || true) else { break };
        execute(&family, &mut execution, |_| None, &mut report, output)?;
    }
    writeln!(output, "{report}")?;
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
        writeln!(output, "{}", report.add(&case.name, outcome, reason(&case.name)))?;
    }
    Ok(())
}
