//! Counts the instructions of the codec's benchmarks, and compares them with those of `counts.toml`.
//!
//! Without arguments it fails where a count differs by more than the tolerance; with `--accept` it writes the counts.
#![allow(clippy::print_stdout)]

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};

use anyhow::{Context, Result, bail, ensure};
use kmip_instructions::{Counts, compare};

const ACCEPT: &str = "tests/instructions/count --accept";

fn main() -> Result<ExitCode> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let accept = match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => false,
        ["--accept"] => true,
        _ => bail!("expected no argument, or `--accept`"),
    };
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("counts.toml");
    let (rust, target) = compiler()?;
    let now = Counts { rust, target, instructions: instructions()? };
    if accept {
        std::fs::write(&path, now.to_text()?).context("counts.toml is not written")?;
        println!("counts.toml has the counts of now");
        return Ok(ExitCode::SUCCESS);
    }
    let text = std::fs::read_to_string(&path).context("counts.toml is not read")?;
    let before = Counts::from_text(&text).context("counts.toml")?;
    if before.target != now.target {
        println!("the counts are those of {}; here it is {}: nothing to compare", before.target, now.target);
        return Ok(ExitCode::SUCCESS);
    }
    let comparison = compare(&before, &now);
    print!("{}", comparison.table);
    if comparison.faults.is_empty() {
        return Ok(ExitCode::SUCCESS);
    }
    eprintln!("\n{}\nto accept the counts of now: {ACCEPT}", comparison.faults.join("\n"));
    Ok(ExitCode::FAILURE)
}

/// The compiler's version, and what it compiles for.
fn compiler() -> Result<(String, String)> {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output = Command::new(rustc).arg("-vV").output().context("rustc does not run")?;
    let text = String::from_utf8(output.stdout).context("rustc's version")?;
    let line = |name: &str| text.lines().find_map(|line| line.strip_prefix(name)).map(str::to_owned);
    line("release: ").zip(line("host: ")).context("rustc does not say its version")
}

/// Runs the benchmarks: the count of each, by direction and workload.
fn instructions() -> Result<BTreeMap<String, BTreeMap<String, u64>>> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args(["bench", "--quiet", "--bench", "codec", "--", "--output-format=json"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .stderr(Stdio::inherit())
        .output()
        .context("cargo does not run")?;
    ensure!(output.status.success(), "the benchmarks failed: {}", output.status);
    let mut counts = BTreeMap::<_, BTreeMap<_, _>>::new();
    for line in String::from_utf8(output.stdout)?.lines().filter(|line| line.starts_with('{')) {
        let summary: serde_json::Value = serde_json::from_str(line).context("a summary is not JSON")?;
        let text = |name: &str| summary[name].as_str().map(str::to_owned);
        let count = summary["profiles"][0]["data"]["total"]["metrics"]["Ir"]["values"]["new"].as_u64();
        let named = text("function_name").zip(text("id")).zip(count);
        let ((function, workload), count) = named.with_context(|| format!("no count in {line}"))?;
        counts.entry(function).or_default().insert(workload, count);
    }
    Ok(counts)
}
