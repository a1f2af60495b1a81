//! The store of a server: where it is, and what it is sealed with.

use std::path::{Path, PathBuf};

use clap::Args;
use kmip_sdk::server::store::{MasterKey, MasterKeys, Store, StoreError};

use crate::failure::{Failure, in_full};
use crate::profile;

/// Where a store is, and what it is sealed with.
#[derive(Clone, Debug, Args)]
#[group(id = "stored", multiple = true)]
#[command(next_help_heading = "Store")]
pub(super) struct Stored {
    /// Where objects are kept: memory: or redb:PATH, and what else the library knows
    #[arg(long, value_name = "URL")]
    store: Option<String>,
    /// A file with the master key that the store is sealed with; or KMIP_MASTER_KEY in the environment
    #[arg(long, value_name = "FILE", requires = "store")]
    master_key_file: Option<PathBuf>,
    /// The Unique Identifier of the master key, which another KMIP server has
    #[arg(long, value_name = "ID", requires_all = ["store", "master_key_profile"], conflicts_with = "master_key_file")]
    master_key_id: Option<String>,
    /// The profile of the connection to that server
    #[arg(long, value_name = "PROFILE", requires = "master_key_id")]
    master_key_profile: Option<String>,
    /// A file with another master key that is accepted too: the one before, where a change was cut short, or the one to come;
    /// several follow each other
    #[arg(long, value_name = "FILE", requires = "store")]
    accept_master_key_file: Vec<PathBuf>,
}

/// The variable of the environment that has the master key.
const MASTER_KEY: &str = "KMIP_MASTER_KEY";

impl Stored {
    /// The store, if one is said.
    pub(super) fn open(&self) -> Result<Option<Store>, Failure> {
        self.open_accepting(&[])
    }

    /// The store, if one is said, which opens with these keys too.
    pub(super) fn open_accepting(&self, others: &[MasterKey]) -> Result<Option<Store>, Failure> {
        let Some(url) = &self.store else { return Ok(None) };
        let failed = |error: StoreError| {
            let advice = match &error {
                StoreError::WrongMasterKey => {
                    "\nhelp: if its master key was being changed, give the other one by --accept-master-key-file"
                }
                StoreError::MasterKey { .. } => {
                    "\nhelp: give one by --master-key-file, KMIP_MASTER_KEY or --master-key-id"
                }
                _ => "",
            };
            Failure::Usage(format!("--store {}: {}{advice}", shown(url), in_full(&error)))
        };
        let store = match self.master_key()? {
            Some(key) => {
                let accepted = self.accepted()?;
                let all = accepted.into_iter().chain(others.iter().cloned());
                Store::open_sealed(url, all.fold(MasterKeys::from(key), MasterKeys::accepting))
            }
            None => Store::open(url),
        };
        store.map(Some).map_err(failed)
    }

    /// Whether something is kept beyond the process, sealed.
    pub(super) fn lasts(&self) -> bool {
        self.store.as_ref().is_some_and(|url| !url.starts_with("memory:"))
    }

    /// The master key, from where it is said to be, read anew.
    pub(super) fn master_key(&self) -> Result<Option<MasterKey>, Failure> {
        let other = self.master_key_id.as_deref().zip(self.master_key_profile.as_deref());
        let file = self.master_key_file.as_deref().map(|path| ("--master-key-file", path));
        read(file, other, MASTER_KEY)
    }

    /// Whether the master key is in the environment, which stays as it was when the program began.
    pub(super) fn is_in_environment(&self) -> bool {
        self.master_key_file.is_none() && self.master_key_id.is_none()
    }

    /// The master keys that are accepted too, read anew.
    pub(super) fn accepted(&self) -> Result<Vec<MasterKey>, Failure> {
        self.accept_master_key_file.iter().map(|path| from_file("--accept-master-key-file", path)).collect()
    }
}

/// A master key: in a file, which a flag names, with another server, as an identifier and a profile, or in the environment.
pub(super) fn read(
    file: Option<(&str, &Path)>,
    other: Option<(&str, &str)>,
    variable: &str,
) -> Result<Option<MasterKey>, Failure> {
    if let Some((flag, path)) = file {
        return from_file(flag, path).map(Some);
    }
    if let Some((identifier, name)) = other {
        let settings = profile::find(Some(name))?.unwrap_or_default();
        let client = settings.builder()?.connect()?;
        return MasterKey::from_kmip(&client, identifier).map(Some).map_err(|error| unread("", &error));
    }
    match std::env::var_os(variable) {
        Some(_) => MasterKey::from_environment(variable).map(Some).map_err(|error| unread("", &error)),
        None => Ok(None),
    }
}

/// The master key in a file, which a flag names.
pub(super) fn from_file(flag: &str, path: &Path) -> Result<MasterKey, Failure> {
    let place = format!("{flag} {}: ", crate::failure::Name(path.to_owned()));
    MasterKey::from_file(path).map_err(|error| unread(&place, &error))
}

fn unread(place: &str, error: &StoreError) -> Failure {
    Failure::Usage(format!("{place}{}", in_full(error)))
}

/// A store as it is told: the path of a file, but of a database not where it is, for a password may stand there.
fn shown(url: &str) -> &str {
    match url.split_once(':') {
        Some(("memory" | "redb", _)) | None => url,
        Some((scheme, _)) => scheme,
    }
}
