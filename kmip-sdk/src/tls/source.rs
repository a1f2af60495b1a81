//! Where certificates and keys come from: bytes that are here, or a file.

use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use crate::error::ConfigurationError;

/// Where certificates or a key come from.
#[derive(Clone)]
pub(crate) enum Source {
    /// They are here.
    Bytes(Zeroizing<Vec<u8>>),
    /// A file that holds them.
    File(PathBuf),
}

impl Source {
    /// A copy of these bytes.
    pub(crate) fn copied(bytes: impl AsRef<[u8]>) -> Self {
        Self::Bytes(Zeroizing::new(bytes.as_ref().to_vec()))
    }

    /// What is there now.
    ///
    /// # Errors
    /// The file cannot be read.
    pub(super) fn read(&self) -> Result<Zeroizing<Vec<u8>>, ConfigurationError> {
        match self {
            Self::Bytes(bytes) => Ok(bytes.clone()),
            Self::File(path) => std::fs::read(path)
                .map(Zeroizing::new)
                .map_err(|source| ConfigurationError::File { path: path.clone(), source }),
        }
    }

    /// The file, if it is one.
    pub(super) fn file(&self) -> Option<&Path> {
        match self {
            Self::Bytes(_) => None,
            Self::File(path) => Some(path),
        }
    }
}
