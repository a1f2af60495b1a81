//! The configuration for the next connection: read again when its files have changed.
//!
//! It is looked for when a connection is made, and never during one. A file has changed if its times or its length
//! have; that is asked of the system, and costs little beside a handshake. Files that cannot be used, such as one that
//! is half written, or a new certificate whose key is not there yet, leave the configuration as it was, and are read
//! again for the next connection.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use rustls::ClientConfig;

use super::config::TlsOptions;
use crate::error::ConfigurationError;

/// Gives each new connection its configuration of TLS.
pub(crate) struct TlsConfigs {
    options: TlsOptions,
    last: Mutex<Read>,
}

/// A configuration, and what its files were like before they were read.
struct Read {
    config: Arc<ClientConfig>,
    stamps: Vec<Option<Stamp>>,
}

/// What tells one state of a file from another.
#[derive(PartialEq)]
struct Stamp {
    length: u64,
    modified: Option<SystemTime>,
    identity: Identity,
}

/// Which file it is, and when the system last noted a change: what was moved here keeps its time of modification.
#[cfg(unix)]
type Identity = (u64, u64, i64, i64);
#[cfg(not(unix))]
type Identity = Option<SystemTime>;

impl TlsConfigs {
    /// Makes the first configuration.
    ///
    /// # Errors
    /// As [`TlsOptions::client_config`].
    pub(crate) fn new(options: TlsOptions) -> Result<Self, ConfigurationError> {
        let last = Mutex::new(Read::new(&options, stamps(&options))?);
        Ok(Self { options, last })
    }

    /// The configuration for a new connection. Where a file has changed, this reads it, and blocks for as long.
    pub(crate) fn current(&self) -> Arc<ClientConfig> {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        let stamps = stamps(&self.options);
        if stamps != last.stamps {
            match Read::new(&self.options, stamps) {
                Ok(read) => {
                    tracing::info!("certificate files have changed: read again");
                    *last = read;
                }
                Err(error) => tracing::warn!(
                    error = &error as &dyn std::error::Error,
                    "certificate files have changed and cannot be used: what was read before stays in use"
                ),
            }
        }
        Arc::clone(&last.config)
    }
}

impl Read {
    /// The stamps are taken before, so that a change meanwhile is seen next time.
    fn new(options: &TlsOptions, stamps: Vec<Option<Stamp>>) -> Result<Self, ConfigurationError> {
        Ok(Self { config: options.client_config()?, stamps })
    }
}

/// What each file is like now; nothing, if that cannot be told.
fn stamps(options: &TlsOptions) -> Vec<Option<Stamp>> {
    options.files().into_iter().map(stamp).collect()
}

fn stamp(path: &Path) -> Option<Stamp> {
    let metadata = std::fs::metadata(path).ok()?;
    Some(Stamp { length: metadata.len(), modified: metadata.modified().ok(), identity: identity(&metadata) })
}

#[cfg(unix)]
fn identity(metadata: &std::fs::Metadata) -> Identity {
    use std::os::unix::fs::MetadataExt;
    (metadata.dev(), metadata.ino(), metadata.ctime(), metadata.ctime_nsec())
}

#[cfg(not(unix))]
fn identity(metadata: &std::fs::Metadata) -> Identity {
    metadata.created().ok()
}
