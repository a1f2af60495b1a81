//! `kmip man`: what the arguments say of themselves, as manual pages.

use clap::CommandFactory;

use crate::arguments::Arguments;
use crate::failure::Failure;
use crate::output::Output;

/// The manual page, in roff.
pub(crate) fn man(subcommand: Option<&str>, output: &mut Output) -> Result<(), Failure> {
    let mut command = Arguments::command();
    command.build();
    if let Some(name) = subcommand {
        let found = command.find_subcommand(name).ok_or_else(|| Failure::NoCommand(name.to_owned()))?;
        command = found.clone().name(format!("kmip-{name}"));
    }
    let mut page = Vec::new();
    clap_mangen::Man::new(command).render(&mut page).map_err(Failure::WriteOutput)?;
    output.bytes(&page);
    Ok(())
}
