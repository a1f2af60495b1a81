//! Runs builds and measures what they take.

use std::env;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

use crate::Result;

/// The profiles that are measured.
pub const PROFILES: [&str; 2] = ["dev", "release"];

/// What a build took, in seconds.
#[derive(Clone, Copy)]
pub struct Cost {
    /// On the clock.
    pub wall: f64,
    /// On all processors.
    pub processor: f64,
}

/// Cargo, to be run in a package's folder: with no incremental cache, as on the first build.
pub fn cargo(package: &Path, target: &Path) -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(package).env("CARGO_TARGET_DIR", target).env("CARGO_INCREMENTAL", "0");
    command
}

/// Runs a command and says what it took.
pub fn run(command: &mut Command) -> Result<Cost> {
    let (before, start) = (children_seconds()?, Instant::now());
    if !command.status()?.success() {
        return Err(format!("{command:?} failed").into());
    }
    Ok(Cost { wall: start.elapsed().as_secs_f64(), processor: children_seconds()? - before })
}

/// What the compiler prints of a library when all macros are expanded.
pub fn expanded(package: &Path, target: &Path) -> Result<String> {
    let mut command = cargo(package, target);
    command.args(["rustc", "--quiet", "--lib", "--", "-Zunpretty=expanded"]);
    // The option is one of a nightly compiler.
    let output = command.env("RUSTC_BOOTSTRAP", "1").output()?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into());
    }
    Ok(String::from_utf8(output.stdout)?)
}

/// The middle one of several numbers.
pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// The processor time of all finished children of this process, in seconds (Linux).
fn children_seconds() -> Result<f64> {
    let stat = std::fs::read_to_string("/proc/self/stat")?;
    // After the name, which is in parentheses and may hold anything: fields 16 and 17 are the children's user
    // and system time, in hundredths of a second.
    let fields = stat.rsplit_once(')').ok_or("no process name")?.1;
    let ticks = fields.split_whitespace().skip(13).take(2).map(str::parse::<f64>);
    Ok(ticks.collect::<std::result::Result<Vec<_>, _>>()?.iter().sum::<f64>() / 100.0)
}
