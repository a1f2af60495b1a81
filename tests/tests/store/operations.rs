//! A log of what redb does to a file, written before it is done: after the process was killed, what is in the file can be held
//! against it.

use std::fs::{self, File};
use std::hash::{DefaultHasher, Hasher};
use std::io::{self, Write};
use std::ops::Bound;
use std::path::Path;
use std::sync::{Arc, Mutex};

use redb::backends::FileBackend;
use redb::{BackendError, StorageBackend};
use tempfile::TempDir;

use crate::disk::Done;

/// The log, of each opening of the file after the other.
#[derive(Debug)]
pub(crate) struct Log {
    file: File,
    number: u64,
}

/// A file whose changes are logged.
#[derive(Debug)]
pub(crate) struct Logged {
    file: FileBackend,
    /// Held until what is logged is done, so that the order is the same.
    log: Arc<Mutex<Log>>,
}

/// What stands before the bytes of each entry, as numbers of 8 bytes: its number, what was done, where, how long the bytes are,
/// and the hash of all this.
const HEAD: usize = 40;

/// What was done.
const BYTES: u64 = 0;
const LENGTH: u64 = 1;
const SYNC: u64 = 2;
const SYNCED: u64 = 3;

impl Log {
    pub(crate) fn new(path: &Path) -> io::Result<Arc<Mutex<Self>>> {
        Ok(Arc::new(Mutex::new(Self { file: File::create(path)?, number: 0 })))
    }

    fn note(&mut self, what: u64, place: u64, bytes: &[u8]) -> io::Result<()> {
        let mut entry = Vec::with_capacity(HEAD + bytes.len());
        for number in [self.number, what, place, bytes.len() as u64] {
            entry.extend(number.to_le_bytes());
        }
        let hash = hash(&entry, bytes);
        entry.extend(hash.to_le_bytes());
        entry.extend(bytes);
        self.number += 1;
        self.file.write_all(&entry)
    }
}

fn hash(head: &[u8], bytes: &[u8]) -> u64 {
    let mut hasher = DefaultHasher::new();
    hasher.write(head);
    hasher.write(bytes);
    hasher.finish()
}

impl Logged {
    pub(crate) fn open(path: &Path, log: &Arc<Mutex<Log>>) -> io::Result<Self> {
        let file = File::options().read(true).write(true).create(true).truncate(false).open(path)?;
        Ok(Self { file: FileBackend::new(file).map_err(io::Error::other)?, log: Arc::clone(log) })
    }
}

impl StorageBackend for Logged {
    fn len(&self) -> io::Result<u64> {
        self.file.len()
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        self.file.read(offset, out)
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        let mut log = self.log.lock().unwrap();
        log.note(LENGTH, len, &[])?;
        self.file.set_len(len)
    }

    fn sync_data(&self) -> io::Result<()> {
        let mut log = self.log.lock().unwrap();
        log.note(SYNC, 0, &[])?;
        self.file.sync_data()?;
        log.note(SYNCED, 0, &[])
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        let mut log = self.log.lock().unwrap();
        log.note(BYTES, offset, data)?;
        self.file.write(offset, data)
    }

    fn close(&self) -> io::Result<()> {
        self.file.close()
    }

    fn try_lock_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<bool, BackendError> {
        self.file.try_lock_range(start, end)
    }

    fn try_lock_shared_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<bool, BackendError> {
        self.file.try_lock_shared_range(start, end)
    }

    fn lock_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<(), BackendError> {
        self.file.lock_range(start, end)
    }

    fn lock_shared_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<(), BackendError> {
        self.file.lock_shared_range(start, end)
    }

    fn unlock_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<(), BackendError> {
        self.file.unlock_range(start, end)
    }

    fn query_lock_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<bool, BackendError> {
        self.file.query_lock_range(start, end)
    }
}

/// What was logged. Of the last entry a part may be missing: that was never done.
///
/// # Errors
/// The number of the entry that is not as it was written.
pub(crate) fn read(mut log: &[u8]) -> Result<Vec<Done>, usize> {
    let mut all = Vec::new();
    while let Some((head, rest)) = log.split_at_checked(HEAD) {
        let numbers: Vec<u64> =
            head.chunks(8).map(|bytes| u64::from_le_bytes(bytes.try_into().unwrap())).collect();
        let place = usize::try_from(numbers[2]).unwrap();
        let Some((bytes, rest)) = rest.split_at_checked(usize::try_from(numbers[3]).unwrap()) else { break };
        if numbers[0] != all.len() as u64 || numbers[4] != hash(&head[..HEAD - 8], bytes) {
            return Err(all.len());
        }
        all.push(match numbers[1] {
            BYTES => Done::Bytes(place, bytes.to_vec()),
            LENGTH => Done::Length(place),
            SYNC => Done::Sync,
            _ => Done::Synced,
        });
        log = rest;
    }
    Ok(all)
}

/// What is wrong with the content of a file to which this was done: of the last a part may be missing, and nothing else.
pub(crate) fn differs(mut before: Vec<u8>, done: &[Done], content: &[u8]) -> Option<String> {
    let (last, all_but_last) = done.split_last()?;
    all_but_last.iter().for_each(|done| done.apply(&mut before));
    let mut after = before.clone();
    last.apply(&mut after);
    if content == before || content == after {
        return None;
    }
    let is_either = |place: usize| {
        let byte = content.get(place);
        byte == before.get(place) || byte == after.get(place)
    };
    let place = (0..content.len().max(before.len())).find(|place| !is_either(*place))?;
    let writers = done.iter().enumerate().filter(|(_, done)| done.covers(place)).map(|(number, _)| number);
    Some(format!(
        "at {place} of {}, which {:?} of {} wrote",
        content.len(),
        writers.collect::<Vec<_>>(),
        done.len()
    ))
}

#[test]
fn what_is_not_as_it_was_logged_is_noticed() {
    let directory = TempDir::new().unwrap();
    let [path, log] = ["file", "log"].map(|name| directory.path().join(name));
    let file = Logged::open(&path, &Log::new(&log).unwrap()).unwrap();
    file.set_len(200).unwrap();
    file.write(0, &[1; 100]).unwrap();
    file.sync_data().unwrap();
    file.write(100, &[2; 100]).unwrap();
    let (log, content) = (fs::read(&log).unwrap(), fs::read(&path).unwrap());
    let done = read(&log).unwrap();
    assert_eq!((done.len(), differs(Vec::new(), &done, &content)), (5, None));
    let changed = |place: usize, byte| {
        let mut content = content.clone();
        content[place] = byte;
        differs(Vec::new(), &done, &content)
    };
    assert_eq!(changed(150, 0), None, "the last may be there in part");
    assert_eq!(changed(150, 1).unwrap(), "at 150 of 200, which [4] of 5 wrote");
    assert_eq!(changed(50, 0).unwrap(), "at 50 of 200, which [1] of 5 wrote");
    assert!(differs(Vec::new(), &done, &content[..199]).is_some());
    // What was to be done is noted first: where a part of that is there, it was not done.
    assert_eq!(read(&log[..log.len() - 1]).unwrap().len(), 4);
    let mut log = log;
    log[HEAD * 2 + 10] ^= 1;
    assert_eq!(read(&log).unwrap_err(), 1);
}
