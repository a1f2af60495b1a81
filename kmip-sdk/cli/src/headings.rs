//! The subcommands in the help, under headings.

use std::fmt::Write;

use clap::{Command, CommandFactory, Subcommand};

use crate::arguments::Arguments;
use crate::calls;

/// The widest that help is.
pub(crate) const WIDEST: usize = 80;

/// What is about messages.
const MESSAGES: [&str; 5] = ["explain", "decode", "encode", "convert", "diff"];

/// What is about servers and connections to them.
const SERVERS: [&str; 9] =
    ["check", "profile", "serve", "users", "store", "proxy", "replay", "execute", "bench"];

/// What is about this command.
const ITSELF: [&str; 3] = ["completions", "man", "help"];

/// The arguments of the command, whose help has its subcommands under headings.
pub(crate) fn command() -> Command {
    let mut command = Arguments::command();
    command.build();
    let list = list(&command);
    let heading = heading(&command, "Options");
    Arguments::command().help_template(format!(
        "{{about-with-newline}}\n{{usage-heading}} {{usage}}\n\n{list}{heading}\n{{options}}{{after-help}}"
    ))
}

fn heading(command: &Command, heading: &str) -> String {
    let style = command.get_styles().get_header();
    format!("{style}{heading}:{style:#}")
}

/// The subcommands of a group of calls.
fn calls<T: Subcommand>() -> Vec<String> {
    let group = T::augment_subcommands(Command::new("group"));
    group.get_subcommands().map(|command| command.get_name().to_owned()).collect()
}

fn list(command: &Command) -> String {
    let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    let groups = [
        ("Messages", names(&MESSAGES)),
        ("Servers and connections", names(&SERVERS)),
        ("Calls: new objects", calls::<calls::new::Making>()),
        ("Calls: what there is", calls::<calls::objects::Finding>()),
        ("Calls: cryptography", calls::<calls::cryptography::Using>()),
        ("Calls: attributes", calls::<calls::attributes::Describing>()),
        ("Calls: lives of objects", calls::<calls::lives::Living>()),
        ("Calls: certificates", calls::<calls::certificates::Certifying>()),
        ("Calls: who asks", calls::<calls::sessions::Sessions>()),
        ("Calls: the server, and any other", [calls::<calls::server::Serving>(), names(&["call"])].concat()),
    ];
    let known: Vec<&String> = groups.iter().flat_map(|(_, names)| names).collect();
    let all = command.get_subcommands().filter(|command| !command.is_hide_set());
    // What is of no group is not left out.
    let others = all.map(|command| command.get_name().to_owned());
    let others: Vec<String> =
        others.filter(|name| !known.contains(&name) && !ITSELF.contains(&name.as_str())).collect();
    let last = ("This command", [others, names(&ITSELF)].concat());
    let column = command.get_subcommands().map(|command| command.get_name().len()).max().unwrap_or(0) + 4;
    let width = terminal_size::terminal_size().map_or(WIDEST, |(width, _)| usize::from(width.0)).min(WIDEST);
    let mut list = String::new();
    for (title, names) in groups.iter().chain([&last]) {
        // A string takes whatever is written to it.
        let _ = writeln!(list, "{}", heading(command, title));
        for found in names.iter().filter_map(|name| command.find_subcommand(name)) {
            let style = command.get_styles().get_literal();
            let name = found.get_name();
            let _ = write!(list, "  {style}{name}{style:#}{:1$}", "", column - 2 - name.len());
            let _ = writeln!(list, "{}", wrapped(&about(found), column, width));
        }
        list.push('\n');
    }
    list
}

/// What a subcommand does, and its other names.
fn about(command: &Command) -> String {
    let mut about = command.get_about().map(ToString::to_string).unwrap_or_default();
    let others: Vec<&str> = command.get_visible_aliases().collect();
    if !others.is_empty() {
        about += &format!(" [alias: {}]", others.join(", "));
    }
    about
}

/// Words in lines, each after the first behind so many spaces.
pub(crate) fn wrapped(text: &str, column: usize, width: usize) -> String {
    let (mut shown, mut at) = (String::new(), column);
    for word in text.split_whitespace() {
        let length = word.chars().count();
        if at > column && at + 1 + length > width {
            let _ = write!(shown, "\n{:column$}", "");
            at = column;
        } else if at > column {
            shown.push(' ');
            at += 1;
        }
        shown += word;
        at += length;
    }
    shown
}
