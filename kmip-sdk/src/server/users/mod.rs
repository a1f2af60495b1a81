//! Users and devices that the server knows, and what proves who they are (KMIP 1.4 section 2.1.2, 2.1 section 9.11).
//!
//! They are those of the options and, beside them, those that the store keeps, which every server on it knows.

mod one_time;
mod records;
mod used;
mod user;

use std::fmt;
use std::num::NonZeroU32;
use std::sync::Arc;

use aws_lc_rs::constant_time::verify_slices_are_equal;
use kmip_types::DateTime;
use kmip_types::enumerations::HashingAlgorithm;
use kmip_types::message::{DeviceCredential, HashedPasswordCredential};

use super::crypto::hash::hash;
use super::store::{Store, StoreError};
pub use one_time::OneTimePasswords;
pub use records::Users;
pub(crate) use used::Used;
use used::use_up;
pub use user::User;
use user::{Device, Password, name_of_device};

/// How often a password is hashed.
const ITERATIONS: NonZeroU32 = NonZeroU32::new(10_000).unwrap();

/// The hashes that a Hashed Password may be made with, the first where the client does not say.
const HASHES: [HashingAlgorithm; 3] =
    [HashingAlgorithm::Sha256, HashingAlgorithm::Sha384, HashingAlgorithm::Sha512];

/// Whom the options name. A name that they have is theirs: the store's user who has it too is not looked at.
#[derive(Clone, Default)]
pub(crate) struct Known {
    users: Vec<Arc<User>>,
}

impl fmt::Debug for Known {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.users.iter().map(|user| user.name())).finish()
    }
}

impl Known {
    /// Changes somebody, who is added if nobody has the name.
    pub(crate) fn change(&mut self, name: String, change: impl FnOnce(User) -> User) {
        let place = self.users.iter().position(|user| user.name == name);
        let user = place.map(|place| self.users.remove(place));
        let user = user.map_or_else(|| User::new(name), Arc::unwrap_or_clone);
        let place = place.unwrap_or(self.users.len());
        self.users.insert(place, Arc::new(change(user)));
    }

    /// Says of whom the store has what is not looked at.
    pub(crate) fn check(&self, store: &Store) {
        for user in &self.users {
            match store.users().find(&user.name) {
                Ok(Some(_)) => tracing::warn!(user = user.name, "the options have a user of the store's"),
                Ok(None) => {}
                Err(error) => tracing::warn!(%error, "the users of the store are not known"),
            }
        }
    }

    fn own(&self, name: &str) -> Option<&Arc<User>> {
        self.users.iter().find(|user| user.name == name)
    }

    fn find(&self, name: &str, store: &Store) -> Result<Option<Arc<User>>, StoreError> {
        match self.own(name) {
            Some(user) => Ok(Some(Arc::clone(user))),
            None => Ok(store.read::<User>(name.as_bytes())?.map(|found| found.value)),
        }
    }

    /// Whether this is somebody's password, which is all that they have to say. That nobody has the name takes as long to
    /// find out.
    pub(crate) fn is_password(&self, name: &str, password: &str, store: &Store) -> Result<bool, StoreError> {
        let user = self.find(name, store)?;
        let kept = user.as_ref().and_then(|user| user.password.as_ref());
        let is_right = is_password(kept, Some(password));
        Ok(is_right && user.is_some_and(|user| user.one_time.is_none()))
    }

    /// Whether this is somebody's one-time password, beside their password if they have one. It holds once. That nobody has the
    /// name takes as long to find out.
    pub(crate) fn is_one_time(
        &self,
        name: &str,
        password: Option<&str>,
        one_time: &str,
        store: &Store,
        now: DateTime,
    ) -> Result<bool, StoreError> {
        let user = self.find(name, store)?;
        let kept = user.as_ref().and_then(|user| user.password.clone());
        let is_password = is_password(kept.as_ref(), password);
        let known = user.as_ref().and_then(|user| user.one_time.clone()).filter(|_| is_password);
        let is_known = known.is_some();
        let passwords = known.unwrap_or_else(OneTimePasswords::of_nobody);
        let mark = passwords.mark();
        let found = use_up(store, name, now, |used| {
            // What was used of those of another secret says nothing of these.
            let next = if used.mark.as_ref().is_none_or(|other| *other == mark) { used.next } else { 0 };
            let number = passwords.numbers(next, now).find(|number| {
                let wanted = passwords.password(*number);
                wanted.is_some_and(|wanted| {
                    verify_slices_are_equal(wanted.as_bytes(), one_time.as_bytes()).is_ok()
                })
            });
            let number = number.filter(|_| is_known)?;
            (used.next, used.mark) = (number.saturating_add(1), Some(mark.clone()));
            Some(())
        })?;
        Ok(found.is_some())
    }

    /// What the server proves that it knows a Hashed Password with, if that is right and newer than the last one.
    pub(crate) fn hashed(
        &self,
        credential: &HashedPasswordCredential,
        store: &Store,
        now: DateTime,
    ) -> Result<Option<Vec<u8>>, StoreError> {
        let user = self.find(&credential.username, store)?;
        let Some(proof) = user.and_then(|user| proof(&user, credential)) else { return Ok(None) };
        let timestamp = credential.timestamp.microseconds();
        use_up(store, &credential.username, now, |used| {
            let is_new = used.timestamp.is_none_or(|last| last < timestamp);
            used.timestamp = Some(timestamp);
            is_new.then(|| proof.clone())
        })
    }

    /// The name of whom the device is whose fields are exactly these. That it is nobody's takes as long to find out.
    pub(crate) fn device(
        &self,
        given: &DeviceCredential,
        store: &Store,
    ) -> Result<Option<String>, StoreError> {
        let is_whose = |user: &&Arc<User>| user.devices.iter().any(|device| device.is(given));
        let user = match self.users.iter().find(is_whose) {
            Some(user) => Some(Arc::clone(user)),
            None => {
                let found = store.find::<User>(name_of_device(given))?.map(|found| found.value);
                found.filter(|user| self.own(&user.name).is_none())
            }
        };
        let device = user.as_ref().and_then(|user| user.devices.iter().find(|device| device.is(given)));
        let password = given.password.as_ref().map(|password| password.reveal());
        let is_right = is_password(device.and_then(Device::password), password) && device.is_some();
        Ok(user.filter(|_| is_right).map(|user| user.name.clone()))
    }
}

/// Whether what was given is the password that is kept, or there is neither. A password that is given is hashed in any case.
fn is_password(kept: Option<&Password>, given: Option<&str>) -> bool {
    let Some(given) = given else { return kept.is_none() };
    let of_nobody = Password::of_nobody();
    let is_it = kept.unwrap_or(&of_nobody).is(given);
    is_it && kept.is_some()
}

/// What proves to somebody that the server knows their Hashed Password, if it is theirs.
fn proof(user: &User, credential: &HashedPasswordCredential) -> Option<Vec<u8>> {
    let algorithm = credential.hashing_algorithm.unwrap_or(HASHES[0]);
    if user.one_time.is_some() {
        return None;
    }
    let halves = user.halves.iter().find(|halves| halves.hashing_algorithm == algorithm)?;
    let (first, second) = (halves.first.reveal(), halves.second.reveal());
    let time = credential.timestamp.microseconds().to_be_bytes();
    let mut wanted = hash(algorithm, &[first, &time].concat()).ok()?;
    wanted.extend(second);
    verify_slices_are_equal(&wanted, credential.hashed_password.reveal()).ok()?;
    let second = hash(algorithm, second).ok()?;
    hash(algorithm, &[&time, first, &second].concat()).ok()
}
