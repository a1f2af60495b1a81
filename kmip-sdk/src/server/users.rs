//! Users and devices that the server knows, and what proves who they are (KMIP 1.4 section 2.1.2, 2.1 section 9.11).

use std::fmt;
use std::num::NonZeroU32;

use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::pbkdf2;
use kmip_types::enumerations::HashingAlgorithm;
use kmip_types::message::{DeviceCredential, HashedPasswordCredential};
use kmip_types::{DateTime, SecretBytes, Ttlv};
use zeroize::Zeroizing;

use super::crypto::hash::hash;
use super::crypto::mac::hmac;
use super::crypto::random::random;
use super::store::{Indexes, Kind, Store, StoreError, Stored, decode_record, encode_record};

/// How often a password is hashed.
const ITERATIONS: NonZeroU32 = NonZeroU32::new(10_000).unwrap();

/// The hashes that a Hashed Password may be made with, the first where the client does not say.
const HASHES: [HashingAlgorithm; 3] =
    [HashingAlgorithm::Sha256, HashingAlgorithm::Sha384, HashingAlgorithm::Sha512];

/// How many one-time passwords a client may have made without using them, and how many periods its clock may be off.
const AHEAD: u64 = 10;
const PERIODS_OFF: u64 = 1;

/// How one-time passwords are made: with a counter (HOTP, RFC 4226), or with the time (TOTP, RFC 6238).
///
/// ```
/// use kmip_sdk::server::{OneTimePasswords, ServerOptions};
///
/// let passwords = OneTimePasswords::timed(b"12345678901234567890".to_vec());
/// let options = ServerOptions::default().user("alice", "secret").one_time_passwords("alice", passwords);
/// # let _ = options;
/// ```
#[derive(Clone, Debug)]
pub struct OneTimePasswords {
    secret: SecretBytes,
    hash: HashingAlgorithm,
    digits: u32,
    /// How many seconds a password holds, where it is made with the time.
    period: Option<u32>,
}

impl OneTimePasswords {
    /// Passwords of six digits that are made with a counter from 0 and SHA-1.
    pub fn counted(secret: impl Into<SecretBytes>) -> Self {
        Self { secret: secret.into(), hash: HashingAlgorithm::Sha1, digits: 6, period: None }
    }

    /// Passwords of six digits that are made with the server's clock and SHA-1, a new one every 30 seconds.
    pub fn timed(secret: impl Into<SecretBytes>) -> Self {
        Self { period: Some(30), ..Self::counted(secret) }
    }

    /// Another number of digits, from 1 to 9.
    #[must_use]
    pub fn digits(mut self, digits: u32) -> Self {
        self.digits = digits.clamp(1, 9);
        self
    }

    /// Another hash.
    #[must_use]
    pub fn hash(mut self, hash: HashingAlgorithm) -> Self {
        self.hash = hash;
        self
    }

    /// The password with a number (RFC 4226 section 5.3).
    fn password(&self, number: u64) -> Option<String> {
        let mut mac = hmac(self.hash, self.secret.reveal()).ok()?;
        mac.update(&number.to_be_bytes());
        let code = mac.finish();
        let offset = usize::from(code.last()? & 0x0F);
        let four: [u8; 4] = code.get(offset..offset + 4)?.try_into().ok()?;
        let value = (u32::from_be_bytes(four) & 0x7FFF_FFFF) % 10_u32.pow(self.digits);
        Some(format!("{value:0width$}", width = self.digits as usize))
    }

    /// The numbers of the passwords that hold now, where `next` is the first that was not used.
    fn numbers(&self, next: u64, now: DateTime) -> std::ops::RangeInclusive<u64> {
        match self.period {
            None => next..=next.saturating_add(AHEAD),
            Some(period) => {
                let step = u64::try_from(now.seconds()).unwrap_or(0) / u64::from(period.max(1));
                next.max(step.saturating_sub(PERIODS_OFF))..=step.saturating_add(PERIODS_OFF)
            }
        }
    }
}

/// A password, which is not kept itself.
#[derive(Clone)]
struct Password {
    salt: [u8; 16],
    hash: [u8; 32],
}

impl Password {
    fn new(password: &str) -> Self {
        let mut salt = [0; 16];
        // Without randomness there is no salt.
        if let Ok(bytes) = random(salt.len()) {
            salt.copy_from_slice(bytes.reveal());
        }
        let mut hash = [0; 32];
        pbkdf2::derive(pbkdf2::PBKDF2_HMAC_SHA256, ITERATIONS, &salt, password.as_bytes(), &mut hash);
        Self { salt, hash }
    }

    fn is(&self, password: &str) -> bool {
        let algorithm = pbkdf2::PBKDF2_HMAC_SHA256;
        pbkdf2::verify(algorithm, ITERATIONS, &self.salt, password.as_bytes(), &self.hash).is_ok()
    }
}

