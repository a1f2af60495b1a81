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
        let (commits, from) = (disk.at(synced).commits(), disk.at(synced).goes_on_from());
        let is_newest = from.as_ref().is_ok_and(|from| commits.iter().all(|commit| commit <= from));
        (!is_newest).then(|| format!("of {commits:?}, which were synced last, redb goes on from {from:?}"))
    }

    /// What stands in the header of redb.
    pub(crate) fn header(&self) -> String {
        if self.content.len() < 320 {
            return "no header".to_owned();
        }
        let (flags, commits) = (self.content[9], Disk::of(self.content.clone()).commits());
        format!(
            "{} bytes, the primary is slot {}, recovery required: {}, two phases: {}, the slots' transactions: {commits:?}",
            self.content.len(),
            flags & 1,
            flags & 2 != 0,
            flags & 4 != 0,
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
