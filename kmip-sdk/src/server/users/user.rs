//! Somebody whom servers know, and what proves who they are.

use std::fmt;

use aws_lc_rs::pbkdf2;
use kmip_types::enumerations::HashingAlgorithm;
use kmip_types::message::DeviceCredential;
use kmip_types::{SecretBytes, Ttlv};
use zeroize::Zeroizing;

use super::one_time::{OneTimePasswords, OneTimeRecord};
use super::{HASHES, ITERATIONS};
use crate::server::crypto::hash::hash;
use crate::server::crypto::random::random;
use crate::server::store::{Indexes, Kind, StoreError, Stored, Term, decode_record, encode_record};

/// Somebody who may ask with credentials in the request (KMIP 1.4 section 2.1.2, 2.1 section 9.11). What they make is there
/// for them only. [`Store::users`](crate::server::store::Store::users) keeps them for every server on a store.
///
/// Of passwords, hashes are kept. `Debug` shows none of it.
///
/// ```
/// use kmip_sdk::server::User;
///
/// let user = User::new("alice").password("secret");
/// assert!(user.has_password() && !format!("{user:?}").contains("secret"));
/// ```
#[derive(Clone)]
pub struct User {
    pub(super) name: String,
    pub(super) password: Option<Password>,
    pub(super) halves: Vec<Halves>,
    pub(super) one_time: Option<OneTimePasswords>,
    pub(super) devices: Vec<Device>,
}

/// A password, which is not kept itself.
#[derive(Clone, Ttlv)]
pub(super) struct Password {
    #[ttlv(tag = 0x540092)]
    salt: Vec<u8>,
    #[ttlv(tag = 0x540093)]
    hash: SecretBytes,
}

/// What a Hashed Password is made of: the hash of user name and password, and that of password and user name.
#[derive(Clone, Ttlv)]
pub(super) struct Halves {
    pub(super) hashing_algorithm: HashingAlgorithm,
    #[ttlv(tag = 0x540094)]
    pub(super) first: SecretBytes,
    #[ttlv(tag = 0x540095)]
    pub(super) second: SecretBytes,
}

/// A device that stands for its user.
#[derive(Clone, Ttlv)]
pub(super) struct Device {
    /// What identifies it, without its password.
    #[ttlv(tag = 0x540096)]
    fields: DeviceCredential,
    #[ttlv(tag = 0x540097)]
    password: Option<Password>,
}

impl User {
    /// Somebody of whom nothing is known yet but the name.
    pub fn new(name: impl Into<String>) -> Self {
        let (password, halves, one_time, devices) = (None, Vec::new(), None, Vec::new());
        Self { name: name.into(), password, halves, one_time, devices }
    }

    /// Another password, for Username and Password and for Hashed Password.
    #[must_use]
    pub fn password(mut self, password: &str) -> Self {
        let halves = HASHES.iter().filter_map(|algorithm| {
            let both = |one: &str, other: &str| {
                let text = Zeroizing::new([one, other].concat());
                hash(*algorithm, text.as_bytes()).ok().map(SecretBytes::from)
            };
            let (first, second) = (both(&self.name, password)?, both(password, &self.name)?);
            Some(Halves { hashing_algorithm: *algorithm, first, second })
        });
        self.halves = halves.collect();
        self.password = Some(Password::of(password));
        self
    }

    /// One-time passwords, without which the password, if there is one, does not do any more.
    #[must_use]
    pub fn one_time_passwords(mut self, passwords: OneTimePasswords) -> Self {
        self.one_time = Some(passwords);
        self
    }

    /// A device that may ask under this name, with a credential whose fields are exactly these.
    #[must_use]
    pub fn device(mut self, mut device: DeviceCredential) -> Self {
        let password = device.password.take().map(|password| Password::of(password.reveal()));
        self.devices.retain(|other| other.fields != device);
        self.devices.push(Device { fields: device, password });
        self
    }

    /// What they are called.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether there is a password.
    pub fn has_password(&self) -> bool {
        self.password.is_some()
    }

