//! `cargo xtask execute PATH…`: executes test cases against the embedded server.

#![forbid(unsafe_code)]

use std::env;
use std::io;
use std::path::PathBuf;
use std::process::ExitCode;

use kmip_tests::execute;

fn main() -> ExitCode {
    let paths: Vec<PathBuf> = env::args_os().skip(1).map(PathBuf::from).collect();
    if paths.is_empty() {
        eprintln!("usage: cargo xtask execute PATH… (files .xml of test cases, or directories of them)");
        return ExitCode::from(2);
    }
    match execute::run(&paths, &mut io::stdout().lock()) {
        Ok(report) if report.differs + report.failed + report.stale == 0 && report.whole > 0 => {
            ExitCode::SUCCESS
        }
        Ok(_) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("execute: {error}");
            ExitCode::from(2)
        }
    }
}
