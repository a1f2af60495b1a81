//! The storage as redb has it: what it writes is kept until it is on the disk; and while the disk is full, what redb has to
//! write so that it opens goes into memory, and is forgotten.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::io;
use std::ops::Bound;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use ::redb::{BackendError, StorageBackend};

use super::unsynced::Unsynced;

/// A storage, or a storage with a layer over it into which writes go. A clone is the same.
#[derive(Clone, Debug)]
pub(super) struct Layered(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    below: Arc<dyn StorageBackend>,
    layer: Option<Mutex<Layer>>,
    unsynced: Mutex<Unsynced>,
    /// Whether a sync has failed, and what it was to bring to the disk may be lost.
    has_lost: AtomicBool,
    /// Whether the storage is let go of when this is closed.
    is_holder: AtomicBool,
    is_closed: AtomicBool,
    /// Whether another in this process has locked the storage.
    is_locked: bool,
}

/// What was written.
#[derive(Debug)]
struct Layer {
    /// By the number of the page.
    pages: BTreeMap<u64, Box<[u8]>>,
    length: u64,
}

const PAGE: usize = 4096;

/// How much room there is to be before a full disk is thought to have some, in bytes.
const ROOM: usize = 64 * PAGE;

impl Layered {
    /// The storage itself.
    pub(super) fn plain(below: Box<dyn StorageBackend>) -> Self {
        Self::over(below.into(), None, false)
    }

    /// The storage, which stays as it is; with what a sync has lost, if any.
    pub(super) fn kept(below: Box<dyn StorageBackend>, lost: Option<&Unsynced>) -> io::Result<Self> {
        let layer = Layer { pages: BTreeMap::new(), length: below.len()? };
        let kept = Self::over(below.into(), Some(layer), false);
        match lost.map_or(Ok(()), |lost| lost.redo(&kept)) {
            Ok(()) => Ok(kept),
            Err(error) => kept.close().and(Err(error)),
        }
    }

    /// The storage below, itself, while this is still read. Nobody else gets it meanwhile.
    pub(super) fn without_layer(&self) -> Self {
        Self::over(Arc::clone(&self.0.below), None, true)
    }

    /// Has this keep the storage when another, which had it until now, is closed.
    pub(super) fn take_over(&self, other: &Self) {
        let was_holder = other.0.is_holder.swap(false, Ordering::AcqRel);
        self.0.is_holder.store(was_holder, Ordering::Release);
    }

    fn over(below: Arc<dyn StorageBackend>, layer: Option<Layer>, is_locked: bool) -> Self {
        Self(Arc::new(Inner {
            below,
            layer: layer.map(Mutex::new),
            unsynced: Mutex::default(),
            has_lost: AtomicBool::new(false),
            is_holder: AtomicBool::new(!is_locked),
            is_closed: AtomicBool::new(false),
            is_locked,
        }))
    }

    /// What a sync has failed to bring to the disk, if one has.
    pub(super) fn lost(&self) -> Option<Unsynced> {
        self.0.has_lost.load(Ordering::Acquire).then(|| std::mem::take(&mut *self.unsynced()))
    }

    /// Whether the storage can be made a little longer. It is as long as it was afterwards.
    pub(super) fn has_room(&self) -> bool {
        let below = &self.0.below;
        let has_room = || {
            let length = below.len()?;
            let grown = below.set_len(length + ROOM as u64);
            // Only what is written takes room, and only what is synced surely does.
            let grown = grown.and_then(|()| below.write(length, &[1; ROOM])).and_then(|()| below.sync_data());
            below.set_len(length).and(grown)
        };
        has_room().is_ok()
    }

