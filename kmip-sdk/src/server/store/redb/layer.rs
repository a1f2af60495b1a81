//! A storage that is read while its disk is full: what redb has to write so that it opens goes into memory, and is forgotten.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::io;
use std::ops::Bound;
use std::sync::{Mutex, MutexGuard, PoisonError};

use ::redb::{BackendError, StorageBackend};

/// A storage, or a storage with a layer over it into which writes go.
#[derive(Debug)]
pub(super) struct Layered {
    below: Box<dyn StorageBackend>,
    layer: Option<Mutex<Layer>>,
}

/// What was written.
#[derive(Debug)]
struct Layer {
    /// By the number of the page.
    pages: BTreeMap<u64, Box<[u8]>>,
    length: u64,
}

const PAGE: usize = 4096;

impl Layered {
    /// The storage itself.
    pub(super) fn plain(below: Box<dyn StorageBackend>) -> Self {
        Self { below, layer: None }
    }

    /// The storage, which stays as it is.
    pub(super) fn kept(below: Box<dyn StorageBackend>) -> io::Result<Self> {
        let length = below.len()?;
        Ok(Self { below, layer: Some(Mutex::new(Layer { pages: BTreeMap::new(), length })) })
    }

    fn layer(&self) -> Option<MutexGuard<'_, Layer>> {
        self.layer.as_ref().map(|layer| layer.lock().unwrap_or_else(PoisonError::into_inner))
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
            None => self.below.len(),
        }
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        let Some(layer) = self.layer() else { return self.below.read(offset, out) };
        if offset + out.len() as u64 > layer.length {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        read_below(&*self.below, offset, out)?;
        for (number, within, start, length) in pages(offset, out.len()) {
            let page = layer.pages.get(&number).and_then(|page| page.get(within..within + length));
            if let (Some(page), Some(out)) = (page, out.get_mut(start..start + length)) {
                out.copy_from_slice(page);
            }
        }
        Ok(())
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        let Some(mut layer) = self.layer() else { return self.below.set_len(len) };
        layer.length = len;
        Ok(())
    }

    fn sync_data(&self) -> io::Result<()> {
        match self.layer {
            Some(_) => Ok(()),
            None => self.below.sync_data(),
        }
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        let Some(mut layer) = self.layer() else { return self.below.write(offset, data) };
        for (number, within, start, length) in pages(offset, data.len()) {
            let page = layer.page(number, &*self.below)?.get_mut(within..within + length);
            if let (Some(page), Some(data)) = (page, data.get(start..start + length)) {
                page.copy_from_slice(data);
            }
        }
        Ok(())
    }

    fn close(&self) -> io::Result<()> {
        self.below.close()
    }

    fn try_lock_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<bool, BackendError> {
        self.below.try_lock_range(start, end)
    }

    fn try_lock_shared_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<bool, BackendError> {
        self.below.try_lock_shared_range(start, end)
    }

    fn lock_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<(), BackendError> {
        self.below.lock_range(start, end)
    }

    fn lock_shared_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<(), BackendError> {
        self.below.lock_shared_range(start, end)
    }

    fn unlock_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<(), BackendError> {
        self.below.unlock_range(start, end)
    }

    fn query_lock_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<bool, BackendError> {
        self.below.query_lock_range(start, end)
    }
}
