//! Writes the facts that ingest read, and never over better ones.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use super::Report;
use crate::model::Spec;

/// Writes the facts to the file of their version, and returns its path.
///
/// # Errors
/// When what every version has is not there, when tables could not be read and there are facts already, or
/// when the file cannot be written. In all these cases, what was there stays.
pub(crate) fn write(folder: &Path, spec: &Spec, report: &Report) -> Result<PathBuf> {
    let path = folder.join(format!("kmip-{}.toml", spec.version));
    let found = [
        ("tags", spec.tags.len()),
        ("enumerations", spec.enumerations.len()),
        ("operations", spec.operations.len()),
    ];
    let missing: Vec<&str> = found.iter().filter(|(_, count)| *count == 0).map(|(what, _)| *what).collect();
    if !missing.is_empty() {
        let missing = missing.join(", no ");
        bail!("expected a specification, found no {missing}; nothing is written to {}", path.display());
    }
    if !report.failures.is_empty() && path.exists() {
        let count = report.failures.len();
        bail!("{count} tables could not be read; {} is left as it was", path.display());
    }
    std::fs::create_dir_all(folder).with_context(|| format!("creating {}", folder.display()))?;
    std::fs::write(&path, spec.to_text()?).with_context(|| format!("writing {}", path.display()))?;
    Ok(path)
}
