//! `kmip execute`: test cases against a server.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use indicatif::ProgressBar;
use kmip_sdk::testing::execute::{Execution, Verdict};
use kmip_sdk::types::case::Case;
use kmip_sdk::types::escape::Escaped;
use kmip_sdk::{Client, Service};

use crate::calls;
use crate::connection::Connection;
use crate::failure::{Failure, Name};
use crate::interrupt;
use crate::output::Output;
use crate::style::Line;

/// Arguments of `kmip execute`.
#[derive(Debug, Args)]
#[command(
    after_help = "The exit code is 1 if a case failed, or differs.\n\nExamples:\n  kmip execute recorded.xml --server\n  kmip execute cases --server --address localhost:5696"
)]
pub(crate) struct Execute {
    /// Test cases in XML, as OASIS publishes them; of a folder, all files that end in .xml
    #[arg(required = true, value_name = "CASE")]
    cases: Vec<PathBuf>,
    /// Execute them against the server of the connection, rather than against one that is made for each case
    #[arg(long)]
    server: bool,
    #[command(flatten)]
    connection: Connection,
}

/// A server behind a connection, as what answers messages.
struct Remote(Client);

impl Service for Remote {
    fn exchange(&self, request: &[u8]) -> Vec<u8> {
        // A failure is no answer, which the case tells of.
        self.0.exchange(request).send().map(|response| response.to_vec()).unwrap_or_default()
    }
}

pub(crate) fn run(arguments: &Execute, output: &mut Output) -> Result<ExitCode, Failure> {
    interrupt::watch()?;
    let remote = match arguments.server {
        true => Some(Remote(arguments.connection.builder()?.connect()?)),
        false => None,
    };
    let files = files(&arguments.cases)?;
    let bar = if calls::is_watched() { ProgressBar::new(files.len() as u64) } else { ProgressBar::hidden() };
    let mut counts = [0; 3];
    for path in &files {
        if interrupt::pressed() {
            break;
        }
        bar.inc(1);
        let name = Name(path.clone());
        let case = Case::from_file(path).map_err(|error| Failure::Faulty(format!("{name}: {error}")))?;
        let outcome = match &remote {
            Some(remote) => Execution::new(remote).run(&case),
            None => Execution::new(&own()?).run(&case),
        };
        let (index, word, line) = match outcome.verdict {
            Verdict::Whole => (0, "whole  ", Line::Passed),
            Verdict::Differs => (1, "differs", Line::Noted),
            Verdict::Failed => (2, "failed ", Line::Failed),
        };
        counts[index] += 1;
        output.line(&format!("{word}  {name}"), line);
        if let Some(difference) = &outcome.difference {
            output.line(&format!("         {}", Escaped(&difference.to_string())), Line::Plain);
        }
    }
    bar.finish_and_clear();
    let [whole, differs, failed] = counts;
    output
        .line(&format!("{whole} whole, {differs} differ, {failed} failed, of {}", files.len()), Line::Title);
    if interrupt::pressed() {
        output.finish()?;
        return Err(Failure::Interrupted);
    }
    Ok(ExitCode::from(u8::from(differs + failed > 0)))
}

/// A server for one case.
#[cfg(feature = "server")]
fn own() -> Result<kmip_sdk::server::Server, Failure> {
    Ok(kmip_sdk::server::Server::default())
}

#[cfg(not(feature = "server"))]
fn own() -> Result<Remote, Failure> {
    Err(Failure::Usage("this kmip was built without a server: give --server".to_owned()))
}

/// The files of cases, of folders those in them.
fn files(cases: &[PathBuf]) -> Result<Vec<PathBuf>, Failure> {
    let mut files = Vec::new();
    for path in cases {
        match path.is_dir() {
            true => files.extend(within(path).map_err(|error| Failure::Read(Name(path.clone()), error))?),
            false => files.push(path.clone()),
        }
    }
    Ok(files)
}

fn within(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "xml") {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}
