//! The file that a killed server left: as it was before anybody opened it again.

use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::disk::Disk;
use crate::operations;

/// A file before and after a server had it.
pub(crate) struct Left {
    path: PathBuf,
    before: Vec<u8>,
    content: Vec<u8>,
}

/// Where the file of a store is; none, if that is another.
pub(crate) fn path(url: &str) -> Option<&Path> {
    url.strip_prefix("redb:").map(Path::new)
}

/// Where what is done to the file is logged, if it is: what is in the file is held against that then.
pub(crate) fn log(path: &Path) -> Option<PathBuf> {
    std::env::var_os("KMIP_CRASH_LOG").map(|_| path.with_extension("log"))
}

impl Left {
    /// What is in the file, of which it is known what was in it before.
    pub(crate) fn new(path: &Path, before: Vec<u8>) -> Self {
        Self { path: path.to_owned(), before, content: fs::read(path).unwrap() }
    }

    /// What is wrong with it by the log of what was done to it, if there is one.
    pub(crate) fn differs(&self) -> Option<String> {
        let log = fs::read(log(&self.path)?).unwrap();
        let done = match operations::read(&log) {
            Ok(done) => done,
            Err(number) => return Some(format!("entry {number} of the log is not as it was written")),
        };
        if let Some(differs) = operations::differs(self.before.clone(), &done, &self.content) {
            return Some(format!("it is not what was written to it: {differs}"));
        }
        let disk = Disk::after_all(self.before.clone(), done);
        let synced = *disk.syncs(0).last()?;
        match disk.at(synced).is_whole() {
            Ok(true) => None,
            other => Some(format!("what was synced last, after {synced}, is no whole commit: {other:?}")),
        }
    }

    /// What stands in the header of redb.
    pub(crate) fn header(&self) -> String {
        let Some((header, _)) = self.content.split_at_checked(320) else { return "no header".to_owned() };
        let transaction = |place: usize| u64::from_le_bytes(header[place..place + 8].try_into().unwrap());
        let flags = header[9];
        format!(
            "{} bytes; the primary is slot {}, recovery required: {}, two phases: {}; the slots' transactions: {}, {}",
            self.content.len(),
            flags & 1,
            flags & 2 != 0,
            flags & 4 != 0,
            transaction(168),
            transaction(296),
        )
    }

    /// Keeps all that there is, and says where.
    pub(crate) fn keep(&self) -> PathBuf {
        let directory = TempDir::new().unwrap().keep();
        fs::write(directory.join("before"), &self.before).unwrap();
        fs::write(directory.join("left"), &self.content).unwrap();
        fs::copy(&self.path, directory.join("after")).unwrap();
        if let Some(log) = log(&self.path) {
            fs::copy(log, directory.join("log")).unwrap();
        }
        directory
    }
}
