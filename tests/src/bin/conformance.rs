//! `cargo xtask conformance PATH…`: checks files of messages.

#![forbid(unsafe_code)]

use std::env;
use std::io;
use std::path::PathBuf;
use std::process::ExitCode;

use kmip_tests::conformance;

fn main() -> ExitCode {
    let paths: Vec<PathBuf> = env::args_os().skip(1).map(PathBuf::from).collect();
    if paths.is_empty() {
        eprintln!("usage: cargo xtask conformance PATH… (files .xml, .json, .hex, or directories of them)");
        return ExitCode::from(2);
    }
    match conformance::run(&paths, &mut io::stdout().lock()) {
        Ok(report) if report.failed == 0 && report.passed > 0 => ExitCode::SUCCESS,
        Ok(_) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("conformance: {error}");
            ExitCode::from(2)
        }
    }
}