    /// Whether there are one-time passwords.
    pub fn has_one_time_passwords(&self) -> bool {
        self.one_time.is_some()
    }

    /// The devices, without their passwords.
    pub fn devices(&self) -> impl Iterator<Item = &DeviceCredential> {
        self.devices.iter().map(|device| &device.fields)
    }
}

/// It shows who it is.
impl fmt::Debug for User {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("User").field("name", &self.name).finish_non_exhaustive()
    }
}

impl Password {
    pub(super) fn of(password: &str) -> Self {
        // Without randomness there is no salt.
        let salt = random(16).map_or_else(|_| vec![0; 16], |bytes| bytes.reveal().to_vec());
        let mut hash = vec![0; 32];
        pbkdf2::derive(pbkdf2::PBKDF2_HMAC_SHA256, ITERATIONS, &salt, password.as_bytes(), &mut hash);
        Self { salt, hash: hash.into() }
    }

    /// One that nobody has.
    pub(super) fn of_nobody() -> Self {
        Self { salt: vec![0; 16], hash: vec![0; 32].into() }
    }

    pub(super) fn is(&self, password: &str) -> bool {
        let (algorithm, password) = (pbkdf2::PBKDF2_HMAC_SHA256, password.as_bytes());
        pbkdf2::verify(algorithm, ITERATIONS, &self.salt, password, self.hash.reveal()).is_ok()
    }
}

impl Device {
    /// Whether a credential is this device's, but for the password.
    pub(super) fn is(&self, given: &DeviceCredential) -> bool {
        let known = &self.fields;
        let pairs = [
            (&given.device_serial_number, &known.device_serial_number),
            (&given.device_identifier, &known.device_identifier),
            (&given.network_identifier, &known.network_identifier),
            (&given.machine_identifier, &known.machine_identifier),
            (&given.media_identifier, &known.media_identifier),
        ];
        pairs.iter().all(|(given, known)| given == known) && pairs.iter().any(|(given, _)| given.is_some())
    }

    /// Its password, if it has one.
    pub(super) fn password(&self) -> Option<&Password> {
        self.password.as_ref()
    }
}

/// What a device is found by, whose password says nothing of that.
pub(super) fn name_of_device(device: &DeviceCredential) -> Term {
    let fields = DeviceCredential { password: None, ..device.clone() };
    encode_record(&fields).map(|bytes| bytes.to_vec()).unwrap_or_default().into()
}

/// What all users are found by.
pub(super) const EVERYBODY: &[u8] = b"user";

/// What is kept of a user.
#[derive(Ttlv)]
struct UserRecord {
    #[ttlv(tag = 0x540090)]
    name: String,
    #[ttlv(tag = 0x540091)]
    password: Option<Password>,
    #[ttlv(tag = 0x54009B)]
    halves: Vec<Halves>,
    #[ttlv(tag = 0x54009C)]
    one_time: Option<OneTimeRecord>,
    #[ttlv(tag = 0x54009D)]
    devices: Vec<Device>,
}

impl Stored for User {
    const KIND: Kind = Kind::USER;

    fn identifier(&self) -> Vec<u8> {
        self.name.clone().into_bytes()
    }

    fn indexes(&self) -> Indexes {
        let names = self.devices().map(name_of_device).collect();
        Indexes { terms: vec![EVERYBODY.to_vec().into()], names, due: None }
    }

    fn encode(&self) -> Result<Zeroizing<Vec<u8>>, StoreError> {
        let Self { name, password, halves, one_time, devices } = self.clone();
        let one_time = one_time.as_ref().map(OneTimeRecord::from);
        encode_record(&UserRecord { name, password, halves, one_time, devices })
    }

    fn decode(bytes: &[u8]) -> Result<Self, StoreError> {
        let UserRecord { name, password, halves, one_time, devices } = decode_record(bytes)?;
        let one_time = one_time.map(OneTimePasswords::try_from).transpose()?;
        Ok(Self { name, password, halves, one_time, devices })
    }
}
