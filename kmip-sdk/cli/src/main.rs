//! The command `kmip`: parses its arguments, calls `kmip-sdk` and `kmip-types`, and prints.

#![forbid(unsafe_code)]

mod arguments;
mod calls;
mod command;
mod completion;
mod connection;
mod failure;
mod headings;
mod input;
mod interrupt;
mod output;
mod profile;
mod report;
mod style;

use std::process::ExitCode;

use clap::FromArgMatches;

use arguments::{Arguments, Command};
use failure::Failure;
use output::Output;

fn main() -> ExitCode {
    completion::answer();
    // What is wrong with the arguments ends the program here, with the code 2.
    let arguments = Arguments::from_arg_matches(&headings::command().get_matches());
    let arguments = arguments.unwrap_or_else(|error| error.exit());
    let mut output = Output::new(arguments.output_file.clone(), arguments.color.choice());
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
        Command::Making(calls) => return calls.run(output),
        Command::Finding(calls) => return calls.run(output),
        Command::Using(calls) => return calls.run(output),
        Command::Describing(calls) => return calls.run(output),
        Command::Living(calls) => return calls.run(output),
        Command::Certifying(calls) => return calls.run(output),
        Command::Sessions(calls) => return calls.run(output),
        Command::Serving(calls) => return calls.run(output),
        Command::Call(call) => return call.run(output),
        Command::Check(check) => return command::check::run(check, output),
        #[cfg(feature = "server")]
        Command::Serve(serve) => return command::serve::run(serve, output),
        #[cfg(feature = "server")]
        Command::Users(users) => command::users::run(users, output)?,
        #[cfg(feature = "server")]
        Command::Store(store) => return command::store::run(store, output),
        #[cfg(feature = "server")]
        Command::Proxy(proxy) => return command::proxy::run(proxy, output),
        #[cfg(feature = "server")]
        Command::Replay(replay) => return command::replay::run(replay, output),
        Command::Execute(execute) => return command::execute::run(execute, output),
        Command::Bench(bench) => return command::bench::run(bench, output),
        Command::Profile(profile) => command::profile::run(profile, output)?,
        Command::Completions { shell } => completion::script(*shell, output)?,
        Command::Man { command } => command::documents::man(command, output)?,
    }
    Ok(ExitCode::SUCCESS)
}
