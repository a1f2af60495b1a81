//! `kmip store`: what a store has in it, taken out, put back, sealed anew and read through.

use std::collections::BTreeMap;
use std::error::Error as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::time::Duration;
use std::{io, thread};

use clap::{Args, Subcommand};
use indicatif::{ProgressBar, ProgressStyle};
use kmip_sdk::server::store::{Checked, Kind, MasterKey, Store, StoreError};
use kmip_sdk::types::enumerations::State;
use kmip_sdk::types::escape::Escaped;

use super::stored::{self, Stored};
use crate::calls::{self, progress};
use crate::failure::{Failure, Name, in_full};
use crate::interrupt::{self, Signal};
use crate::output::Output;

/// Arguments of `kmip store`.
#[derive(Debug, Args)]
#[command(after_help = HELP)]
pub(crate) struct Stores {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Write all that is in the store, as it is at one moment, sealed, to --output-file or to what reads it
    #[command(after_help = EXPORT)]
    Export {
        #[command(flatten)]
        other: OtherKey,
        #[command(flatten)]
        stored: Stored,
    },
    /// Put what was exported into a store that is empty
    #[command(after_help = IMPORT)]
    Import {
        /// The file to read, or - for the standard input
        #[arg(value_name = "FILE", default_value = "-")]
        file: PathBuf,
        #[command(flatten)]
        other: OtherKey,
        #[command(flatten)]
        stored: Stored,
    },
    /// Change the master key
    #[command(after_help = ROTATE)]
    Rotate(Box<Rotate>),
    /// Read all that is in the store, and say what there is and what cannot be read
    #[command(after_help = CHECK)]
    Check {
        #[command(flatten)]
        stored: Stored,
    },
}

/// What an export is sealed with.
#[derive(Debug, Args)]
struct OtherKey {
    /// A file with the key that the export is sealed with, if that is not the master key
    #[arg(long, value_name = "FILE", help_heading = "Export")]
    export_key_file: Option<PathBuf>,
}

#[derive(Debug, Args)]
struct Rotate {
    /// A file with the new master key; or KMIP_NEW_MASTER_KEY in the environment
    #[arg(long, value_name = "FILE", help_heading = "New master key")]
    new_master_key_file: Option<PathBuf>,
    /// The Unique Identifier of the new master key, which another KMIP server has
    #[arg(
        long,
        value_name = "ID",
        requires = "new_master_key_profile",
        conflicts_with = "new_master_key_file",
        help_heading = "New master key"
    )]
    new_master_key_id: Option<String>,
    /// The profile of the connection to that server
    #[arg(long, value_name = "PROFILE", requires = "new_master_key_id", help_heading = "New master key")]
    new_master_key_profile: Option<String>,
    #[command(flatten)]
    stored: Stored,
}

/// The variable of the environment that has the new master key.
const NEW_MASTER_KEY: &str = "KMIP_NEW_MASTER_KEY";

const HELP: &str = "\
A store in a file is open in one process at a time: while a server has it, SIGHUP
changes the master key, as kmip serve --help says, and the rest waits for its
end. A database may be served meanwhile.

Examples:
  kmip store check --store redb:kmip.store --master-key-file key
  kmip store export --store redb:kmip.store --master-key-file key > kmip.export
  kmip store import kmip.export --store redb:new.store --master-key-file key";

const EXPORT: &str = "\
The export is there whole or not at all, for its user only. It is sealed with
the master key, or with that of --export-key-file; it cannot be read without.

Examples:
  kmip store export --store redb:s --master-key-file a --output-file out";

const IMPORT: &str = "\
It is known whether the export is whole. Where it is not, or the import is
interrupted, the store has some of it, and is not to be used.

Examples:
  kmip store import out --store redb:t --master-key-file a
  kmip store import out --export-key-file a --store redb:u --master-key-file b";

const ROTATE: &str = "\
It may be interrupted: until it is through, the store opens with both keys only,
and the same command goes on with it. Where servers have the store open, which
may be so of a database, each has to accept the new key before, and to change to
it afterwards, as kmip serve --help says.

Examples:
  kmip store rotate --store redb:s --master-key-file a --new-master-key-file b";

const CHECK: &str = "\
Exit codes:
  0  all of it can be read
  1  some of it cannot be read
  2  the store does not open

