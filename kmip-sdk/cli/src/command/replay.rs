//! `kmip replay`: plays either side of recorded exchanges.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use clap::Args;
use indicatif::ProgressBar;
use kmip_sdk::server::Listener;
use kmip_sdk::testing::Replay as Replayed;
use kmip_sdk::testing::execute::{Execution, Remote, Verdict};
use kmip_sdk::types::case::Case;
use kmip_sdk::types::escape::Escaped;

use super::listening::{Ready, Shown, not_started, ports, write_certificates};
use crate::calls;
use crate::connection::Connection;
use crate::failure::{Failure, Name};
use crate::interrupt;
use crate::output::Output;
use crate::style::Line;

/// Arguments of `kmip replay`.
#[derive(Debug, Args)]
#[command(
    after_help = "With --listen it answers as the server did, until Ctrl-C. When it is ready it\nprints one line:\n\n  kmip replay: ready address=HOST:PORT https=HOST:PORT folder=FOLDER\n\nClients trust ca.pem and show client.pem, or what is given by --certificate,\n--private-key and --client-ca. Otherwise it asks the server as the client did; the\nexit code is 1 if an answer differs. What was a secret when it was recorded without\n--reveal is made up.\n\nExamples:\n  kmip replay case.xml --listen 127.0.0.1:5697 --folder certificates\n  kmip replay case.xml --server kms.example.com"
)]
pub(crate) struct Replay {
    /// Test cases in XML, such as of `kmip proxy --record`; they follow each other
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Be the server, and listen there for binary TTLV; on a port that the system chooses, if it is 0
    #[arg(long, value_name = "HOST:PORT", conflicts_with = "server")]
    listen: Option<String>,
    /// Where to listen for HTTPS; without it, on a port that the system chooses, where --listen is
    #[arg(long, value_name = "HOST:PORT", requires = "listen")]
    https: Option<String>,
    /// Take the requests of a test case in any order, as those of several connections come
    #[arg(long, requires = "listen")]
    any_order: bool,
    /// Be the client of the server there, in place of --address
    #[arg(long, value_name = "ADDRESS")]
    server: Option<String>,
    #[command(flatten)]
    shown: Shown,
    #[command(flatten)]
    connection: Connection,
}

pub(crate) fn run(arguments: &Replay, output: &mut Output) -> Result<ExitCode, Failure> {
    let cases = read(&arguments.files)?;
    match &arguments.listen {
        Some(address) => serve(arguments, address, &cases, output),
        None => ask(arguments, &cases, output),
    }
}

/// The server's side.
fn serve(
    arguments: &Replay,
    address: &str,
    cases: &[Case],
    output: &mut Output,
) -> Result<ExitCode, Failure> {
    let interrupted = interrupt::watch()?;
    let replayed = replayed(&arguments.files, cases)?;
    let replayed = Arc::new(if arguments.any_order { replayed.any_order() } else { replayed });
    let (ttlv, https) = ports(address, arguments.https.as_deref())?;
    let mut listener = Listener::builder(Arc::clone(&replayed)).make_certificates().https_address(https);
    let Shown { folder, certificate, private_key, client_ca, .. } = &arguments.shown;
    if let (Some(certificate), Some(key)) = (certificate, private_key) {
        listener = listener.identity_files(certificate, key);
    }
    if let Some(password) = arguments.shown.password()? {
        listener = listener.identity_password(password.as_str());
    }
    if let Some(ca) = client_ca {
        listener = listener.root_certificates_file(ca);
    }
    let listener = listener.listen(ttlv).map_err(|error| not_started("server", &error))?;
    if let (Some(folder), Some(ca), Some(client), Some(key)) =
        (folder, listener.ca_certificate_pem(), listener.client_certificate_pem(), listener.client_key_pem())
    {
        write_certificates(folder, ca, client, key)?;
    }
    let (address, https) = (listener.address(), listener.https_address());
    Ready { command: "replay", address, https, folder: folder.as_ref(), inspector: None }.say()?;
    // It ends with a signal only.
    let _ = interrupted.recv();
    drop(listener);
    tell_left(&replayed, output);
    Ok(ExitCode::SUCCESS)
}

/// The test cases in files.
pub(super) fn read(files: &[PathBuf]) -> Result<Vec<Case>, Failure> {
    let read = |path: &PathBuf| {
        std::fs::metadata(path).map_err(|error| Failure::Read(Name(path.clone()), error))?;
        Case::from_file(path).map_err(|error| faulty(path, &error))
    };
    files.iter().map(read).collect()
}

/// What answers as test cases say, and tells why where it does not.
pub(super) fn replayed(files: &[PathBuf], cases: &[Case]) -> Result<Replayed, Failure> {
    let replayed = Replayed::of(cases).map_err(|error| {
        let found = files.iter().zip(cases).find(|(_, case)| Replayed::of([*case]).is_err());
        found.map_or_else(|| Failure::Faulty(error.to_string()), |(path, _)| faulty(path, &error))
    })?;
    Ok(replayed.on_mismatch(|why: &str| anstream::eprintln!("{}", Escaped(why))))
}

/// Says how many requests were not made, if any.
pub(super) fn tell_left(replayed: &Replayed, output: &mut Output) {
    if replayed.left() > 0 {
        output.note(&format_args!("{} of the requests of the test cases were not made", replayed.left()));
    }
}

fn faulty(path: &Path, error: &dyn std::fmt::Display) -> Failure {
    Failure::Faulty(format!("{}: {error}", Name(path.to_owned())))
}

/// The client's side.
fn ask(arguments: &Replay, cases: &[Case], output: &mut Output) -> Result<ExitCode, Failure> {
    interrupt::watch()?;
    let mut settings = arguments.connection.settings()?;
    if let Some(server) = &arguments.server {
        settings.address = vec![server.clone()];
    }
    let total: usize = cases.iter().filter_map(|case| case.exchanges().ok()).map(|all| all.len()).sum();
    let bar = if calls::is_watched() { ProgressBar::new(total as u64) } else { ProgressBar::hidden() };
    let remotes = [Remote::new(settings.builder()?.connect()?)];
    // What the server gives out in one is asked for in those that follow.
    let execution = Execution::remote(&remotes, || !interrupt::pressed());
    let execution = execution.map(|execution| execution.progress(|_| bar.inc(1)));
    let mut execution = execution.ok_or_else(|| Failure::Usage("there is no client".to_owned()))?;
    let mut is_whole = true;
    for (path, case) in arguments.files.iter().zip(cases) {
        if interrupt::pressed() {
            bar.finish_and_clear();
            output.finish()?;
            return Err(Failure::Interrupted);
        }
        let outcome = execution.run(case);
        let (word, line) = match outcome.verdict {
            Verdict::Whole => ("whole  ", Line::Passed),
            Verdict::Differs => ("differs", Line::Noted),
            Verdict::Failed => ("failed ", Line::Failed),
        };
        is_whole &= outcome.verdict == Verdict::Whole;
        output.line(&format!("{word}  {}", Name(path.clone())), line);
        if let Some(difference) = &outcome.difference {
            output.line(&format!("         {}", Escaped(&difference.to_string())), Line::Plain);
        }
    }
    bar.finish_and_clear();
    Ok(if is_whole { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
