//! A disk that keeps what was done to it in its order: so it is known what is on it after a process was killed, or the power
//! lost, at any point.

use std::io;
use std::ops::Range;
use std::sync::mpsc::{Receiver, SyncSender};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;

use kmip_sdk::server::store::{Redb, Store, StoreError};
use redb::{DatabaseError, StorageBackend};

use crate::places::key;

/// A disk whose content outlives who has it open.
#[derive(Clone, Debug, Default)]
pub(crate) struct Disk(Arc<Mutex<State>>);

#[derive(Debug, Default)]
pub(crate) struct State {
    pub(crate) content: Vec<u8>,
    /// What was on it in the beginning.
    before: Vec<u8>,
    /// What was done since.
    done: Vec<Done>,
    /// How much of it had been done when it was said last that all is synced.
    pub(crate) synced: usize,
    /// Whether it says so without doing it.
    pub(crate) forgets: bool,
    /// After how many more writes and syncs the power fails.
    pub(crate) left: Option<u64>,
    /// How large it is, in bytes.
    pub(crate) capacity: Option<usize>,
    /// Which changes find no room, by how many there were before.
    pub(crate) full: Range<usize>,
    asked: usize,
    /// How many of the next syncs fail. What one was to bring to the disk is lost then, and read all the same.
    pub(crate) failing_syncs: u32,
    /// How many of the next times that it is made shorter fail.
    pub(crate) failing_cuts: u32,
    /// How many of the next writes panic.
    pub(crate) panicking_writes: u32,
    /// What the next write of a header waits for.
    pub(crate) gate: Option<Gate>,
}

/// Something that is about to be done, until somebody lets it be done.
#[derive(Debug)]
pub(crate) struct Gate {
    pub(crate) reached: SyncSender<()>,
    pub(crate) opened: Receiver<()>,
}

/// What is written whole or not at all, in bytes.
const SECTOR: usize = 512;

/// Something that was done to a disk, or to a file.
#[derive(Clone, Debug)]
pub(crate) enum Done {
    Bytes(usize, Vec<u8>),
    Length(usize),
    /// That all is synced has been asked for, where that is noted.
    Sync,
    Synced,
}

impl Done {
    pub(crate) fn apply(&self, content: &mut Vec<u8>) {
        match self {
            Self::Bytes(offset, bytes) => write(content, *offset, bytes),
            Self::Length(length) => content.resize(*length, 0),
            Self::Sync | Self::Synced => {}
        }
    }

    /// Whether it changes what is at a place.
    pub(crate) fn covers(&self, place: usize) -> bool {
        match self {
            Self::Bytes(offset, bytes) => (*offset..offset + bytes.len()).contains(&place),
            Self::Length(length) => *length <= place,
            Self::Sync | Self::Synced => false,
        }
    }

    /// Writes as many sectors as chance wants.
    fn apply_in_part(&self, content: &mut Vec<u8>, random: &mut Random) {
        match self {
            Self::Bytes(offset, bytes) => {
                let sectors = random.below(bytes.len() / SECTOR + 1);
                write(content, *offset, &bytes[..sectors * SECTOR]);
            }
            other => other.apply(content),
        }
    }
}

fn write(content: &mut Vec<u8>, offset: usize, bytes: &[u8]) {
    let end = offset + bytes.len();
    if content.len() < end {
        content.resize(end, 0);
    }
    content[offset..end].copy_from_slice(bytes);
}

/// Numbers that are the same each time.
#[derive(Debug)]
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % end
    }
}

/// How what is done comes to its end.
#[derive(Clone, Copy, Debug)]
pub(crate) enum End {
    /// The process is killed: what it has written is there, and of what it was writing a part.
    Killed,
    /// The power is lost: what was synced is there, and any of what was written since, or a part of that.
    PowerLost,
}

impl Disk {
    pub(crate) fn of(content: Vec<u8>) -> Self {
        Self(Arc::new(Mutex::new(State { before: content.clone(), content, ..State::default() })))
    }

    /// A disk that something was done to.
    pub(crate) fn after_all(before: Vec<u8>, done: Vec<Done>) -> Self {
        let mut content = before.clone();
        done.iter().for_each(|done| done.apply(&mut content));
        Self(Arc::new(Mutex::new(State { before, content, done, ..State::default() })))
    }