Examples:
  kmip store check --store redb:kmip.store --master-key-file key";

pub(crate) fn run(arguments: &Stores, output: &mut Output) -> Result<ExitCode, Failure> {
    match &arguments.action {
        Action::Export { other, stored } => export(other, stored, output)?,
        Action::Import { file, other, stored } => import(file, other, stored, output)?,
        Action::Rotate(rotate) => rotate.run(output)?,
        Action::Check { stored } => return check(&open(stored)?, output),
    }
    Ok(ExitCode::SUCCESS)
}

fn open(stored: &Stored) -> Result<Store, Failure> {
    opened(stored.open())
}

fn opened(store: Result<Option<Store>, Failure>) -> Result<Store, Failure> {
    store?.ok_or_else(|| Failure::Usage("--store says which store it is".to_owned()))
}

impl OtherKey {
    fn or(&self, stored: &Stored) -> Result<MasterKey, Failure> {
        let key = match &self.export_key_file {
            Some(path) => Some(stored::from_file("--export-key-file", path)?),
            None => stored.master_key()?,
        };
        key.ok_or_else(|| Failure::Usage("--export-key-file says what the export is sealed with".to_owned()))
    }
}

fn export(other: &OtherKey, stored: &Stored, output: &mut Output) -> Result<(), Failure> {
    if output.is_terminal() {
        let text = "an export is nothing to look at: --output-file says where it goes";
        return Err(Failure::Usage(text.to_owned()));
    }
    let (store, key) = (open(stored)?, other.or(stored)?);
    let mut sink = output.sink()?;
    let mut writer = progress::writer(&mut sink)?;
    let written = store.export(&mut writer, &key);
    if let (Some(error), false) = (writer.into_failure(), interrupt::pressed()) {
        return Err(sink.failed(error));
    }
    let written = written.map_err(|error| failed("the export", &error, ""))?;
    sink.finish()?;
    output.note(&format_args!("{} exported", records(written)));
    Ok(())
}

fn import(path: &Path, other: &OtherKey, stored: &Stored, output: &mut Output) -> Result<(), Failure> {
    let mut reader = progress::reader(path)?;
    let (store, key) = (open(stored)?, other.or(stored)?);
    let read = store.import(&mut reader, key);
    drop(reader);
    let read = read.map_err(|error| {
        let is_as_before = matches!(error, StoreError::NotEmpty | StoreError::WrongMasterKey);
        let left = if is_as_before { "" } else { "; the store may have some of it, and is not to be used" };
        failed(&Name(path.to_owned()).to_string(), &error, left)
    })?;
    output.note(&format_args!("{} imported", records(read)));
    Ok(())
}

/// What went wrong with something, and what is left of it: or that Ctrl-C was what ended it.
fn failed(what: &str, error: &StoreError, left: &str) -> Failure {
    if interrupt::pressed() {
        let how_far = error.source().map_or_else(|| "interrupted".to_owned(), ToString::to_string);
        return Failure::InterruptedAt(io::Error::other(how_far + left));
    }
    Failure::Faulty(format!("{what}: {}{left}", in_full(error)))
}

fn records(count: u64) -> String {
    if count == 1 { "1 record".to_owned() } else { format!("{count} records") }
}

/// How often a bar of which it is not known how far it is shows that it goes on, and Ctrl-C is looked for.
const OFTEN: Duration = Duration::from_millis(100);

