//! What the server of `kmip serve` keeps, whom it knows, and what it does.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;
use kmip_sdk::ProtocolVersion;
use kmip_sdk::server::store::Store;
use kmip_sdk::server::{Access, ServerOptions, TestClock, Verdict};
use kmip_sdk::types::enumerations::Operation;
use kmip_sdk::types::{DateTime, Limits};
use zeroize::Zeroizing;

use crate::calls::values;
use crate::failure::{Failure, Name};

/// The server itself.
#[derive(Debug, Args)]
#[group(id = "kept", multiple = true)]
#[command(next_help_heading = "Server")]
pub(super) struct Kept {
    /// A file with a user a line, NAME:PASSWORD, beside those of the store, which kmip users adds
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
    /// Take so many bytes of memory for objects that were read of late, decoded; without it 64 MiB, and with 0 none
    #[arg(long, value_name = "BYTES", requires = "store")]
    object_cache: Option<u64>,
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

/// Where the clock of a deterministic server stands still: at the beginning of 2030, so that what a client activates by its own
/// clock is active.
const STILL: DateTime = DateTime::from_seconds(1_893_456_000);

impl Kept {
    pub(super) fn options(&self, store: Option<Store>) -> Result<ServerOptions, Failure> {
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
        if let Some(store) = store {
            options = options.store(match self.object_cache {
                Some(bytes) => store.cache(bytes),
                None => store,
            });
        }
        match &self.users {
            Some(path) => users(options, path),
            None => Ok(options),
        }
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