/// What a Hashed Password is made of: the hash of user name and password, and that of password and user name.
#[derive(Clone)]
struct Halves {
    algorithm: HashingAlgorithm,
    first: Vec<u8>,
    second: Vec<u8>,
}

#[derive(Clone)]
struct User {
    name: String,
    password: Option<Password>,
    halves: Vec<Halves>,
    one_time: Option<OneTimePasswords>,
}

#[derive(Clone)]
struct Device {
    name: String,
    /// What identifies it, without its password.
    fields: DeviceCredential,
    password: Option<Password>,
}

/// Everybody whom the server knows.
#[derive(Clone, Default)]
pub(crate) struct Users {
    users: Vec<User>,
    devices: Vec<Device>,
}

impl fmt::Debug for Users {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.users.iter().map(|user| user.name.as_str()).collect();
        let devices: Vec<&str> = self.devices.iter().map(|device| device.name.as_str()).collect();
        f.debug_struct("Users").field("users", &names).field("devices", &devices).finish()
    }
}

/// What somebody proved with before: it proves nothing again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Used {
    user: String,
    /// The Timestamp of the last Hashed Password, in microseconds.
    timestamp: Option<i64>,
    /// The number of the next one-time password.
    next: u64,
}

/// What is kept of it.
#[derive(Ttlv)]
struct UsedRecord {
    #[ttlv(tag = 0x540050)]
    user: String,
    #[ttlv(tag = 0x540051)]
    timestamp: Option<i64>,
    #[ttlv(tag = 0x540052)]
    next: i64,
}

impl Stored for Used {
    const KIND: Kind = Kind::USED;

    fn identifier(&self) -> Vec<u8> {
        self.user.clone().into_bytes()
    }

    fn indexes(&self) -> Indexes {
        Indexes::default()
    }

    fn encode(&self) -> Result<Zeroizing<Vec<u8>>, StoreError> {
        let Self { user, timestamp, next } = self;
        let next = i64::try_from(*next).unwrap_or(i64::MAX);
        encode_record(&UsedRecord { user: user.clone(), timestamp: *timestamp, next })
    }

    fn decode(bytes: &[u8]) -> Result<Self, StoreError> {
        let UsedRecord { user, timestamp, next } = decode_record(bytes)?;
        Ok(Self { user, timestamp, next: u64::try_from(next).unwrap_or(0) })
    }
}

/// Has somebody use something up that has not been used: what `take` makes of what they used, if it may be used.
fn use_up<T>(
    store: &Store,
    user: &str,
    now: DateTime,
    take: impl Fn(&mut Used) -> Option<T>,
) -> Result<Option<T>, StoreError> {
    loop {
        let mut transaction = store.begin(now, &[]);
        let used = transaction.value::<Used>(user.as_bytes())?;
        let mut used = used
            .map_or_else(|| Used { user: user.to_owned(), timestamp: None, next: 0 }, |used| (*used).clone());
        let Some(taken) = take(&mut used) else { return Ok(None) };
        transaction.put(used)?;
        match transaction.commit() {
            Ok(()) => return Ok(Some(taken)),
            // Somebody else proves who they are at this moment.
            Err(StoreError::Conflict) => {}
            Err(error) => return Err(error),
        }
    }
}

impl Users {
    fn entry(&mut self, name: String) -> &mut User {
        let number = self.users.iter().position(|user| user.name == name).unwrap_or_else(|| {
            self.users.push(User { name, password: None, halves: Vec::new(), one_time: None });
            self.users.len() - 1
        });
        &mut self.users[number]
    }

    /// Adds somebody, or gives them another password.
    pub(crate) fn add(&mut self, name: String, password: &str) {
        let halves = HASHES.iter().filter_map(|algorithm| {
            let both = |one: &str, other: &str| {
                let text = Zeroizing::new([one, other].concat());
                hash(*algorithm, text.as_bytes()).ok()
            };
            let (first, second) = (both(&name, password)?, both(password, &name)?);
            Some(Halves { algorithm: *algorithm, first, second })
        });
        let halves = halves.collect();
        let user = self.entry(name);
        user.password = Some(Password::new(password));
        user.halves = halves;
    }

    /// Adds somebody who has one-time passwords, or gives these to somebody who is there.
    pub(crate) fn add_one_time(&mut self, name: String, passwords: OneTimePasswords) {
        self.entry(name).one_time = Some(passwords);
    }

    /// Adds a device.
    pub(crate) fn add_device(&mut self, name: String, mut fields: DeviceCredential) {
        let password = fields.password.take().map(|password| Password::new(password.reveal()));
        self.devices.push(Device { name, fields, password });
    }

    fn find(&self, name: &str) -> Option<&User> {
        self.users.iter().find(|user| user.name == name)
    }

