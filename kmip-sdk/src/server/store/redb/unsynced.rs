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

/// How much memory stays taken for the next, in bytes.
const REUSED: usize = 1 << 20;

/// What was done to a storage since a sync, in its order.
#[derive(Debug, Default)]
pub(super) struct Unsynced {
    done: Vec<Done>,
    /// What was written, one after the other.
    data: Vec<u8>,
    /// Whether it was more than is kept.
    is_too_much: bool,
}

#[derive(Debug)]
enum Done {
    /// The next so many bytes, from a place on.
    Bytes(u64, usize),
    Length(u64),
}

impl Unsynced {
    pub(super) fn wrote(&mut self, offset: u64, data: &[u8]) {
        if self.is_too_much || self.data.len().saturating_add(data.len()) > MOST {
            *self = Self { is_too_much: true, ..Self::default() };
            return;
        }
        self.data.extend_from_slice(data);
        self.done.push(Done::Bytes(offset, data.len()));
    }

    pub(super) fn set_length(&mut self, length: u64) {
        if !self.is_too_much {
            self.done.push(Done::Length(length));
        }
    }

    /// This, and what was done after it.
    pub(super) fn then(mut self, after: Self) -> Self {
        if self.is_too_much || after.is_too_much || self.data.len().saturating_add(after.data.len()) > MOST {
            return Self { is_too_much: true, ..Self::default() };
        }
        self.done.extend(after.done);
        self.data.extend(after.data);
        self
    }

    /// Leaves its memory to what is done next, if that has none yet.
    pub(super) fn leave_to(mut self, next: &mut Self) {
        if next.done.is_empty() && !next.is_too_much && self.data.capacity() <= REUSED {
            self.done.clear();
            self.data.clear();
            self.is_too_much = false;
            *next = self;
        }
    }

    /// Does it again.
    pub(super) fn redo(&self, storage: &dyn StorageBackend) -> io::Result<()> {
        if self.is_too_much {
            return Err(io::Error::other("more was lost than could be kept to be written again"));
        }
        let mut data = self.data.as_slice();
        self.done.iter().try_for_each(|done| match done {
            Done::Bytes(offset, length) => {
                let (next, rest) = data.split_at_checked(*length).unwrap_or((data, &[]));
                data = rest;
                storage.write(*offset, next)
            }
            Done::Length(length) => storage.set_len(*length),
        })
    }
}
