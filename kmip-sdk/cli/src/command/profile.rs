//! `kmip profile`: settings of connections under names.

use clap::{Args, Subcommand};

use crate::calls;
use crate::connection::Settings;
use crate::failure::{Failure, Name};
use crate::output::Output;
use crate::profile::{Profiles, path};

/// Arguments of `kmip profile`.
#[derive(Debug, Args)]
#[command(
    after_help = "Profiles are in the file kmip/profiles.toml where the user's configuration is,\nor where KMIP_CONFIG says. They hold paths of files with secrets, and no\nsecrets.\n\nExamples:\n  kmip profile add test --address localhost --root-certificates-file ca.pem\n  kmip profile list\n  kmip profile use test\n  kmip profile remove test"
)]
pub(crate) struct Profile {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Keep settings under a name, in place of those that it had
    Add {
        /// The name
        #[arg(value_name = "NAME")]
        name: String,
        #[command(flatten)]
        settings: Box<Settings>,
    },
    /// List the profiles
    List,
    /// Let a profile count where none is named
    Use {
        /// The name
        #[arg(value_name = "NAME")]
        name: String,
    },
    /// Forget a profile
    Remove {
        /// The name
        #[arg(value_name = "NAME")]
        name: String,
    },
}

pub(crate) fn run(arguments: &Profile, output: &mut Output) -> Result<(), Failure> {
    let path = path()?;
    let mut profiles = Profiles::read(&path)?;
    match &arguments.action {
        Action::List => {
            if profiles.profiles.is_empty() {
                output.note(&format_args!("there are no profiles in {}", Name(path)));
                return Ok(());
            }
            let is_default = |name: &String| profiles.default.as_ref() == Some(name);
            let rows = profiles.profiles.iter().map(|(name, settings)| {
                let mark = if is_default(name) { "*" } else { "" };
                vec![mark.to_owned(), name.clone(), settings.address.join(", ")]
            });
            calls::table(Some(&["", "Name", "Address"]), rows.collect::<Vec<_>>().into_iter(), output);
            return Ok(());
        }
        Action::Add { name, settings } => {
            // What cannot be used is not kept.
            settings.version()?;
            profiles.profiles.insert(name.clone(), settings.as_ref().clone().absolute()?);
            profiles.default.get_or_insert_with(|| name.clone());
        }
        Action::Use { name } => {
            let known = Profiles::read(&path)?;
            known.take(name)?;
            profiles.default = Some(name.clone());
        }
        Action::Remove { name } => {
            if profiles.profiles.remove(name).is_none() {
                return profiles.take(name).map(drop);
            }
            profiles.default = profiles.default.filter(|default| default != name);
        }
    }
    profiles.write(&path)
}