    /// Whether this is somebody's password, which is all that they have to say. That nobody has the name takes as long to
    /// find out.
    pub(crate) fn is_password(&self, name: &str, password: &str) -> bool {
        let user = self.find(name);
        let nobody = Password { salt: [0; 16], hash: [0; 32] };
        let kept = user.and_then(|user| user.password.as_ref());
        let is_right = kept.unwrap_or(&nobody).is(password);
        is_right && kept.is_some() && user.is_some_and(|user| user.one_time.is_none())
    }

    /// Whether this is somebody's one-time password, beside their password if they have one. It holds once.
    pub(crate) fn is_one_time(
        &self,
        name: &str,
        password: Option<&str>,
        one_time: &str,
        store: &Store,
        now: DateTime,
    ) -> Result<bool, StoreError> {
        let Some(user) = self.find(name) else { return Ok(false) };
        let is_password = match (&user.password, password) {
            (Some(kept), Some(password)) => kept.is(password),
            (None, None) => true,
            _ => false,
        };
        let Some(passwords) = user.one_time.as_ref().filter(|_| is_password) else { return Ok(false) };
        let found = use_up(store, name, now, |used| {
            let number = passwords.numbers(used.next, now).find(|number| {
                let wanted = passwords.password(*number);
                wanted.is_some_and(|wanted| {
                    verify_slices_are_equal(wanted.as_bytes(), one_time.as_bytes()).is_ok()
                })
            })?;
            used.next = number.saturating_add(1);
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
        let Some((user, proof)) = self.proof(credential) else { return Ok(None) };
        let timestamp = credential.timestamp.microseconds();
        use_up(store, user, now, |used| {
            let is_new = used.timestamp.is_none_or(|last| last < timestamp);
            used.timestamp = Some(timestamp);
            is_new.then(|| proof.clone())
        })
    }

    /// Whose Hashed Password it is, and what proves to them that the server knows it.
    fn proof(&self, credential: &HashedPasswordCredential) -> Option<(&str, Vec<u8>)> {
        let algorithm = credential.hashing_algorithm.unwrap_or(HASHES[0]);
        let user = self.find(&credential.username).filter(|user| user.one_time.is_none())?;
        let halves = user.halves.iter().find(|halves| halves.algorithm == algorithm)?;
        let time = credential.timestamp.microseconds().to_be_bytes();
        let mut wanted = hash(algorithm, &[&halves.first[..], &time].concat()).ok()?;
        wanted.extend(&halves.second);
        verify_slices_are_equal(&wanted, credential.hashed_password.reveal()).ok()?;
        let second = hash(algorithm, &halves.second).ok()?;
        let proof = hash(algorithm, &[&time, &halves.first[..], &second].concat()).ok()?;
        Some((&user.name, proof))
    }

    /// The name of the device whose fields are exactly these.
    pub(crate) fn device(&self, given: &DeviceCredential) -> Option<&str> {
        let found = self.devices.iter().find(|device| {
            let known = &device.fields;
            let pairs = [
                (&given.device_serial_number, &known.device_serial_number),
                (&given.device_identifier, &known.device_identifier),
                (&given.network_identifier, &known.network_identifier),
                (&given.machine_identifier, &known.machine_identifier),
                (&given.media_identifier, &known.media_identifier),
            ];
            pairs.iter().all(|(given, known)| given == known)
                && pairs.iter().any(|(given, _)| given.is_some())
        })?;
        let is_right = match (&found.password, &given.password) {
            (Some(kept), Some(password)) => kept.is(password.reveal()),
            (None, None) => true,
            _ => false,
        };
        is_right.then_some(found.name.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_time_passwords_are_those_of_the_rfcs() {
        // RFC 4226 appendix D.
        let secret = b"12345678901234567890";
        let counted = OneTimePasswords::counted(secret.to_vec());
        for (number, expected) in (0..).zip(["755224", "287082", "359152", "969429", "338314", "254676"]) {
            assert_eq!(counted.password(number).as_deref(), Some(expected));
        }
        // RFC 6238 appendix B.
        let long = |length: usize| secret.iter().copied().cycle().take(length).collect::<Vec<u8>>();
        for (hash, length, expected) in [
            (HashingAlgorithm::Sha1, 20, ["94287082", "07081804", "89005924", "65353130"]),
            (HashingAlgorithm::Sha256, 32, ["46119246", "68084774", "91819424", "77737706"]),
            (HashingAlgorithm::Sha512, 64, ["90693936", "25091201", "93441116", "47863826"]),
        ] {
            let timed = OneTimePasswords::timed(long(length)).digits(8).hash(hash);
            for (time, expected) in
                [59, 1_111_111_109, 1_234_567_890, 20_000_000_000].into_iter().zip(expected)
            {
                let numbers = timed.numbers(0, DateTime::from_seconds(time));
                assert_eq!(timed.password(numbers.start() + 1).as_deref(), Some(expected), "{hash} {time}");
            }
        }
    }
}
