//! `kmip check`: what is wrong with a connection.

use std::process::ExitCode;

use clap::Args;
use kmip_sdk::check::{Step, StepKind, Verdict};
use kmip_sdk::types::escape::Escaped;

use crate::calls;
use crate::connection::{Connection, FLAGS};
use crate::failure::{Failure, in_flags};
use crate::headings::{WIDEST, wrapped};
use crate::output::Output;
use crate::style::Line;

/// Arguments of `kmip check`.
#[derive(Debug, Args)]
#[command(
    after_help = "Exit codes:\n  0  all is well\n  4  the client is not set up\n  5  the server cannot be reached\n  6  TLS fails, or a certificate is not trusted\n  8  what answers is no KMIP server, or has no version in common\n\nExamples:\n  kmip check\n  kmip check --address kmip.example.com --root-certificates-file ca.pem"
)]
pub(crate) struct Check {
    #[command(flatten)]
    connection: Connection,
}

pub(crate) fn run(arguments: &Check, output: &mut Output) -> Result<ExitCode, Failure> {
    // Each step as soon as it is done: some wait for the network.
    let mut failure = None;
    let report = arguments.connection.builder()?.check_with(|step| {
        show(step, output);
        failure = failure.take().or_else(|| output.flush().err());
    });
    if let Some(failure) = failure {
        return Err(failure);
    }
    Ok(ExitCode::from(match report.failure().map(|step| step.kind) {
        None => 0,
        Some(StepKind::Configuration) => 4,
        Some(StepKind::Name | StepKind::Tcp) => 5,
        Some(StepKind::Tls | StepKind::Certificate | StepKind::ClientCertificate) => 6,
        Some(_) => 8,
    }))
}

/// How far to the right what was found stands.
const INDENT: usize = 6;

fn show(step: &Step, output: &mut Output) {
    let (word, line) = match step.verdict {
        Verdict::Passed => ("ok  ", Line::Passed),
        Verdict::Noted => ("note", Line::Noted),
        Verdict::Failed => ("FAIL", Line::Failed),
        _ => ("-   ", Line::Faint),
    };
    let kind = step.kind.to_string();
    output.line(&format!("{word}  {kind}"), line);
    let mut say = |text: String, line| {
        let wrapped = wrapped(&text, INDENT, calls::width(output).map_or(WIDEST, usize::from));
        output.lines(&format!("{:INDENT$}{wrapped}", ""), line);
    };
    for found in &step.found {
        say(Escaped(found).to_string(), Line::Plain);
    }
    if let Some(problem) = &step.problem {
        say(Escaped(&in_flags(problem, FLAGS)).to_string(), line);
    }
    if let Some(advice) = &step.advice {
        say(format!("help: {}", Escaped(&in_flags(advice, FLAGS))), Line::Plain);
    }
}
