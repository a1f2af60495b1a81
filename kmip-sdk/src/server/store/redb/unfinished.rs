//! A file that was being made when the process was killed, or the power lost.
//!
//! redb writes the first bytes of its header last, and refuses a file that lacks them. Until they are there nothing was
//! answered, so that such a file is made anew; one with anything else in it is left as it is.

use std::io;
use std::ops::Bound;

use ::redb::{BackendError, StorageBackend};

/// How long a file may be that is being made, in bytes: redb begins with less.
const LONGEST: u64 = 1 << 20;

/// What redb writes last.
const MAGIC: usize = 9;

/// What else it has written by then, from the beginning, in bytes.
const HEADER: usize = 320;

/// Empties a file that was not finished, unless somebody else has it open: whether it did.
pub(super) fn forget(storage: &dyn StorageBackend) -> io::Result<bool> {
    let is_ours = match storage.try_lock_range(Bound::Unbounded, Bound::Unbounded) {
        // Where nothing can be locked, redb does not either.
        Err(BackendError::Unsupported) => true,
        locked => locked.unwrap_or(false),
    };
    let forgotten = match is_ours && is_unfinished(storage)? {
        true => storage.set_len(0).and_then(|()| storage.sync_data()).map(|()| true),
        false => Ok(false),
    };
    storage.close()?;
    forgotten
}

fn is_unfinished(storage: &dyn StorageBackend) -> io::Result<bool> {
    let length = storage.len()?;
    if length == 0 || length > LONGEST {
        return Ok(false);
    }
    let mut content = vec![0; usize::try_from(length).unwrap_or(0)];
    storage.read(0, &mut content)?;
    let is_header = |place: &usize| (MAGIC..HEADER).contains(place);
    Ok(content.iter().enumerate().all(|(place, byte)| *byte == 0 || is_header(&place)))
}