/// What shows that something goes on.
fn spinner(template: &str) -> ProgressBar {
    let bar = if calls::is_watched() { ProgressBar::new_spinner() } else { ProgressBar::hidden() };
    match ProgressStyle::with_template(template) {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}

impl Rotate {
    fn run(&self, output: &mut Output) -> Result<(), Failure> {
        let other = self.new_master_key_id.as_deref().zip(self.new_master_key_profile.as_deref());
        let file = self.new_master_key_file.as_deref().map(|path| ("--new-master-key-file", path));
        let new = stored::read(file, other, NEW_MASTER_KEY)?.ok_or_else(|| {
            let text = "there is no new master key: give one by --new-master-key-file, KMIP_NEW_MASTER_KEY or \
                --new-master-key-id";
            Failure::Usage(text.to_owned())
        })?;
        let told = interrupt::watch()?;
        // Where it was cut short before, the new key is wanted too.
        let store = opened(self.stored.open_accepting(std::slice::from_ref(&new)))?;
        let (done, ended) = mpsc::channel();
        thread::spawn(move || done.send(store.rotate(new)));
        let changed = wait(&ended, &told)?;
        let changed = changed.map_err(|error| failed("the store", &error, ""))?;
        output.note(&format_args!("{} sealed with the new master key", records(changed)));
        Ok(())
    }
}

/// The end of a change, or of the patience of who waits for it.
fn wait<T>(ended: &Receiver<T>, told: &Receiver<Signal>) -> Result<T, Failure> {
    let bar = spinner("changing the master key {spinner} {elapsed}");
    loop {
        match ended.recv_timeout(OFTEN) {
            Ok(ended) => {
                bar.finish_and_clear();
                return Ok(ended);
            }
            Err(RecvTimeoutError::Timeout) if told.try_recv().is_err() => bar.tick(),
            // What was changed stays so; the thread ends with the program.
            Err(_) => {
                bar.finish_and_clear();
                let text =
                    "interrupted: the store opens with both keys only, until the same command is through";
                return Err(Failure::InterruptedAt(io::Error::other(text)));
            }
        }
    }
}

fn check(store: &Store, output: &mut Output) -> Result<ExitCode, Failure> {
    interrupt::watch()?;
    let bar = spinner("{pos} records {spinner} {per_sec}");
    let mut counts: BTreeMap<(Kind, Option<String>), u64> = BTreeMap::new();
    let mut unread: u64 = 0;
    let checked = store.check(&mut |Checked { key, read, .. }| {
        if interrupt::pressed() {
            return Err(StoreError::Unavailable("interrupted".into()));
        }
        bar.inc(1);
        match read {
            Ok(state) => {
                *counts.entry((key.kind, state.map(|state: State| state.to_string()))).or_default() += 1
            }
            Err(error) => {
                unread += 1;
                // The identifiers of others may be as good as what they stand for.
                let identifier = match key.kind {
                    Kind::OBJECT => format!(" {}", Escaped(&String::from_utf8_lossy(&key.identifier))),
                    _ => String::new(),
                };
                bar.suspend(|| {
                    output.error(&format_args!("{}{identifier}: {}", one(key.kind), in_full(&error)));
                });
            }
        }
        Ok(())
    });
    bar.finish_and_clear();
    checked.map_err(|error| match interrupt::pressed() {
        true => Failure::Interrupted,
        false => failed("the store", &error, ""),
    })?;
    let row = |((kind, state), count): (&(Kind, Option<String>), &u64)| {
        vec![of(*kind).to_owned(), state.clone().unwrap_or_default(), count.to_string()]
    };
    let header = ["Records", "State", "Count"];
    calls::table(Some(&header), counts.iter().map(row), output);
    if unread == 0 {
        return Ok(ExitCode::SUCCESS);
    }
    output.error(&format_args!("{} cannot be read", records(unread)));
    Ok(ExitCode::FAILURE)
}

/// What records of a kind are.
const KINDS: [(Kind, &str, &str); 10] = [
    (Kind::OBJECT, "object", "Objects"),
    (Kind::TICKET, "ticket", "Tickets"),
    (Kind::ASYNCHRONOUS, "result that is asked for later", "Results that are asked for later"),
    (Kind::USED, "what a user has proved with", "What users have proved with"),
    (Kind::SETTING, "setting", "Settings"),
    (Kind::ROTATION, "date of a rotation", "Dates of rotations"),
    (Kind::PROVISIONED, "certificate of a client", "Certificates of clients"),
    (Kind::NONCE, "nonce", "Nonces"),
    (Kind::TURN, "turn of a group", "Turns of groups"),
    (Kind::USER, "user", "Users"),
];

/// One of them, for a sentence.
fn one(kind: Kind) -> &'static str {
    KINDS
        .iter()
        .find(|(known, ..)| *known == kind)
        .map_or("record of a kind that is not known", |(_, one, _)| one)
}

/// All of them, for a table.
fn of(kind: Kind) -> &'static str {
    KINDS.iter().find(|(known, ..)| *known == kind).map_or("Others", |(.., all)| all)
}
