//! The master key of a server's store: read again when the server is told to, and changed where it is another.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Sender};
use std::thread;

use anstream::ColorChoice;
use kmip_sdk::server::store::{MasterKey, Store};

use super::super::stored::Stored;
use crate::failure::{Failure, in_full};
use crate::output::Output;

/// What is told where a change is cut short.
pub(super) const UNFINISHED: &str = "the master key is changed in part: the store opens with both keys only, and a server goes on \
    with it that has the new one by --master-key-file and the other by --accept-master-key-file";

/// What changes the master key, in a thread of its own.
pub(super) struct Rotation {
    asked: Sender<()>,
    is_under_way: Arc<AtomicBool>,
}

impl Rotation {
    /// Begins with a change that was cut short before, if there was one.
    pub(super) fn start(store: Store, stored: Stored, color: ColorChoice) -> Result<Self, Failure> {
        let missing = || Failure::Usage("there is no master key any more".to_owned());
        let given = stored.master_key()?.ok_or_else(missing)?;
        let (asked, asking) = mpsc::channel();
        let is_under_way = Arc::new(AtomicBool::new(false));
        let mut rotating = Rotating {
            store,
            stored,
            given,
            output: Output::new(None, color),
            is_under_way: Arc::clone(&is_under_way),
        };
        let work = move || {
            rotating.go_on();
            asking.iter().for_each(|()| rotating.look());
        };
        let started = thread::Builder::new().name("kmip-master-key".to_owned()).spawn(work);
        started.map_err(|error| Failure::Usage(format!("no thread can be started: {error}")))?;
        Ok(Self { asked, is_under_way })
    }

    /// Has the master key read again.
    pub(super) fn ask(&self) {
        // The thread goes on for as long as this is there.
        let _ = self.asked.send(());
    }

    /// Whether a change is under way.
    pub(super) fn is_under_way(&self) -> bool {
        self.is_under_way.load(Ordering::Relaxed)
    }
}

struct Rotating {
    store: Store,
    stored: Stored,
    /// The master key as it was read last.
    given: MasterKey,
    output: Output,
    is_under_way: Arc<AtomicBool>,
}

impl Rotating {
    /// Goes on with a change that was cut short.
    fn go_on(&self) {
        match (self.store.is_rotating(), self.stored.accepted()) {
            (Ok(false), _) => {}
            (Ok(true), Ok(accepted)) => self.change_to_present(accepted),
            (Err(error), _) => self.output.error(&format_args!("the store: {}", in_full(&error))),
            (_, Err(failure)) => self.stays(&failure),
        }
    }

    /// Reads the keys again, and changes to the master key if it is another, or goes on with a change that is not through.
    fn look(&mut self) {
        let keys = self.stored.accepted().and_then(|accepted| Ok((accepted, self.stored.master_key()?)));
        let (accepted, key) = match keys {
            Ok((accepted, Some(key))) => (accepted, key),
            Ok((_, None)) => return self.stays(&"there is none any more"),
            Err(failure) => return self.stays(&failure),
        };
        let is_rotating = match self.store.is_rotating() {
            Ok(is_rotating) => is_rotating,
            Err(error) => return self.stays(&in_full(&error)),
        };
        accepted.iter().for_each(|key| self.store.accept(key.clone()));
        let others = match accepted.len() {
            0 => String::new(),
            1 => ", and another is accepted".to_owned(),
            others => format!(", and {others} others are accepted"),
        };
        // Where another server has changed it, and this one is still given the former, it is not changed back.
        if key == self.given {
            let why = match self.stored.is_in_environment() {
                _ if is_rotating => return self.change_to_present(accepted),
                true => "that of KMIP_MASTER_KEY, which is for a server what it was when it started",
                false => "the same as before",
            };
            self.output.note(&format_args!("the master key is {why}{others}"));
            return;
        }
        self.given = key.clone();
        if self.store.is_sealed_with(&key) && !is_rotating {
            self.output.note(&format_args!("the store is sealed with the new master key already{others}"));
            return;
        }
        self.change(key, accepted);
    }

    /// Goes on with a change to the key that is sealed with now, whichever that is.
    fn change_to_present(&self, accepted: Vec<MasterKey>) {
        let mut keys = std::iter::once(&self.given).chain(&accepted);
        match keys.find(|key| self.store.is_sealed_with(key)).cloned() {
            Some(present) => self.change(present, accepted),
            None => self.stays(&UNFINISHED),
        }
    }

    fn change(&self, key: MasterKey, accepted: Vec<MasterKey>) {
        self.output.note(&"the master key is being changed, while the server goes on");
        self.is_under_way.store(true, Ordering::Relaxed);
        let changed = self.store.rotate(key);
        self.is_under_way.store(false, Ordering::Relaxed);
        // Other servers on the store may seal with one of them still.
        accepted.into_iter().for_each(|key| self.store.accept(key));
        match changed {
            Ok(1) => self.output.note(&"the master key is changed: 1 record is sealed with the new one"),
            Ok(records) => {
                let text =
                    format!("the master key is changed: {records} records are sealed with the new one");
                self.output.note(&text);
            }
            Err(error) => self.output.error(&format_args!(
                "{}; SIGHUP has the server go on with it: {UNFINISHED}",
                in_full(&error)
            )),
        }
    }

    fn stays(&self, why: &dyn std::fmt::Display) {
        self.output.error(&format_args!("the server goes on with the master key that it has: {why}"));
    }
}
