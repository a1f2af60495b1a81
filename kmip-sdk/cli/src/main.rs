//! The command `kmip`: parses its arguments, calls `kmip-types`, and prints.

#![forbid(unsafe_code)]

mod arguments;
mod command;
mod failure;
mod input;
mod output;
mod report;
mod style;

use std::process::ExitCode;

use clap::Parser;

use arguments::{Arguments, Command};
use failure::Failure;
use output::Output;

fn main() -> ExitCode {
    // What is wrong with the arguments ends the program here, with the code 2.
    let arguments = Arguments::parse();
    let mut output = Output::new(arguments.output.clone(), arguments.color.choice());
    match run(&arguments, &mut output).and_then(|code| output.finish().map(|()| code)) {
        Ok(code) => code,
        Err(failure) => {
            if !matches!(failure, Failure::Told) {
                output.error(&failure);
            }
            failure.exit_code(arguments.command.faulty())
        }
    }
}

fn run(arguments: &Arguments, output: &mut Output) -> Result<ExitCode, Failure> {
    match &arguments.command {
        Command::Explain(explain) => command::explain::run(explain, output)?,
        Command::Decode(decode) => return command::decode::run(decode, output),
        Command::Encode(encode) => return command::encode::run(encode, output),
        Command::Convert(convert) => return command::convert::run(convert, output),
        Command::Diff(diff) => return command::diff::run(diff, output),
        Command::Completions { shell } => command::documents::completions(*shell, output)?,
        Command::Man { command } => command::documents::man(command.as_deref(), output)?,
    }
    Ok(ExitCode::SUCCESS)
}
