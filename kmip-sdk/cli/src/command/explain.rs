//! `kmip explain`: what the standard says of a name or a number.

use crate::arguments::Explain;
use crate::failure::Failure;
use crate::output::Output;

pub(crate) fn run(arguments: &Explain, output: &mut Output) -> Result<(), Failure> {
    let found = kmip_types::explain::explain(&arguments.words.join(" "))?;
    for line in found.to_string().lines() {
        // What is not indented is the title of a meaning.
        match line.starts_with(' ') || line.is_empty() {
            true => output.text(&format!("{line}\n")),
            false => output.title(line),
        }
    }
    Ok(())
}
