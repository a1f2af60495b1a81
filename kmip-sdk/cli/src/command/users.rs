//! `kmip users`: the users whom a store keeps, for every server on it.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand, ValueEnum};
use kmip_sdk::server::store::{Store, StoreError};
use kmip_sdk::server::{OneTimePasswords, User};
use kmip_sdk::types::message::DeviceCredential;
use zeroize::Zeroizing;

use super::stored::Stored;
use crate::calls;
use crate::connection::{prompt, secret};
use crate::failure::{Failure, Name};
use crate::output::Output;

/// Arguments of `kmip users`.
#[derive(Debug, Args)]
#[command(
    after_help = "Who is added is known to every server on the store at once, and who is removed\nto none. A server has a store in a file to itself: there, users are added before\nit starts. Passwords are in files, in the environment or typed, and never\narguments; of them, hashes are kept, sealed with the master key.\n\nExamples:\n  kmip users add alice --store redb:kmip.store --master-key-file key\n  kmip users list --store redb:kmip.store --master-key-file key\n  kmip users remove alice --store redb:kmip.store --master-key-file key"
)]
pub(crate) struct Users {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Add a user
    Add(Changed),
    /// Give a user another password, other one-time passwords, or a device more
    Change(Changed),
    /// List the users
    List {
        #[command(flatten)]
        stored: Stored,
    },
    /// Remove a user, whose objects stay
    Remove {
        /// The name
        #[arg(value_name = "NAME")]
        name: String,
        #[command(flatten)]
        stored: Stored,
    },
}

/// Who a user is, and what proves it.
#[derive(Debug, Args)]
struct Changed {
    /// The name
    #[arg(value_name = "NAME")]
    name: String,
    /// A file whose first line is the password; or KMIP_USER_PASSWORD in the environment; else it is typed
    #[arg(long, value_name = "FILE")]
    password_file: Option<PathBuf>,
    /// Leave the password, if there is one, as it is
    #[arg(long, conflicts_with = "password_file")]
    no_password: bool,
    /// A file with the secret of one-time passwords of six digits, in hex
    #[arg(long, value_name = "FILE")]
    one_time_secret_file: Option<PathBuf>,
    /// What they are made with
    #[arg(long, value_name = "KIND", default_value = "time", requires = "one_time_secret_file")]
    one_time: OneTime,
    /// A device that may ask as the user, by all that it says of itself with commas between: serial-number=TEXT, device=TEXT,
    /// network=TEXT, machine=TEXT, media=TEXT; several follow each other
    #[arg(long, value_name = "FIELD=TEXT", value_parser = device)]
    device: Vec<DeviceCredential>,
    /// A file whose first line is the password of the device
    #[arg(long, value_name = "FILE", requires = "device")]
    device_password_file: Option<PathBuf>,
    #[command(flatten)]
    stored: Stored,
}

/// What a device says of itself.
fn device(text: &str) -> Result<DeviceCredential, String> {
    let mut device = DeviceCredential::default();
    for field in text.split(',') {
        let (name, value) = field.split_once('=').ok_or_else(|| format!("{field:?} is not FIELD=TEXT"))?;
        let place = match name {
            "serial-number" => &mut device.device_serial_number,
            "device" => &mut device.device_identifier,
            "network" => &mut device.network_identifier,
            "machine" => &mut device.machine_identifier,
            "media" => &mut device.media_identifier,
            _ => return Err(format!("{name:?} is none of serial-number, device, network, machine, media")),
        };
        if place.replace(value.to_owned()).is_some() {
            return Err(format!("{name} is said twice"));
        }
    }
    Ok(device)
}

/// What one-time passwords are made with.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum OneTime {
    /// The time: another every 30 seconds (TOTP, RFC 6238)
    Time,
    /// A counter (HOTP, RFC 4226)
    Counter,
}

pub(crate) fn run(arguments: &Users, output: &mut Output) -> Result<(), Failure> {
    match &arguments.action {
        Action::Add(changed) => {
            let (store, change) = (open(&changed.stored)?, changed.change()?);
            store.users().add(change(User::new(&changed.name))).map_err(|error| failed(&changed.name, &error))
        }
        Action::Change(changed) => {
            let (store, change) = (open(&changed.stored)?, changed.change()?);
            store.users().change(&changed.name, change).map_err(|error| failed(&changed.name, &error))
        }
        Action::Remove { name, stored } => {
            open(stored)?.users().remove(name).map_err(|error| failed(name, &error))
        }
        Action::List { stored } => {
            let users = open(stored)?.users().list();
            let users = users.map_err(|error| Failure::Faulty(format!("the users: {error}")))?;
            if users.is_empty() {
                output.note(&"the store has no users");
                return Ok(());
            }
            let yes = |is: bool| if is { "yes" } else { "no" }.to_owned();
            let rows = users.iter().map(|user| {
                let devices = user.devices().count().to_string();
                let (password, one_time) = (user.has_password(), user.has_one_time_passwords());
                vec![user.name().to_owned(), yes(password), yes(one_time), devices]
            });
            let header = ["Name", "Password", "One-time passwords", "Devices"];
            calls::table(Some(&header), rows.collect::<Vec<_>>().into_iter(), output);
            Ok(())
        }
    }
}

fn open(stored: &Stored) -> Result<Store, Failure> {
    stored.open()?.ok_or_else(|| Failure::Usage("--store says whose users they are".to_owned()))
}

fn failed(name: &str, error: &StoreError) -> Failure {
    Failure::Faulty(format!("{name}: {error}"))
}

impl Changed {
    /// What becomes of a user.
    fn change(&self) -> Result<impl Fn(User) -> User, Failure> {
        let password = match self.no_password {
            true => None,
            false => Some(self.password()?),
        };
        let one_time = self.one_time_secret_file.as_deref().map(|file| self.one_time(file)).transpose()?;
        let mut devices = self.device.clone();
        if let Some(password) = &self.device_password_file {
            let password = secret(Some(password), "")?.unwrap_or_default();
            devices.iter_mut().for_each(|device| device.password = Some(password.as_str().into()));
        }
        Ok(move |mut user: User| {
            user = devices.iter().cloned().fold(user, User::device);
            if let Some(password) = &password {
                user = user.password(password);
            }
            match &one_time {
                Some(one_time) => user.one_time_passwords(one_time.clone()),
                None => user,
            }
        })
    }

    fn password(&self) -> Result<Zeroizing<String>, Failure> {
        if let Some(password) = secret(self.password_file.as_deref(), "KMIP_USER_PASSWORD")? {
            return Ok(password);
        }
        let typed = prompt(&format!("Password of {}: ", self.name))?;
        if typed != prompt("The same again: ")? {
            return Err(Failure::Usage("the passwords are not the same".to_owned()));
        }
        Ok(typed)
    }

    fn one_time(&self, file: &Path) -> Result<OneTimePasswords, Failure> {
        let hex = secret(Some(file), "")?.unwrap_or_default();
        let secret = const_hex::decode(hex.trim()).ok().filter(|secret| !secret.is_empty());
        let secret =
            secret.ok_or_else(|| Failure::Faulty(format!("{} has no hex", Name(file.to_owned()))))?;
        Ok(match self.one_time {
            OneTime::Time => OneTimePasswords::timed(secret),
            OneTime::Counter => OneTimePasswords::counted(secret),
        })
    }
}
