//! Which master key a store is sealed with, for who is to change it.

use super::standing;
use super::{MasterKey, Store, StoreError};

impl Store {
    /// Whether what is written now is sealed with this master key. What stays in the process is sealed with none.
    pub fn is_sealed_with(&self, key: &MasterKey) -> bool {
        let sealing = self.inner.sealing.as_ref();
        sealing.is_some_and(|sealing| sealing.keys().current.identifier() == key.identifier())
    }

    /// Whether a [change](Store::rotate) to the key that is sealed with now was begun and is not through: it goes on, here or on
    /// another server, or was cut short, and then is to be done again.
    ///
    /// # Errors
    /// [`StoreError`], if the backend cannot say.
    pub fn is_rotating(&self) -> Result<bool, StoreError> {
        let Some(sealing) = &self.inner.sealing else { return Ok(false) };
        let (record, _) = standing::found(self.backend())?;
        Ok(record.master_key()? == sealing.keys().current.identifier() && !record.former.is_empty())
    }
}
