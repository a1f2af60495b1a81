//! `cargo xtask execute PATH…`: executes test cases against the embedded server, or against another.

#![forbid(unsafe_code)]

use std::env;
use std::ffi::OsString;
use std::io::{self, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;

use kmip_tests::execute::{self, Remote};

const USAGE: &str =
    "usage: cargo xtask execute PATH… [--server ADDRESS [--ca FILE] [--cert FILE --key FILE]…] [--output json]

Paths are files .xml of test cases, or directories of them. Without an address each case has an embedded server of its
own. The certificates and keys are those of Client-A, Client-B and so on. Certificates and keys are in PEM.";

fn main() -> ExitCode {
    let arguments = match Arguments::read(env::args_os().skip(1)) {
        Ok(arguments) if !arguments.paths.is_empty() => arguments,
        Ok(_) => return misused(""),
        Err(fault) => return misused(&fault),
    };
    let mut output: Box<dyn io::Write> =
        if arguments.json { Box::new(io::sink()) } else { Box::new(io::stdout().lock()) };
    let run = match &arguments.remote {
        Some(remote) => execute::run_remote(&arguments.paths, remote, &mut output),
        None => execute::run(&arguments.paths, &mut output),
    };
    drop(output);
    let report = match run {
        Ok(report) => report,
        Err(error) => {
            eprintln!("execute: {error}");
            return ExitCode::from(2);
        }
    };
    if arguments.json && writeln!(io::stdout(), "{}", report.to_json()).is_err() {
        return ExitCode::from(2);
    }
    if report.is_well() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn misused(fault: &str) -> ExitCode {
    eprintln!("{fault}\n{USAGE}");
    ExitCode::from(2)
}

/// What is asked for.
#[derive(Default)]
struct Arguments {
    paths: Vec<PathBuf>,
    remote: Option<Remote>,
    json: bool,
}

impl Arguments {
    fn read(mut given: impl Iterator<Item = OsString>) -> Result<Self, String> {
        let (mut arguments, mut remote) = (Self::default(), Remote::default());
        let (mut certificates, mut keys) = (Vec::new(), Vec::new());
        while let Some(argument) = given.next() {
            let Some(flag) = argument.to_str().filter(|argument| argument.starts_with("--")) else {
                arguments.paths.push(argument.into());
                continue;
            };
            let value = given.next().ok_or_else(|| format!("{flag} has no value"))?;
            match flag {
                "--server" => remote.address = value.into_string().map_err(|_| "the address is no text")?,
                "--ca" => remote.ca = Some(value.into()),
                "--cert" => certificates.push(PathBuf::from(value)),
                "--key" => keys.push(PathBuf::from(value)),
                "--output" if value == "json" => arguments.json = true,
                "--output" => return Err("the one other output is json".to_owned()),
                _ => return Err(format!("there is no {flag}")),
            }
        }
        if certificates.len() != keys.len() {
            return Err("a certificate and its key go together".to_owned());
        }
        remote.identities = certificates.into_iter().zip(keys).collect();
        let is_said = !remote.identities.is_empty() || remote.ca.is_some();
        match (remote.address.is_empty(), is_said) {
            (true, true) => return Err("certificates are for a server, which --server names".to_owned()),
            (true, false) => {}
            (false, _) => arguments.remote = Some(remote),
        }
        Ok(arguments)
    }
}
