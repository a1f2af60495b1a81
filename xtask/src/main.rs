//! Maintainer tasks: `cargo xtask --help`.

mod codegen;
mod errata;
mod ingest;
mod model;
mod names;
mod versions;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(name = "cargo xtask", about = "Maintainer tasks")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Read a specification in HTML and write its facts
    Ingest {
        /// The specification
        file: PathBuf,
        /// The version of the standard, such as 1.4
        #[arg(long)]
        version: String,
        /// The folder to write to; spec/ of the repository if not given
        #[arg(long)]
        out: Option<PathBuf>,
    },
    /// Write the generated Rust from the facts in spec/
    Codegen {
        /// Write nothing; list the files that are stale and fail if there are any
        #[arg(long)]
        check: bool,
    },
}

fn main() -> ExitCode {
    match run(Arguments::parse().task) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(task: Task) -> Result<ExitCode> {
    match task {
        Task::Ingest { file, version, out } => ingest_file(&file, &version, out.as_deref()),
        Task::Codegen { check: true } => check_generated(),
        Task::Codegen { check: false } => {
            eprintln!("{} files changed", codegen::write(&repository())?);
            Ok(ExitCode::SUCCESS)
        }
    }
}

fn check_generated() -> Result<ExitCode> {
    let stale = codegen::check(&repository())?;
    for path in &stale {
        eprintln!("stale: {path}");
    }
    if stale.is_empty() {
        return Ok(ExitCode::SUCCESS);
    }
    eprintln!("run `cargo xtask codegen`");
    Ok(ExitCode::FAILURE)
}

/// The repository's folder: the one that holds this package.
fn repository() -> PathBuf {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    package.parent().unwrap_or(package).to_owned()
}

fn ingest_file(file: &Path, version: &str, out: Option<&Path>) -> Result<ExitCode> {
    let bytes = std::fs::read(file).with_context(|| format!("reading {}", file.display()))?;
    let (spec, report) = ingest::ingest(&bytes, version)?;
    for warning in &report.warnings {
        eprintln!("warning: {warning}");
    }
    for failure in &report.failures {
        eprintln!("error: {failure}");
    }
    let folder = out.map_or_else(|| repository().join("spec"), Path::to_owned);
    std::fs::create_dir_all(&folder).with_context(|| format!("creating {}", folder.display()))?;
    let path = folder.join(format!("kmip-{version}.toml"));
    std::fs::write(&path, spec.to_text()?).with_context(|| format!("writing {}", path.display()))?;
    let counts: Vec<String> = report.counts.iter().map(|(class, count)| format!("{count} {class}")).collect();
    let total: usize = report.counts.values().sum();
    eprintln!("{total} tables: {}", counts.join(", "));
    eprintln!(
        "{}: {} tags, {} enumerations, {} masks, {} items, {} structures, {} attributes, {} operations",
        path.display(),
        spec.tags.len(),
        spec.enumerations.len(),
        spec.masks.len(),
        spec.items.len(),
        spec.structures.len(),
        spec.attributes.len(),
        spec.operations.len()
    );
    Ok(if report.failures.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
