//! The key that all others of a store depend on, and where it comes from.

use std::fmt;
use std::path::Path;

use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::hmac;
use kmip_types::object::{KeyMaterial, KeyValue, PlainKeyValue};
use zeroize::Zeroizing;

use super::IDENTIFIER;
use crate::Client;
use crate::server::store::StoreError;

/// The key, of 256 bits, that all others of a store depend on.
///
/// ```
/// use kmip_sdk::server::store::MasterKey;
///
/// let key = MasterKey::from_text(&"0f".repeat(32))?;
/// assert_eq!(format!("{key:?}"), "MasterKey(32 bytes)");
/// # Ok::<(), kmip_sdk::server::store::StoreError>(())
/// ```
#[derive(Clone)]
pub struct MasterKey {
    bytes: Zeroizing<[u8; 32]>,
    identifier: [u8; IDENTIFIER],
}

impl MasterKey {
    /// The key of these bytes.
    pub fn new(bytes: [u8; 32]) -> Self {
        let bytes = Zeroizing::new(bytes);
        let mut identifier = [0; IDENTIFIER];
        let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &*bytes), b"kmip store: identifier");
        identifier.copy_from_slice(tag.as_ref().first_chunk::<IDENTIFIER>().unwrap_or(&[0; IDENTIFIER]));
        Self { bytes, identifier }
    }

    /// The key that is 32 bytes, or 64 hexadecimal digits of text, which white space may stand around.
    ///
    /// # Errors
    /// [`StoreError::MasterKey`], if it is neither.
    pub fn from_slice(bytes: &[u8]) -> Result<Self, StoreError> {
        match (<[u8; 32]>::try_from(bytes), std::str::from_utf8(bytes)) {
            (Ok(bytes), _) => Ok(Self::new(bytes)),
            (Err(_), Ok(text)) => Self::from_text(text),
            (Err(_), Err(_)) => {
                Err(StoreError::master_key("it is neither 32 bytes nor 64 hexadecimal digits"))
            }
        }
    }

    /// The key of 64 hexadecimal digits, which white space may stand around.
    ///
    /// # Errors
    /// [`StoreError::MasterKey`], if it is something else.
    pub fn from_text(text: &str) -> Result<Self, StoreError> {
        let wrong = || StoreError::master_key("it is not 64 hexadecimal digits");
        let digits = text.trim().as_bytes();
        if digits.len() != 64 {
            return Err(wrong());
        }
        let mut bytes = Zeroizing::new([0; 32]);
        for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
            for digit in pair {
                let digit = char::from(*digit).to_digit(16).ok_or_else(wrong)?;
                *byte = *byte << 4 | u8::try_from(digit).unwrap_or_default();
            }
        }
        Ok(Self::new(*bytes))
    }

    /// The key in a file: see [`MasterKey::from_slice`].
    ///
    /// # Errors
    /// [`StoreError::MasterKey`], if the file cannot be read or is no key.
    pub fn from_file(path: impl AsRef<Path>) -> Result<Self, StoreError> {
        let bytes = std::fs::read(path).map_err(|error| StoreError::MasterKey {
            message: "its file cannot be read".to_owned(),
            source: Some(Box::new(error)),
        })?;
        Self::from_slice(&Zeroizing::new(bytes))
    }

    /// The key in an environment variable: see [`MasterKey::from_text`].
    ///
    /// # Errors
    /// [`StoreError::MasterKey`], if there is no such variable, or it is no key.
    pub fn from_environment(variable: &str) -> Result<Self, StoreError> {
        let text = std::env::var(variable).map_err(|error| StoreError::MasterKey {
            message: format!("the environment variable {variable} cannot be read"),
            source: Some(Box::new(error)),
        })?;
        Self::from_text(&Zeroizing::new(text))
    }

    /// The key that another KMIP server keeps, an AES key of 256 bits, which is got from there once, by Get. It is in this
    /// process as long as the store is open.
    ///
    /// # Errors
    /// [`StoreError::MasterKey`], if it cannot be got or is no such key.
    pub fn from_kmip(client: &Client, unique_identifier: &str) -> Result<Self, StoreError> {
        let response = client.get(unique_identifier).send().map_err(|error| StoreError::MasterKey {
            message: "the other server does not give it".to_owned(),
            source: Some(Box::new(error)),
        })?;
        let block = response.object.key_block();
        match block.and_then(|block| block.key_value.as_ref()) {
            Some(KeyValue::Plain(PlainKeyValue { key_material: KeyMaterial::Bytes(bytes), .. }))
                if bytes.len() == 32 =>
            {
                Self::from_slice(bytes.reveal())
            }
            _ => Err(StoreError::master_key("the other server's object is no key of 256 bits, in the clear")),
        }
    }

    /// Which key it is, for who does not know it.
    pub(in crate::server::store) fn identifier(&self) -> [u8; IDENTIFIER] {
        self.identifier
    }

    /// The key for the data key of one record.
    pub(super) fn for_record(&self, record: &[u8]) -> Zeroizing<[u8; 32]> {
        let mut context = hmac::Context::with_key(&hmac::Key::new(hmac::HMAC_SHA256, &*self.bytes));
        context.update(b"kmip store: data key");
        context.update(record);
        let mut key = Zeroizing::new([0; 32]);
        key.copy_from_slice(context.sign().as_ref());
        key
    }
}

/// Whether they are the same takes as long to find out as whether they are not.
impl PartialEq for MasterKey {
    fn eq(&self, other: &Self) -> bool {
        verify_slices_are_equal(&*self.bytes, &*other.bytes).is_ok()
    }
}

impl Eq for MasterKey {}

impl fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MasterKey(32 bytes)")
    }
}

/// The master key that a new store is sealed with, and others that are accepted. A store that is there already says which of
/// them it is sealed with: see [`Store::rotate`](crate::server::store::Store::rotate).
#[derive(Clone, Debug)]
pub struct MasterKeys {
    pub(in crate::server::store) current: MasterKey,
    others: Vec<MasterKey>,
}

impl From<MasterKey> for MasterKeys {
    fn from(current: MasterKey) -> Self {
        Self { current, others: Vec::new() }
    }
}

impl MasterKeys {
    /// Accepts another key too: the one before, or the one to come.
    #[must_use]
    pub fn accepting(mut self, other: MasterKey) -> Self {
        self.accept(other);
        self
    }

    pub(in crate::server::store) fn accept(&mut self, other: MasterKey) {
        if self.find(&other.identifier()).is_none() {
            self.others.push(other);
        }
    }

    /// Seals with another key from now on, and still accepts the one before.
    pub(in crate::server::store) fn replace(&mut self, new: MasterKey) {
        if new.identifier() == self.current.identifier() {
            return;
        }
        let old = std::mem::replace(&mut self.current, new);
        self.others.retain(|other| other.identifier() != self.current.identifier());
        self.accept(old);
    }

    pub(in crate::server::store) fn find(&self, identifier: &[u8]) -> Option<&MasterKey> {
        std::iter::once(&self.current).chain(&self.others).find(|key| key.identifier() == identifier)
    }
}
