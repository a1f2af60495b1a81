//! What a use of Cryptoki has open between its calls.

use std::collections::BTreeMap;

use super::mechanisms::Use;

/// How many sessions a use has at most.
pub(super) const MAXIMUM_SESSIONS: usize = 64;

/// How many objects a use has handles of at most.
pub(super) const MAXIMUM_OBJECTS: usize = 10_000;

/// A use of Cryptoki, from C_Initialize to C_Finalize.
#[derive(Clone, Debug, Default)]
pub(crate) struct Cryptoki {
    pub(super) sessions: BTreeMap<u64, Session>,
    last_session: u64,
    /// The objects that have handles, which are their places from 1 on.
    objects: Vec<String>,
}

/// A session.
#[derive(Clone, Debug, Default)]
pub(super) struct Session {
    pub(super) flags: u64,
    /// What was found and is not given yet.
    pub(super) found: Option<Vec<u64>>,
    pub(super) active: BTreeMap<Action, Active>,
}

/// What an Init function begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Action {
    Encrypt,
    Decrypt,
    Digest,
    Sign,
    Verify,
}

/// What has begun, with the key of what has one.
#[derive(Clone, Debug)]
pub(super) struct Active {
    pub(super) usage: Use,
    pub(super) key: Option<String>,
}

impl Cryptoki {
    /// Opens a session, unless there are too many.
    pub(super) fn open(&mut self, flags: u64) -> Option<u64> {
        if self.sessions.len() >= MAXIMUM_SESSIONS {
            return None;
        }
        self.last_session = self.last_session.checked_add(1)?;
        self.sessions.insert(self.last_session, Session { flags, ..Session::default() });
        Some(self.last_session)
    }

    /// The handle of an object, unless there are too many.
    pub(super) fn handle(&mut self, identifier: &str) -> Option<u64> {
        let place = match self.objects.iter().position(|known| known == identifier) {
            Some(place) => place,
            None if self.objects.len() >= MAXIMUM_OBJECTS => return None,
            None => {
                self.objects.push(identifier.to_owned());
                self.objects.len() - 1
            }
        };
        u64::try_from(place).ok()?.checked_add(1)
    }

    /// The object of a handle.
    pub(super) fn object(&self, handle: u64) -> Option<&str> {
        let place = usize::try_from(handle.checked_sub(1)?).ok()?;
        self.objects.get(place).map(String::as_str)
    }
}
