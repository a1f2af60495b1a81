//! Sealing: what a backend is given that is not to be trusted with secrets.
//!
//! A record's body is encrypted with AES-256-GCM under a data key of its own, which is made anew for each version of the
//! record. The data key stands before it, encrypted with AES-256-GCM too, under a key that HMAC-SHA-256 makes from the
//! master key and the record's key; so the master key, however many records there are, encrypts few things with one key.
//! The record's kind and identifier are additional data of both: a body that is moved to another record does not open.
//!
//! Names, and the terms by which objects are found, are HMAC-SHA-256 of what they say under the index key, which is random,
//! sealed as the bodies are, and stays the same when the master key changes. In the clear are, of objects, the Unique
//! Identifier; of every record, its kind, the order in which it came, its length and when it is due; and that two records
//! have a term in common, or that two terms or names say the same whosever they are, but not what. Of these hashes 12 bytes
//! are kept of a term and 28 of a name, so that no two are taken for one; before them stand 4 of what is said.
//!
//! What objects are found by is not sealed with them: who may write where the records are kept may have Locate find others, or
//! fewer, though never read what is in them.

mod master_key;

use std::sync::{PoisonError, RwLock, RwLockReadGuard};

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::hmac;
use zeroize::Zeroizing;

pub use master_key::{MasterKey, MasterKeys};

use super::stored::corrupt;
use super::{Body, Change, Key, StoreError};

/// The form that sealed bytes have now.
const FORM: u8 = 1;
/// The lengths of what stands before the encrypted body, and of what GCM adds to what it encrypts.
const IDENTIFIER: usize = 8;
pub(super) const NONCE: usize = 12;
const TAG: usize = 16;
const WRAPPED: usize = 32 + TAG;
const WRAPPED_AT: usize = 1 + IDENTIFIER + NONCE;
const BODY_AT: usize = WRAPPED_AT + WRAPPED + NONCE;

/// What seals and opens.
pub(super) struct Sealing {
    state: RwLock<State>,
    index: hmac::Key,
}

/// The master keys, and the version of the store's own record that says which of them is the present one.
struct State {
    keys: MasterKeys,
    version: u64,
}

impl std::fmt::Debug for Sealing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sealing").finish_non_exhaustive()
    }
}

impl Sealing {
    /// Sealing with these master keys, and terms hidden with this index key.
    pub(super) fn new(keys: MasterKeys, index: &[u8]) -> Self {
        let state = RwLock::new(State { keys, version: 0 });
        Self { state, index: hmac::Key::new(hmac::HMAC_SHA256, index) }
    }

    /// The bytes sealed for a record.
    pub(super) fn seal(&self, key: &Key, body: &[u8]) -> Result<Vec<u8>, StoreError> {
        let master = self.read().keys.current.clone();
        seal(&master, key, body)
    }

