//! `kmip execute`: test cases against a server.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, ValueEnum};
use indicatif::ProgressBar;
use kmip_sdk::testing::execute::{Entry, Execution, Family, Remote, Report, Verdict};
use kmip_sdk::types::escape::Escaped;

use crate::calls;
use crate::connection::Connection;
use crate::failure::{Failure, Name};
use crate::interrupt;
use crate::output::Output;
use crate::style::Line;

/// Arguments of `kmip execute`.
#[derive(Debug, Args)]
#[command(
    after_help = "A case that goes on from the one before it is executed with it. Where a case lets\ntime pass, a server of its own is told so; for another it is waited.\n\nThe exit code is 1 if a case failed, or differs.\n\nExamples:\n  kmip execute recorded.xml\n  kmip execute cases --server --address localhost:5696\n  kmip execute cases --server --cert a.pem --key a.key --cert b.pem --key b.key"
)]
pub(crate) struct Execute {
    /// Test cases in XML, as OASIS publishes them; of a folder, all files in it that end in .xml
    #[arg(required = true, value_name = "CASE")]
    cases: Vec<PathBuf>,
    /// Execute them against the server of the connection, rather than against one that is made for each case
    #[arg(long)]
    server: bool,
    /// The certificate of a client, in PEM: of Client-A, Client-B and so on, which cases of several name
    #[arg(long, value_name = "FILE", requires_all = ["key", "server"])]
    cert: Vec<PathBuf>,
    /// The private key of it, in PEM
    #[arg(long, value_name = "FILE", requires = "cert")]
    key: Vec<PathBuf>,
    /// How to print what came of them
    #[arg(long, value_name = "FORM", default_value = "text", help_heading = "Output")]
    output: Form,
    #[command(flatten)]
    connection: Connection,
}

/// How the report is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Form {
    /// A line a case, and the sums with what they come from
    Text,
    /// The same in JSON
    Json,
}

pub(crate) fn run(arguments: &Execute, output: &mut Output) -> Result<ExitCode, Failure> {
    interrupt::watch()?;
    let remotes = arguments.remotes()?;
    for path in &arguments.cases {
        std::fs::metadata(path).map_err(|error| Failure::Read(Name(path.clone()), error))?;
    }
    let families = Family::find(&arguments.cases)
        .map_err(|error| Failure::Faulty(Escaped(&error.to_string()).to_string()))?;
    let total: usize = families.iter().map(|family| family.cases.len()).sum();
    let bar = if calls::is_watched() { ProgressBar::new(total as u64) } else { ProgressBar::hidden() };
    let mut report = Report::default();
    let mut each = |entry: &Entry| {
        bar.inc(1);
        if arguments.output == Form::Text {
            show(entry, output);
        }
    };
    for family in &families {
        match Execution::remote(&remotes, || !interrupt::pressed()) {
            Some(execution) => execute(family, execution, &mut report, &mut each),
            None => served(family, &mut report, &mut each)?,
        }
    }
    bar.finish_and_clear();
    match arguments.output {
        Form::Text => {
            for (cause, count) in report.causes() {
                output.line(&format!("{count:4} {}", Escaped(cause)), Line::Plain);
            }
            output.line(&report.sums(), Line::Title);
        }
        Form::Json => output.text(&format!("{:#}\n", report.to_json())),
    }
    if interrupt::pressed() {
        output.finish()?;
        return Err(Failure::Interrupted);
    }
    Ok(ExitCode::from(u8::from(!report.is_well())))
}

/// Executes the cases of a family, until Ctrl-C.
fn execute(family: &Family, mut execution: Execution<'_>, report: &mut Report, each: &mut dyn FnMut(&Entry)) {
    for case in &family.cases {
        if interrupt::pressed() {
            return;
        }
        let outcome = execution.run(&case.case);
        each(&report.add(&case.name, outcome, None));
    }
}

/// Executes them against a server of their own.
#[cfg(feature = "server")]
fn served(family: &Family, report: &mut Report, each: &mut dyn FnMut(&Entry)) -> Result<(), Failure> {
    use kmip_sdk::server::{Server, ServerOptions, TestClock};
    use kmip_sdk::types::DateTime;

    let clock = TestClock::new(DateTime::now());
    let server = Server::new(family.options(ServerOptions::default().test_clock(&clock)));
    execute(family, Execution::served(&server, &clock), report, each);
    Ok(())
}

#[cfg(not(feature = "server"))]
fn served(_: &Family, _: &mut Report, _: &mut dyn FnMut(&Entry)) -> Result<(), Failure> {
    Err(Failure::Usage("this kmip was built without a server: give --server".to_owned()))
}

impl Execute {
    /// The server of the connection by its clients, if it is asked for.
    fn remotes(&self) -> Result<Vec<Remote>, Failure> {
        if !self.server {
            return Ok(Vec::new());
        }
        if self.cert.len() != self.key.len() {
            return Err(Failure::Usage("each --cert needs its --key".to_owned()));
        }
        if self.cert.is_empty() {
            return Ok(vec![Remote::new(self.connection.builder()?.connect()?)]);
        }
        let identities = self.cert.iter().zip(&self.key);
        let clients = identities.map(|(certificate, key)| {
            let settings = self.connection.settings()?.shown_as(certificate, key);
            Ok(Remote::new(settings.builder()?.connect()?))
        });
        clients.collect()
    }
}

fn show(entry: &Entry, output: &mut Output) {
    let line = match entry.outcome.verdict {
        Verdict::Whole => Line::Passed,
        Verdict::Differs => Line::Noted,
        Verdict::Failed => Line::Failed,
    };
    output.line(&format!("{:7}  {}", entry.outcome.verdict.word(), Escaped(&entry.name)), line);
    if let Some(difference) = &entry.outcome.difference {
        output.line(&format!("         {}", Escaped(&difference.to_string())), Line::Plain);
    }
}
