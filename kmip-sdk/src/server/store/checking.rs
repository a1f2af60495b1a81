//! Whether all that is in a store can be read.

use std::sync::Arc;

use kmip_types::enumerations::State;

use super::states::state_of;
use super::stored::AnyStored;
use super::transfer::unknown;
use super::{Key, Kind, Record, Store, StoreError, Stored, StoredObject};
use crate::server::attestation::Issued;
use crate::server::groups::Turn;
use crate::server::later::Job;
use crate::server::provisioned::Provisioned;
use crate::server::rotation::Rotation;
use crate::server::shared::Setting;
use crate::server::tickets::Login;
use crate::server::users::{Used, User};

/// A record that was read, or was to be.
#[derive(Debug)]
#[non_exhaustive]
pub struct Checked<'a> {
    /// What it is called by.
    pub key: &'a Key,
    /// The state of what it holds, if that has one; or why it cannot be read.
    pub read: Result<Option<State>, StoreError>,
}

impl Store {
    /// Reads every record, as all of them were at one moment, and shows each. Others may read and write meanwhile.
    ///
    /// ```
    /// use kmip_sdk::server::store::{MasterKey, Store};
    ///
    /// let store = Store::memory();
    /// let mut unread = 0;
    /// store.check(&mut |checked| {
    ///     unread += usize::from(checked.read.is_err());
    ///     Ok(())
    /// })?;
    /// assert_eq!(unread, 0);
    /// # Ok::<(), kmip_sdk::server::store::StoreError>(())
    /// ```
    ///
    /// # Errors
    /// [`StoreError`], if the backend does not give the records; and whatever `seen` fails with, which ends it.
    pub fn check(
        &self,
        seen: &mut dyn FnMut(Checked<'_>) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        // What the store knows of itself was read when it was opened.
        let kinds: Vec<Kind> = Kind::ALL.iter().copied().filter(|kind| *kind != Kind::STORE).collect();
        self.backend().scan(&kinds, &mut |record| {
            let read = self.any(&record).map(|value| state_of(&*value));
            seen(Checked { key: &record.key, read })
        })
    }

    /// What a record holds, whatever its kind.
    pub(super) fn any(&self, record: &Record) -> Result<Arc<dyn AnyStored>, StoreError> {
        match record.key.kind {
            Kind::OBJECT => self.any_of::<StoredObject>(record),
            Kind::TICKET => self.any_of::<Login>(record),
            Kind::ASYNCHRONOUS => self.any_of::<Job>(record),
            Kind::USED => self.any_of::<Used>(record),
            Kind::SETTING => self.any_of::<Setting>(record),
            Kind::ROTATION => self.any_of::<Rotation>(record),
            Kind::PROVISIONED => self.any_of::<Provisioned>(record),
            Kind::NONCE => self.any_of::<Issued>(record),
            Kind::TURN => self.any_of::<Turn>(record),
            Kind::USER => self.any_of::<User>(record),
            _ => Err(unknown()),
        }
    }

    fn any_of<T: Stored>(&self, record: &Record) -> Result<Arc<dyn AnyStored>, StoreError> {
        Ok(self.found::<T>(record)?.value)
    }
}
