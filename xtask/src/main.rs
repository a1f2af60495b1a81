//! Maintainer tasks: `cargo xtask --help`.

#![forbid(unsafe_code)]

mod audit;
mod codegen;
mod diff;
mod errata;
mod ingest;
mod model;
mod names;
mod rust_source;
mod scaffold;
mod tables;
mod vectors;
mod versions;

use std::ffi::OsString;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context, Result, bail};
use clap::{Parser, Subcommand};

use versions::Version;

#[derive(Parser)]
#[command(name = "cargo xtask", about = "Maintainer tasks")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Read a specification in HTML and write its facts; facts that are there are only replaced if all of it
    /// could be read
    Ingest {
        /// The specification
        file: PathBuf,
        /// The version of the standard, such as 1.4
        #[arg(long)]
        version: String,
        /// The folder to write to; spec/ of the repository if not given
        #[arg(long)]
        out: Option<PathBuf>,
        /// Take the document for that version even if it says another one, or none
        #[arg(long)]
        force: bool,
    },
    /// Read the C header of PKCS#11 and write the enumerations that the standard takes from it
    IngestPkcs11 {
        /// The header, `pkcs11.h`
        file: PathBuf,
    },
    /// Write the generated Rust and Markdown from the facts in spec/
    Codegen {
        /// Write nothing; list the files that are stale and fail if there are any
        #[arg(long)]
        check: bool,
    },
    /// Print the facts of a version as JSON
    Tables {
        /// The version, with errata.toml and pkcs11.toml of spec/ applied; with --file, the version that the
        /// file has to be of
        #[arg(long, required_unless_present = "file")]
        version: Option<String>,
        /// Read this file, which `ingest` wrote, in place of spec/. The enumerations of pkcs11.toml are added
        /// and the corrections of errata.toml for its version applied, each if it lies beside the file
        #[arg(long)]
        file: Option<PathBuf>,
        /// Write numbers in hex, as the standard does
        #[arg(long)]
        hex: bool,
    },
    /// Print what version NEW added, removed, renamed or changed
    Diff {
        /// The earlier version
        old: String,
        /// The later version
        new: String,
    },
    /// Check that every name in XML test cases is one of the tables'
    Names {
        /// Files and folders
        #[arg(required = true)]
        paths: Vec<PathBuf>,
    },
    /// Compare the typed structures with the tables of every version
    Audit {
        /// Compare nothing; list the differences that spec/audit.toml accepts, with their reasons
        #[arg(long)]
        accepted: bool,
    },
    /// Print skeletons of what a version's tables have and the code lacks
    Scaffold {
        /// The version
        #[arg(long)]
        version: String,
    },
    /// Run test cases through the codec
    Conformance {
        /// Files, folders and options of the conformance runner
        #[arg(required = true, trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<OsString>,
    },
    /// Execute test cases against the embedded server
    Execute {
        /// Files and folders of test cases
        #[arg(required = true, trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<OsString>,
    },
}