    /// What was sealed for a record.
    pub(super) fn open(&self, key: &Key, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, StoreError> {
        open(&self.read().keys, key, sealed)
    }

    /// What is sealed with another master key than the present one, sealed with that; the body stays as it is.
    pub(super) fn renew(&self, key: &Key, sealed: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        renew(&self.read().keys, key, sealed)
    }

    /// Has the bodies of changes sealed with the present master key. Gives the version of the store's own record that says
    /// which one that is.
    pub(super) fn renew_changes(&self, changes: &mut [Change]) -> Result<u64, StoreError> {
        let state = self.read();
        for change in changes {
            let Some(value) = &mut change.value else { continue };
            if let Some(renewed) = renew(&state.keys, &change.key, value.body.bytes())? {
                value.body = Body::from_bytes(renewed);
            }
        }
        Ok(state.version)
    }

    /// What stands for a name or a term where the backend sees it.
    pub(super) fn hide(&self, what: u8, length: usize, text: &[u8]) -> Vec<u8> {
        let mut context = hmac::Context::with_key(&self.index);
        context.update(&[what]);
        context.update(text);
        let tag = context.sign();
        tag.as_ref().iter().copied().take(length).collect()
    }

    /// The master keys that are accepted now.
    pub(super) fn keys(&self) -> MasterKeys {
        self.read().keys.clone()
    }

    /// The version of the store's own record that this goes by.
    pub(super) fn version(&self) -> u64 {
        self.read().version
    }

    /// Accepts another master key too.
    pub(super) fn accept(&self, key: MasterKey) {
        self.state.write().unwrap_or_else(PoisonError::into_inner).keys.accept(key);
    }

    /// Seals with the master key that has an identifier from now on, as a version of the store's own record says.
    pub(super) fn go_by(&self, identifier: &[u8], version: u64) -> Result<(), StoreError> {
        let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
        let present = state.keys.find(identifier).ok_or(StoreError::WrongMasterKey)?.clone();
        state.keys.replace(present);
        state.version = version;
        Ok(())
    }

    fn read(&self) -> RwLockReadGuard<'_, State> {
        self.state.read().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The identifier of the master key with which something is sealed.
pub(super) fn identifier(sealed: &[u8]) -> Result<&[u8], StoreError> {
    part(sealed, 1, IDENTIFIER)
}

/// What is sealed with another master key than the present one of these, sealed with that; the body stays as it is.
pub(super) fn renew(keys: &MasterKeys, key: &Key, sealed: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
    if identifier(sealed)? == keys.current.identifier() {
        return Ok(None);
    }
    let data_key = data_key(keys, key, sealed)?;
    let mut renewed = wrap(&keys.current, key, &data_key)?;
    renewed.extend(sealed.get(WRAPPED_AT + WRAPPED..).unwrap_or_default());
    Ok(Some(renewed))
}

/// The bytes sealed for a record with a master key.
pub(super) fn seal(master: &MasterKey, key: &Key, body: &[u8]) -> Result<Vec<u8>, StoreError> {
    let data_key = random_bytes::<32>()?;
    let mut sealed = wrap(master, key, &data_key)?;
    let nonce = random_bytes::<NONCE>()?;
    sealed.extend(*nonce);
    sealed.reserve(body.len() + TAG);
    let start = sealed.len();
    sealed.extend(body);
    let text = sealed.get_mut(start..).unwrap_or_default();
    let tag = cipher(&data_key)?.seal_in_place_separate_tag(of(&nonce), Aad::from(additional(key)), text);
    sealed.extend(tag.map_err(|_| failed())?.as_ref());
    Ok(sealed)
}

/// What was sealed for a record with one of the master keys.
pub(super) fn open(keys: &MasterKeys, key: &Key, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, StoreError> {
    let data_key = data_key(keys, key, sealed)?;
    let nonce = part(sealed, BODY_AT - NONCE, NONCE)?;
    let mut body = Zeroizing::new(sealed.get(BODY_AT..).unwrap_or_default().to_vec());
    decrypt(&data_key, nonce, additional(key), &mut body)?;
    Ok(body)
}

/// What stands before the body: the form, which master key, and the data key, encrypted.
fn wrap(master: &MasterKey, key: &Key, data_key: &[u8; 32]) -> Result<Vec<u8>, StoreError> {
    let nonce = random_bytes::<NONCE>()?;
    let mut wrapped = vec![FORM];
    wrapped.extend(master.identifier());
    wrapped.extend(*nonce);
    let mut text = Zeroizing::new(data_key.to_vec());
    let cipher = cipher(&master.for_record(&additional(key)))?;
    let tag = cipher.seal_in_place_separate_tag(of(&nonce), Aad::from(additional(key)), &mut text);
    wrapped.extend(text.iter());
    wrapped.extend(tag.map_err(|_| failed())?.as_ref());
    Ok(wrapped)
}

/// The data key that stands before a body.
fn data_key(keys: &MasterKeys, key: &Key, sealed: &[u8]) -> Result<Zeroizing<[u8; 32]>, StoreError> {
    if sealed.first() != Some(&FORM) {
        return Err(corrupt("a record is sealed in a form that is not known"));
    }
    let master = keys.find(identifier(sealed)?).ok_or(StoreError::WrongMasterKey)?;
    let nonce = part(sealed, 1 + IDENTIFIER, NONCE)?;
    let mut wrapped = Zeroizing::new(part(sealed, WRAPPED_AT, WRAPPED)?.to_vec());
    decrypt(&master.for_record(&additional(key)), nonce, additional(key), &mut wrapped)?;
    let mut data_key = Zeroizing::new([0; 32]);
    data_key.copy_from_slice(&wrapped);
    Ok(data_key)
}

fn decrypt(
    key: &[u8; 32],
    nonce: &[u8],
    additional: Vec<u8>,
    text: &mut Zeroizing<Vec<u8>>,
) -> Result<(), StoreError> {
    let wrong = || corrupt("a record is not what was sealed");
    let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| wrong())?;
    let length = cipher(key)?.open_in_place(nonce, Aad::from(additional), text).map_err(|_| wrong())?.len();
    text.truncate(length);
    Ok(())
}

/// What a body was encrypted with, which is random: no other body has the same.
pub(super) fn nonce(sealed: &[u8]) -> Option<&[u8; NONCE]> {
    sealed.get(BODY_AT - NONCE..)?.first_chunk()
}

/// What a body belongs to.
fn additional(key: &Key) -> Vec<u8> {
    let mut additional = vec![FORM, key.kind.number()];
    additional.extend(&key.identifier);
    additional
}

fn cipher(key: &[u8; 32]) -> Result<LessSafeKey, StoreError> {
    UnboundKey::new(&AES_256_GCM, key).map(LessSafeKey::new).map_err(|_| failed())
}

fn of(nonce: &[u8; NONCE]) -> Nonce {
    Nonce::assume_unique_for_key(*nonce)
}

fn part(sealed: &[u8], start: usize, length: usize) -> Result<&[u8], StoreError> {
    sealed.get(start..start + length).ok_or_else(|| corrupt("a record is cut off"))
}

/// Random bytes of the system's, also where a server answers by a seed: a nonce that came twice with one key would undo the
/// encryption, and what a client is answered does not depend on them.
pub(super) fn random_bytes<const N: usize>() -> Result<Zeroizing<[u8; N]>, StoreError> {
    let mut bytes = Zeroizing::new([0; N]);
    aws_lc_rs::rand::fill(&mut *bytes).map_err(|_| failed())?;
    Ok(bytes)
}

fn failed() -> StoreError {
    StoreError::Unavailable("the cryptographic library has failed".into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Source;
    use crate::server::store::Kind;

    #[test]
    fn a_seed_seals_nothing_twice_with_the_same_key() {
        let sealing = Sealing::new(MasterKeys::from(MasterKey::new([1; 32])), &[2; 32]);
        let key = Key::new(Kind::OBJECT, "a");
        let sealed = || {
            let source = Source::new(Some(1));
            let _scope = source.request();
            sealing.seal(&key, b"secret").unwrap()
        };
        let (one, other) = (sealed(), sealed());
        assert_ne!(one[WRAPPED_AT..], other[WRAPPED_AT..]);
        assert_ne!(one[BODY_AT..], other[BODY_AT..]);
        assert_eq!(*sealing.open(&key, &one).unwrap(), b"secret");
    }
}
