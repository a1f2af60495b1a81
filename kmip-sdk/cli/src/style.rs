//! The colours of what is printed.

use std::io::{self, Write};

use anstyle::{AnsiColor, Style};

/// Titles, and names of items.
pub(crate) const TITLE: Style = Style::new().bold();
/// The word before an error, and what is wrong.
pub(crate) const ERROR: Style = AnsiColor::Red.on_default().bold();
/// The word before a note.
pub(crate) const NOTE: Style = AnsiColor::Cyan.on_default().bold();
/// Values, and lines that a second input has.
const VALUE: Style = AnsiColor::Green.on_default();
/// Lines that a first input has.
const GONE: Style = AnsiColor::Red.on_default();
/// Offsets.
const FAINT: Style = Style::new().dimmed();

/// What a line is of.
#[derive(Clone, Copy)]
pub(crate) enum Line {
    /// A title.
    Title,
    /// A text with a value a line: `Name (Type): value`.
    Text,
    /// Annotated hex: an offset, bytes, and what they are.
    Hex,
    /// A difference.
    Difference,
    /// What is as it should be.
    Passed,
    /// What is to be looked at.
    Noted,
    /// What does not work.
    Failed,
    /// What does not matter.
    Faint,
    /// Something without colours.
    Plain,
}

impl Line {
    /// Writes a line in its colours.
    pub(crate) fn paint(self, line: &str, out: &mut dyn Write) -> io::Result<()> {
        let fault = line.trim_start().starts_with("! ");
        match self {
            Self::Title => write!(out, "{TITLE}{line}{TITLE:#}"),
            Self::Passed => write!(out, "{VALUE}{line}{VALUE:#}"),
            Self::Noted => write!(out, "{NOTE}{line}{NOTE:#}"),
            Self::Failed => write!(out, "{ERROR}{line}{ERROR:#}"),
            Self::Faint => write!(out, "{FAINT}{line}{FAINT:#}"),
            Self::Text | Self::Hex if fault => write!(out, "{ERROR}{line}{ERROR:#}"),
            Self::Text => item(line, out),
            Self::Hex => match line.split_at_checked(8) {
                Some((offset, rest)) => {
                    write!(out, "{FAINT}{offset}{FAINT:#}")?;
                    match rest.split_at_checked(27) {
                        // Behind the bytes of a header there is a name, behind others a value.
                        Some((bytes, meaning)) if meaning.contains("), ") => {
                            out.write_all(bytes.as_bytes())?;
                            item(meaning, out)
                        }
                        Some((bytes, meaning)) => write!(out, "{bytes}{VALUE}{meaning}{VALUE:#}"),
                        None => out.write_all(rest.as_bytes()),
                    }
                }
                None => out.write_all(line.as_bytes()),
            },
            Self::Difference if line.starts_with('-') => write!(out, "{GONE}{line}{GONE:#}"),
            Self::Difference if line.starts_with('+') => write!(out, "{VALUE}{line}{VALUE:#}"),
            Self::Difference | Self::Plain => out.write_all(line.as_bytes()),
        }
    }
}

/// A name, its type, and its value.
fn item(line: &str, out: &mut dyn Write) -> io::Result<()> {
    let (name, rest) = line.split_at(line.find(" (").unwrap_or(line.len()));
    write!(out, "{TITLE}{name}{TITLE:#}")?;
    match rest.split_once("): ") {
        Some((item_type, value)) => write!(out, "{item_type}): {VALUE}{value}{VALUE:#}"),
        None => out.write_all(rest.as_bytes()),
    }
}