fn main() -> ExitCode {
    match run(Arguments::parse().task) {
        Ok(code) => code,
        // A reader such as `head` that has seen enough is no failure.
        Err(error) if is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}

fn run(task: Task) -> Result<ExitCode> {
    match task {
        Task::Ingest { file, version, out, force } => ingest_file(&file, &version, out.as_deref(), force),
        Task::IngestPkcs11 { file } => {
            let header =
                std::fs::read_to_string(&file).with_context(|| format!("reading {}", file.display()))?;
            let spec = model::Spec { enumerations: ingest::pkcs11::read(&header)?, ..model::Spec::default() };
            std::fs::write(repository().join("spec/pkcs11.toml"), spec.to_text()?)
                .context("writing pkcs11.toml")?;
            Ok(ExitCode::SUCCESS)
        }
        Task::Codegen { check: true } => check_generated(),
        Task::Codegen { check: false } => {
            eprintln!("{} files changed", codegen::write(&repository())?);
            Ok(ExitCode::SUCCESS)
        }
        Task::Tables { version, file, hex } => print_tables(version.as_deref(), file.as_deref(), hex),
        Task::Diff { old, new } => {
            let folder = repository().join("spec");
            let text = diff::diff(&versions::load(&folder, &old)?, &versions::load(&folder, &new)?)?;
            if text.is_empty() {
                writeln!(io::stdout(), "nothing: KMIP {new} has what {old} has")?;
            }
            write!(io::stdout(), "{text}")?;
            Ok(ExitCode::SUCCESS)
        }
        Task::Names { paths } => check_names(&paths),
        Task::Audit { accepted: true } => {
            audit::list_accepted(&repository(), &mut io::stdout().lock())?;
            Ok(ExitCode::SUCCESS)
        }
        Task::Audit { accepted: false } => {
            let clean = audit::run(&repository(), &mut io::stdout().lock())?;
            Ok(if clean { ExitCode::SUCCESS } else { ExitCode::FAILURE })
        }
        Task::Scaffold { version } => {
            scaffold::run(&repository(), &version, &mut io::stdout().lock())?;
            Ok(ExitCode::SUCCESS)
        }
        Task::Conformance { arguments } => run_program("conformance", &arguments),
        Task::Execute { arguments } => run_program("execute", &arguments),
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

fn print_tables(version: Option<&str>, file: Option<&Path>, hex: bool) -> Result<ExitCode> {
    let spec = match (file, version) {
        (Some(file), version) => {
            let spec = versions::load_file(file)?;
            if let Some(version) = version.filter(|version| *version != spec.version) {
                bail!("{} holds version {}, expected {version}", file.display(), spec.version);
            }
            spec
        }
        (None, Some(version)) => versions::load(&repository().join("spec"), version)?,
        (None, None) => bail!("expected --version or --file"),
    };
    writeln!(io::stdout(), "{}", serde_json::to_string_pretty(&tables::to_json(&spec, hex)?)?)?;
    Ok(ExitCode::SUCCESS)
}

fn check_names(paths: &[PathBuf]) -> Result<ExitCode> {
    let names = vectors::Names::new(&codegen::Tables::load(&repository().join("spec"))?);
    let mut outcome = vectors::Outcome::default();
    for file in vectors::files(paths)? {
        names.check_file(&file, &mut outcome)?;
    }
    let mut output = io::stdout().lock();
    for failure in &outcome.failures {
        writeln!(output, "{failure}")?;
    }
    writeln!(output, "{} passed, {} failed", outcome.passed, outcome.failures.len())?;
    Ok(if outcome.failures.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// What needs the generated code is a program of the tests package: this one cannot use it, for it has to run while that
/// does not compile.
fn run_program(name: &str, arguments: &[OsString]) -> Result<ExitCode> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let status = Command::new(cargo)
        .args(["run", "--quiet", "--manifest-path"])
        .arg(repository().join("Cargo.toml"))
        .args(["--package", "kmip-tests", "--bin", name, "--"])
        .args(arguments)
        .status()
        .context("starting cargo")?;
    Ok(if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The repository's folder: the one that holds this package.
fn repository() -> PathBuf {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    package.parent().unwrap_or(package).to_owned()
}

fn ingest_file(file: &Path, version: &str, out: Option<&Path>, force: bool) -> Result<ExitCode> {
    let version = Version::parse(version)?;
    let bytes = std::fs::read(file).with_context(|| format!("reading {}", file.display()))?;
    let (spec, report) = ingest::ingest(&bytes, &version.to_string())?;
    if !force {
        ingest::version::check(report.stated, version).with_context(|| file.display().to_string())?;
    }
    for warning in &report.warnings {
        eprintln!("warning: {warning}");
    }
    for failure in &report.failures {
        eprintln!("error: {failure}");
    }
    let folder = out.map_or_else(|| repository().join("spec"), Path::to_owned);
    let path = ingest::write::write(&folder, &spec, &report)?;
    let counts: Vec<String> = report.counts.iter().map(|(class, count)| format!("{count} {class}")).collect();
    let total: usize = report.counts.values().sum();
    eprintln!("{total} tables: {}", counts.join(", "));
    eprintln!(
        "{}: {} tags, {} enumerations, {} masks, {} items, {} structures, {} attributes, {} operations, {} lists of errors",
        path.display(),
        spec.tags.len(),
        spec.enumerations.len(),
        spec.masks.len(),
        spec.items.len(),
        spec.structures.len(),
        spec.attributes.len(),
        spec.operations.len(),
        spec.errors.len()
    );
    Ok(if report.failures.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
