//! `cargo run -p kmip-tests --bin vectors`: writes `tests/vectors`, or lists what is stale there.

#![forbid(unsafe_code)]

use std::env;
use std::process::ExitCode;

use kmip_tests::vectors;

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let check = match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        [] => false,
        ["--check"] => true,
        _ => {
            eprintln!("usage: cargo run -p kmip-tests --bin vectors [-- --check]");
            return ExitCode::from(2);
        }
    };
    match run(check) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("vectors: {error}");
            ExitCode::from(2)
        }
    }
}

fn run(check: bool) -> Result<ExitCode, Box<dyn std::error::Error>> {
    let files = vectors::files()?;
    if !check {
        let written = vectors::write(&vectors::root(), &files)?;
        eprintln!("{} files, {} changed", files.len(), written.len());
        return Ok(ExitCode::SUCCESS);
    }
    let stale = vectors::stale(&vectors::root(), &files)?;
    for path in &stale {
        eprintln!("stale: {}", path.display());
    }
    if stale.is_empty() {
        return Ok(ExitCode::SUCCESS);
    }
    eprintln!("run `cargo run -p kmip-tests --bin vectors`");
    Ok(ExitCode::FAILURE)
}
