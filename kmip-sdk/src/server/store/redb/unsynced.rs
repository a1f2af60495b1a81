//! What was written and is not known to be on the disk yet.
//!
//! A sync that fails may have lost what it was to bring to the disk: the kernel then counts the pages as written, reads give
//! them as they were meant to be until memory is short, and the next sync succeeds without them. So what was written is kept
//! until a sync has succeeded, and after one that has not, it is written again.

use std::io;

use ::redb::StorageBackend;

/// How much is kept at most, in bytes. A commit of the server's writes some hundred kilobytes; where all records are changed,
/// it may be more.
const MOST: usize = 64 << 20;

/// What was done to a storage since a sync, in its order.
#[derive(Debug, Default)]
pub(super) struct Unsynced {
    done: Vec<Done>,
    bytes: usize,
    /// Whether it was more than is kept.
    is_too_much: bool,
}

#[derive(Debug)]
enum Done {
    Bytes(u64, Box<[u8]>),
    Length(u64),
}

impl Unsynced {
    pub(super) fn wrote(&mut self, offset: u64, data: &[u8]) {
        if self.is_too_much || self.bytes.saturating_add(data.len()) > MOST {
            *self = Self { is_too_much: true, ..Self::default() };
            return;
        }
        self.bytes += data.len();
        self.done.push(Done::Bytes(offset, data.into()));
    }

    pub(super) fn set_length(&mut self, length: u64) {
        if !self.is_too_much {
            self.done.push(Done::Length(length));
        }
    }

    /// This, and what was done after it.
    pub(super) fn then(mut self, after: Self) -> Self {
        if self.is_too_much || after.is_too_much || self.bytes.saturating_add(after.bytes) > MOST {
            return Self { is_too_much: true, ..Self::default() };
        }
        self.done.extend(after.done);
        self.bytes += after.bytes;
        self
    }

    /// Does it again.
    pub(super) fn redo(&self, storage: &dyn StorageBackend) -> io::Result<()> {
        if self.is_too_much {
            return Err(io::Error::other("more was lost than could be kept to be written again"));
        }
        self.done.iter().try_for_each(|done| match done {
            Done::Bytes(offset, data) => storage.write(*offset, data),
            Done::Length(length) => storage.set_len(*length),
        })
    }
}
