//! Passwords that hold once (RFC 4226, RFC 6238).

use kmip_types::enumerations::HashingAlgorithm;
use kmip_types::{DateTime, SecretBytes, Ttlv};

use crate::server::crypto::hash::hash;
use crate::server::crypto::mac::hmac;
use crate::server::store::{StoreError, corrupt};

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

    /// Some that nobody has, which take as long to make.
    pub(super) fn of_nobody() -> Self {
        Self::counted(vec![0; 20])
    }

    /// The password with a number (RFC 4226 section 5.3).
    pub(super) fn password(&self, number: u64) -> Option<String> {
        let mut mac = hmac(self.hash, self.secret.reveal()).ok()?;
        mac.update(&number.to_be_bytes());
        let code = mac.finish();
        let offset = usize::from(code.last()? & 0x0F);
        let four: [u8; 4] = code.get(offset..offset + 4)?.try_into().ok()?;
        let value = (u32::from_be_bytes(four) & 0x7FFF_FFFF) % 10_u32.pow(self.digits);
        Some(format!("{value:0width$}", width = self.digits as usize))
    }

    /// The numbers of the passwords that hold now, where `next` is the first that was not used.
    pub(super) fn numbers(&self, next: u64, now: DateTime) -> std::ops::RangeInclusive<u64> {
        match self.period {
            None => next..=next.saturating_add(AHEAD),
            Some(period) => {
                let step = u64::try_from(now.seconds()).unwrap_or(0) / u64::from(period.max(1));
                next.max(step.saturating_sub(PERIODS_OFF))..=step.saturating_add(PERIODS_OFF)
            }
        }
    }

    /// What tells these passwords from those of another secret, and nothing of the secret.
    pub(super) fn mark(&self) -> Vec<u8> {
        let digest = hash(HashingAlgorithm::Sha256, self.secret.reveal()).unwrap_or_default();
        digest.into_iter().take(8).collect()
    }
}

/// What is kept of them.
#[derive(Ttlv)]
pub(super) struct OneTimeRecord {
    #[ttlv(tag = 0x540098)]
    secret: SecretBytes,
    hashing_algorithm: HashingAlgorithm,
    #[ttlv(tag = 0x540099)]
    digits: i32,
    #[ttlv(tag = 0x54009A)]
    period: Option<i64>,
}

impl From<&OneTimePasswords> for OneTimeRecord {
    fn from(OneTimePasswords { secret, hash, digits, period }: &OneTimePasswords) -> Self {
        Self {
            secret: secret.clone(),
            hashing_algorithm: *hash,
            digits: i32::try_from(*digits).unwrap_or(6),
            period: period.map(i64::from),
        }
    }
}

impl TryFrom<OneTimeRecord> for OneTimePasswords {
    type Error = StoreError;

    fn try_from(record: OneTimeRecord) -> Result<Self, StoreError> {
        let wrong = |_| corrupt("a user's one-time passwords are of no such length or period");
        let passwords = Self::counted(record.secret)
            .hash(record.hashing_algorithm)
            .digits(u32::try_from(record.digits).map_err(wrong)?);
        let period = record.period.map(u32::try_from).transpose().map_err(wrong)?;
        Ok(Self { period, ..passwords })
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
