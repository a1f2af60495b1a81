//! `kmip man`: what the arguments say of themselves, as manual pages.

use std::fmt::Write as _;
use std::io;

use clap::CommandFactory;
use clap_mangen::Man;

use crate::arguments::Arguments;
use crate::failure::Failure;
use crate::output::Output;

/// The manual page of the command, or of a subcommand of it, in roff.
pub(crate) fn man(subcommands: &[String], output: &mut Output) -> Result<(), Failure> {
    let mut command = Arguments::command();
    command.build();
    let mut title = command.get_name().to_owned();
    for name in subcommands {
        let found = command.find_subcommand(name).ok_or_else(|| Failure::NoCommand(subcommands.join(" ")))?;
        title = format!("{title}-{}", found.get_name());
        command = found.clone();
    }
    let behind = command.get_after_help().map(ToString::to_string).unwrap_or_default();
    let has_subcommands = command.get_subcommands().any(|command| !command.is_hide_set());
    let man = Man::new(command.name(title));
    let mut page = Vec::new();
    write(&man, has_subcommands, &behind, &mut page).map_err(Failure::WriteOutput)?;
    output.bytes(&page);
    Ok(())
}

fn write(man: &Man, has_subcommands: bool, behind: &str, page: &mut Vec<u8>) -> io::Result<()> {
    man.render_title(page)?;
    man.render_name_section(page)?;
    man.render_synopsis_section(page)?;
    man.render_description_section(page)?;
    man.render_options_section(page)?;
    if has_subcommands {
        man.render_subcommands_section(page)?;
    }
    page.extend_from_slice(sections(behind).as_bytes());
    Ok(())
}

/// How many columns there are for what is set as it is, where the text of a page begins.
const COLUMNS: usize = 72;

/// What stands behind the options in the help, as sections. Lines that begin with spaces are set as they are: they are commands
/// and tables, which are not to be filled or hyphenated.
fn sections(text: &str) -> String {
    let mut page = String::new();
    let mut lines = text.lines().peekable();
    let mut has_section = false;
    while let Some(line) = lines.next() {
        // A string takes whatever is written to it.
        let _ = match line {
            "Examples:" => writeln!(page, ".SH EXAMPLES"),
            "Exit codes:" => writeln!(page, ".SH \"EXIT STATUS\""),
            "" if has_section => writeln!(page, ".PP"),
            "" => Ok(()),
            _ if line.starts_with("  ") => {
                let mut set = vec![line];
                while let Some(line) = lines.next_if(|line| line.starts_with("  ")) {
                    set.push(line);
                }
                let widest = set.iter().map(|line| line.chars().count()).max().unwrap_or(0);
                // What is too wide begins at the edge.
                let (begin, end) = if widest > COLUMNS { (".in 0\n", ".in\n") } else { ("", "") };
                let set: String = set.into_iter().map(|line| escaped(line) + "\n").collect();
                write!(page, ".nf\n{begin}{set}{end}.fi\n")
            }
            _ if has_section => writeln!(page, "{}", escaped(line)),
            _ => writeln!(page, ".SH NOTES\n{}", escaped(line)),
        };
        has_section |= !line.is_empty();
    }
    page
}

/// A line of text that is none of roff's requests.
fn escaped(line: &str) -> String {
    let line = line.replace('\\', "\\e").replace('-', "\\-").replace('\'', "\\(aq").replace('`', "\\(ga");
    if line.starts_with('.') { format!("\\&{line}") } else { line }
}