    fn layer(&self) -> Option<MutexGuard<'_, Layer>> {
        self.0.layer.as_ref().map(|layer| layer.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn unsynced(&self) -> MutexGuard<'_, Unsynced> {
        self.0.unsynced.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The storage below, unless this is closed: who reads still would read what somebody else writes.
    fn below(&self) -> io::Result<&dyn StorageBackend> {
        match self.0.is_closed.load(Ordering::Acquire) {
            true => Err(io::Error::other("the storage is closed")),
            false => Ok(&*self.0.below),
        }
    }
}

impl Layer {
    /// A page as it is, to be written.
    fn page(&mut self, number: u64, below: &dyn StorageBackend) -> io::Result<&mut Box<[u8]>> {
        match self.pages.entry(number) {
            Entry::Occupied(page) => Ok(page.into_mut()),
            Entry::Vacant(place) => {
                let mut page = vec![0; PAGE].into_boxed_slice();
                read_below(below, number * PAGE as u64, &mut page)?;
                Ok(place.insert(page))
            }
        }
    }
}

/// What is in the storage; nothing, behind its end.
fn read_below(below: &dyn StorageBackend, offset: u64, out: &mut [u8]) -> io::Result<()> {
    out.fill(0);
    let there = below.len()?.saturating_sub(offset).min(out.len() as u64);
    let there = usize::try_from(there).unwrap_or(usize::MAX);
    match out.get_mut(..there) {
        Some(out) if there > 0 => below.read(offset, out),
        _ => Ok(()),
    }
}

/// The pages that a range of bytes lies in, each with where in the page and where in the range it begins, and how long it is.
fn pages(offset: u64, length: usize) -> impl Iterator<Item = (u64, usize, usize, usize)> {
    let mut done = 0;
    std::iter::from_fn(move || {
        let position = offset + done as u64;
        let within = usize::try_from(position % PAGE as u64).unwrap_or(0);
        let part = (PAGE - within).min(length - done);
        let page = (part > 0).then_some((position / PAGE as u64, within, done, part));
        done += part;
        page
    })
}

impl StorageBackend for Layered {
    fn len(&self) -> io::Result<u64> {
        match self.layer() {
            Some(layer) => Ok(layer.length),
            None => self.below()?.len(),
        }
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        let below = self.below()?;
        let Some(layer) = self.layer() else { return below.read(offset, out) };
        if offset + out.len() as u64 > layer.length {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        read_below(below, offset, out)?;
        for (number, within, start, length) in pages(offset, out.len()) {
            let page = layer.pages.get(&number).and_then(|page| page.get(within..within + length));
            if let (Some(page), Some(out)) = (page, out.get_mut(start..start + length)) {
                out.copy_from_slice(page);
            }
        }
        Ok(())
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        let below = self.below()?;
        match self.layer() {
            Some(mut layer) => layer.length = len,
            None => {
                below.set_len(len)?;
                self.unsynced().set_length(len);
            }
        }
        Ok(())
    }

    fn sync_data(&self) -> io::Result<()> {
        let below = self.below()?;
        if self.0.layer.is_some() {
            return Ok(());
        }
        let written = std::mem::take(&mut *self.unsynced());
        let Err(error) = below.sync_data() else {
            written.leave_to(&mut self.unsynced());
            return Ok(());
        };
        tracing::warn!(%error, "the store's file cannot be synced; what was written is written again");
        if written.redo(below).and_then(|()| below.sync_data()).is_ok() {
            return Ok(());
        }
        let mut unsynced = self.unsynced();
        let after = std::mem::take(&mut *unsynced);
        *unsynced = written.then(after);
        self.0.has_lost.store(true, Ordering::Release);
        Err(error)
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        let below = self.below()?;
        let Some(mut layer) = self.layer() else {
            below.write(offset, data)?;
            self.unsynced().wrote(offset, data);
            return Ok(());
        };
        for (number, within, start, length) in pages(offset, data.len()) {
            let page = layer.page(number, below)?.get_mut(within..within + length);
            if let (Some(page), Some(data)) = (page, data.get(start..start + length)) {
                page.copy_from_slice(data);
            }
        }
        Ok(())
    }

    fn close(&self) -> io::Result<()> {
        self.0.is_closed.store(true, Ordering::Release);
        match self.0.is_holder.swap(false, Ordering::AcqRel) {
            true => self.0.below.close(),
            false => Ok(()),
        }
    }

    fn try_lock_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<bool, BackendError> {
        if self.0.is_locked { Ok(true) } else { self.0.below.try_lock_range(start, end) }
    }

    fn try_lock_shared_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<bool, BackendError> {
        if self.0.is_locked { Ok(true) } else { self.0.below.try_lock_shared_range(start, end) }
    }

    fn lock_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<(), BackendError> {
        if self.0.is_locked { Ok(()) } else { self.0.below.lock_range(start, end) }
    }

    fn lock_shared_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<(), BackendError> {
        if self.0.is_locked { Ok(()) } else { self.0.below.lock_shared_range(start, end) }
    }

    fn unlock_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<(), BackendError> {
        if self.0.is_locked { Ok(()) } else { self.0.below.unlock_range(start, end) }
    }

    fn query_lock_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<bool, BackendError> {
        if self.0.is_locked { Ok(false) } else { self.0.below.query_lock_range(start, end) }
    }
}