    /// Another disk with the same on it.
    pub(crate) fn copy(&self) -> Self {
        Self::of(self.lock().content.clone())
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn store(&self) -> Store {
        self.open().unwrap()
    }

    pub(crate) fn open(&self) -> Result<Store, StoreError> {
        let disk = self.clone();
        Store::sealed(Box::new(Redb::on(move || Ok(disk.clone()))?), key())
    }

    /// How much has been done.
    pub(crate) fn done(&self) -> usize {
        self.lock().done.len()
    }

    /// How much had been done each time that all was synced, of what was done from there on.
    pub(crate) fn syncs(&self, from: usize) -> Vec<usize> {
        self.places(from, |done| matches!(done, Done::Synced))
    }

    /// How much had been done each time that it was made longer or shorter, likewise.
    pub(crate) fn lengths(&self, from: usize) -> Vec<usize> {
        self.places(from, |done| matches!(done, Done::Length(_)))
    }

    fn places(&self, from: usize, is_one: impl Fn(&Done) -> bool) -> Vec<usize> {
        let state = self.lock();
        let all = state.done.iter().zip(1..).skip(from);
        all.filter(|(done, _)| is_one(done)).map(|(_, done)| done).collect()
    }

    /// The disk as it was once so much had been done, and nothing else.
    pub(crate) fn at(&self, done: usize) -> Self {
        let state = self.lock();
        let mut content = state.before.clone();
        state.done[..done].iter().for_each(|done| done.apply(&mut content));
        Self::of(content)
    }

    /// The numbers of the two commits that the header knows.
    pub(crate) fn commits(&self) -> [u64; 2] {
        let state = self.lock();
        [168, 296].map(|place| u64::from_le_bytes(state.content[place..place + 8].try_into().unwrap()))
    }

    /// The number of the commit that redb goes on from: the newest, unless that is not whole.
    ///
    /// # Errors
    /// If it goes on from neither.
    pub(crate) fn goes_on_from(self) -> Result<u64, DatabaseError> {
        let commits = self.commits();
        let went_back = Arc::new(Mutex::new(false));
        let noted = Arc::clone(&went_back);
        let mut builder = redb::Builder::new();
        // Of a repair that much is done when the newest commit has been found not to be whole.
        builder.set_repair_callback(move |session| {
            *noted.lock().unwrap() |= (0.2..0.4).contains(&session.progress());
        });
        builder.create_with_backend(self)?;
        let went_back = *went_back.lock().unwrap();
        Ok(commits.into_iter().reduce(if went_back { u64::min } else { u64::max }).unwrap())
    }

    /// The disk as it is where all came to an end once so much had been done.
    pub(crate) fn after(&self, done: usize, end: End, random: &mut Random) -> Self {
        let state = self.lock();
        let mut content = state.before.clone();
        let (before, rest) = state.done.split_at(done);
        match end {
            End::Killed => {
                before.iter().for_each(|done| done.apply(&mut content));
                if let Some(next) = rest.first() {
                    next.apply_in_part(&mut content, random);
                }
            }
            End::PowerLost => {
                let synced = before.iter().rposition(|done| matches!(done, Done::Synced)).unwrap_or(0);
                before[..synced].iter().for_each(|done| done.apply(&mut content));
                for done in before[synced..].iter().chain(rest.first()) {
                    match random.below(5) {
                        0 | 1 => done.apply(&mut content),
                        2 => done.apply_in_part(&mut content, random),
                        _ => {}
                    }
                }
            }
        }
        Self::of(content)
    }

    fn change(&self, change: Done) -> io::Result<()> {
        let mut state = self.lock();
        state.spend()?;
        let end = match &change {
            Done::Bytes(offset, bytes) => offset + bytes.len(),
            Done::Length(length) => *length,
            Done::Sync | Done::Synced => 0,
        };
        state.asked += 1;
        let is_full = state.full.contains(&(state.asked - 1));
        if is_full || state.capacity.is_some_and(|capacity| end > capacity) {
            return Err(io::ErrorKind::StorageFull.into());
        }
        change.apply(&mut state.content);
        let is_synced = matches!(change, Done::Synced);
        if !(is_synced && state.forgets) {
            state.done.push(change);
        }
        if is_synced {
            state.synced = state.done.len();
        }
        Ok(())
    }
}

/// Whether there was one more.
fn spend_one(left: &mut u32) -> bool {
    let is_one = *left > 0;
    *left = left.saturating_sub(1);
    is_one
}

impl State {
    fn spend(&mut self) -> io::Result<()> {
        match &mut self.left {
            Some(0) => Err(io::Error::other("the power has failed")),
            Some(left) => {
                *left -= 1;
                Ok(())
            }
            None => Ok(()),
        }
    }
}

impl StorageBackend for Disk {
    fn len(&self) -> io::Result<u64> {
        Ok(self.lock().content.len() as u64)
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        let state = self.lock();
        let offset = usize::try_from(offset).unwrap();
        let bytes = state.content.get(offset..offset + out.len()).ok_or(io::ErrorKind::UnexpectedEof)?;
        out.copy_from_slice(bytes);
        Ok(())
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        let length = usize::try_from(len).unwrap();
        let mut state = self.lock();
        if length < state.content.len() && spend_one(&mut state.failing_cuts) {
            return Err(io::Error::other("it cannot be cut"));
        }
        drop(state);
        self.change(Done::Length(length))
    }

    fn sync_data(&self) -> io::Result<()> {
        // Others come meanwhile.
        thread::yield_now();
        let mut state = self.lock();
        if spend_one(&mut state.failing_syncs) {
            let synced =
                state.done.iter().rposition(|done| matches!(done, Done::Synced)).map_or(0, |last| last + 1);
            let unsynced = state.done.split_off(synced);
            state.done.extend(unsynced.into_iter().filter(|done| !matches!(done, Done::Bytes(..))));
            return Err(io::Error::other("it cannot be synced"));
        }
        drop(state);
        self.change(Done::Synced)
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        let mut state = self.lock();
        assert!(!spend_one(&mut state.panicking_writes), "it panics");
        let gate = if offset == 0 { state.gate.take() } else { None };
        drop(state);
        if let Some(Gate { reached, opened }) = gate {
            reached.send(()).unwrap();
            opened.recv().unwrap();
        }
        self.change(Done::Bytes(usize::try_from(offset).unwrap(), data.to_vec()))
    }
}
