//! The store of a server: where it is, and what it is sealed with.

use std::path::PathBuf;

use clap::Args;
use kmip_sdk::server::store::{MasterKey, Store};

use crate::failure::Failure;
use crate::profile;

/// Where a store is, and what it is sealed with.
#[derive(Debug, Args)]
#[group(id = "stored", multiple = true)]
#[command(next_help_heading = "Server")]
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
}

/// The variable of the environment that has the master key.
const MASTER_KEY: &str = "KMIP_MASTER_KEY";

impl Stored {
    /// The store, if one is said.
    pub(super) fn open(&self) -> Result<Option<Store>, Failure> {
        let Some(url) = &self.store else { return Ok(None) };
        let shown = shown(url);
        let failed = |error| Failure::Usage(format!("--store {shown}: {error}"));
        let store = match self.master_key()? {
            Some(key) => Store::open_sealed(url, key).map_err(failed),
            None => Store::open(url).map_err(|error| {
                let advice = "give one by --master-key-file, KMIP_MASTER_KEY or --master-key-id";
                Failure::Usage(format!("--store {shown}: {error}\nhelp: {advice}"))
            }),
        };
        store.map(Some)
    }

    fn master_key(&self) -> Result<Option<MasterKey>, Failure> {
        let failed = |error| Failure::Usage(format!("the master key: {error}"));
        if let Some(path) = &self.master_key_file {
            return MasterKey::from_file(path).map(Some).map_err(failed);
        }
        if let (Some(identifier), Some(name)) = (&self.master_key_id, &self.master_key_profile) {
            let settings = profile::find(Some(name))?.unwrap_or_default();
            let client = settings.builder()?.connect()?;
            return MasterKey::from_kmip(&client, identifier).map(Some).map_err(failed);
        }
        match std::env::var_os(MASTER_KEY) {
            Some(_) => MasterKey::from_environment(MASTER_KEY).map(Some).map_err(failed),
            None => Ok(None),
        }
    }
}

/// A store as it is told: the path of a file, but of a database not where it is, for a password may stand there.
fn shown(url: &str) -> &str {
    match url.split_once(':') {
        Some(("memory" | "redb", _)) | None => url,
        Some((scheme, _)) => scheme,
    }
}
