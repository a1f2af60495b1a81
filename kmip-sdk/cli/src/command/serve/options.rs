//! What the server of `kmip serve` keeps, whom it knows, and what it does.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;
use kmip_sdk::ProtocolVersion;
use kmip_sdk::server::store::{MasterKey, Store};
use kmip_sdk::server::{Access, ServerOptions, TestClock, Verdict};
use kmip_sdk::types::enumerations::Operation;
use kmip_sdk::types::{DateTime, Limits};
use zeroize::Zeroizing;

use crate::calls::values;
use crate::failure::{Failure, Name};
use crate::profile;

/// The server itself.
#[derive(Debug, Args)]
#[group(id = "kept", multiple = true)]
#[command(next_help_heading = "Server")]
pub(super) struct Kept {
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
    /// A file with a user a line: NAME:PASSWORD
    #[arg(long, value_name = "FILE")]
    users: Option<PathBuf>,
    /// Let everybody find, read and use, but not change, what is in this Object Group
    #[arg(long, value_name = "GROUP")]
    share_group: Vec<String>,
    /// Take these versions of KMIP only
    #[arg(long, value_name = "VERSION", value_delimiter = ',')]
    versions: Vec<ProtocolVersion>,
    /// Do without this operation
    #[arg(long, value_name = "OPERATION", value_delimiter = ',', value_parser = values::named::<Operation>)]
    without: Vec<Operation>,
    /// Answer the same on each run: keys, certificates and identifiers come from this number, 1 if none is said, and the
    /// clock stands still. Whoever knows the number knows every key
    #[arg(long, value_name = "SEED", num_args = 0..=1, require_equals = true, default_missing_value = "1", conflicts_with = "store")]
    deterministic: Option<u64>,
    /// Keep at most so many objects
    #[arg(long, value_name = "COUNT")]
    maximum_objects: Option<usize>,
    /// Keep at most so many bytes of objects
    #[arg(long, value_name = "BYTES")]
    maximum_bytes: Option<u64>,
    /// Take at most so many connections at a time
    #[arg(long, value_name = "COUNT")]
    maximum_connections: Option<usize>,
    /// Take no request larger than so many bytes
    #[arg(long, value_name = "BYTES")]
    maximum_request: Option<usize>,
    /// Close a connection that has been without a request for so long
    #[arg(long, value_name = "TIME", value_parser = values::span)]
    idle_timeout: Option<Duration>,
}

/// The variable of the environment that has the master key.
const MASTER_KEY: &str = "KMIP_MASTER_KEY";

/// Where the clock of a deterministic server stands still: at the beginning of 2030, so that what a client activates by its own
/// clock is active.
const STILL: DateTime = DateTime::from_seconds(1_893_456_000);

impl Kept {
    pub(super) fn options(&self) -> Result<ServerOptions, Failure> {
        let mut options = ServerOptions::default();
        if !self.versions.is_empty() {
            options = options.versions(self.versions.iter().copied());
        }
        options = self.without.iter().copied().fold(options, ServerOptions::without_operation);
        if let Some(objects) = self.maximum_objects {
            options = options.maximum_objects(objects);
        }
        if let Some(bytes) = self.maximum_bytes {
            options = options.maximum_bytes(bytes);
        }
        if let Some(connections) = self.maximum_connections {
            options = options.maximum_connections(connections);
        }
        if let Some(size) = self.maximum_request {
            options = options.limits(Limits { size, ..Limits::default() });
        }
        if let Some(timeout) = self.idle_timeout {
            options = options.idle_timeout(timeout);
        }
        if !self.share_group.is_empty() {
            let groups = self.share_group.clone();
            options = options.policy(move |access| shared(&groups, access));
        }
        if let Some(seed) = self.deterministic {
            options = options.deterministic(seed).test_clock(&TestClock::new(STILL));
        }
        if let Some(url) = &self.store {
            options = options.store(self.open(url)?);
        }
        match &self.users {
            Some(path) => users(options, path),
            None => Ok(options),
        }
    }

    fn open(&self, url: &str) -> Result<Store, Failure> {
        let shown = shown(url);
        let failed = |error| Failure::Usage(format!("--store {shown}: {error}"));
        match self.master_key()? {
            Some(key) => Store::open_sealed(url, key).map_err(failed),
            None => Store::open(url).map_err(|error| {
                let advice = "give one by --master-key-file, KMIP_MASTER_KEY or --master-key-id";
                Failure::Usage(format!("--store {shown}: {error}\nhelp: {advice}"))
            }),
        }
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

/// What everybody may do with what is in a shared group.
const SHARED: [Operation; 12] = [
    Operation::Locate,
    Operation::Get,
    Operation::GetAttributes,
    Operation::GetAttributeList,
    Operation::Check,
    Operation::Validate,
    Operation::Encrypt,
    Operation::Decrypt,
    Operation::Sign,
    Operation::SignatureVerify,
    Operation::Mac,
    Operation::MacVerify,
];

fn shared(groups: &[String], access: &Access<'_>) -> Verdict {
    let is_shared =
        || access.attributes().object_groups().any(|group| groups.iter().any(|shared| shared == group));
    if SHARED.contains(&access.operation()) && is_shared() { Verdict::Allow } else { Verdict::Usual }
}

/// The users in a file.
fn users(options: ServerOptions, path: &Path) -> Result<ServerOptions, Failure> {
    let name = Name(path.to_owned());
    let text = fs::read_to_string(path).map_err(|error| Failure::Read(name.clone(), error))?;
    let text = Zeroizing::new(text);
    let mut lines = text.lines().zip(1..).filter(|(line, _)| !line.trim().is_empty());
    lines.try_fold(options, |options, (line, number)| match line.split_once(':') {
        Some((user, password)) => Ok(options.user(user, password)),
        None => Err(Failure::Faulty(format!("{name}: line {number} is not NAME:PASSWORD"))),
    })
}
