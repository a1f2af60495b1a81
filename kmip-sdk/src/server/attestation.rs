//! Attestation: what clients prove of their state before they may do something (KMIP 1.4 sections 2.1.2, 6.17 and 11.1, 2.1
//! sections 9.2, 9.11 and 9.14).

use std::fmt;
use std::sync::Arc;

use aws_lc_rs::constant_time::verify_slices_are_equal;
use kmip_types::enumerations::{AttestationType, Operation, ResultReason};
use kmip_types::message::{AttestationCredential, Nonce};
use kmip_types::{DateTime, Interval, Ttlv};
use zeroize::Zeroizing;

use super::crypto::random::random;
use super::shares::{self, Share};
use super::store::{Indexes, Kind, Store, StoreError, Stored, decode_record, encode_record};
use crate::answer::Failure;

/// What verifies an attestation whose nonce holds.
type Verifier = Arc<dyn Fn(&AttestationCredential) -> bool + Send + Sync>;

/// What the server wants of attestations.
#[derive(Clone)]
pub(crate) struct Attestation {
    pub(crate) kinds: Vec<AttestationType>,
    verifier: Verifier,
}

impl fmt::Debug for Attestation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Attestation").field("kinds", &self.kinds).finish_non_exhaustive()
    }
}

fn failed(message: &str) -> Failure {
    Failure::new(ResultReason::AttestationFailed, message)
}

impl Attestation {
    pub(crate) fn new(
        kinds: impl IntoIterator<Item = AttestationType>,
        verifier: impl Fn(&AttestationCredential) -> bool + Send + Sync + 'static,
    ) -> Self {
        Self { kinds: kinds.into_iter().collect(), verifier: Arc::new(verifier) }
    }

    /// Refuses an attestation of somebody's that does not hold. Its nonce is used up in any case.
    pub(crate) fn verify(
        &self,
        credential: &AttestationCredential,
        identity: Option<&str>,
        store: &Store,
        now: DateTime,
    ) -> Result<(), Failure> {
        if !take(store, &credential.nonce, identity, now)? {
            return Err(failed("the Nonce is none of the server's, or holds no longer"));
        }
        if !self.kinds.contains(&credential.attestation_type) {
            return Err(failed("the server takes no attestation of this type"));
        }
        if credential.attestation_measurement.is_none() && credential.attestation_assertion.is_none() {
            return Err(failed("the attestation has neither a measurement nor an assertion"));
        }
        if (self.verifier)(credential) { Ok(()) } else { Err(failed("the attestation does not hold")) }
    }
}

/// Whether an operation is done for who attested only, where it is not said of which that is so. What a client finds out by
/// how to attest is done for all.
pub(crate) fn is_usual(operation: Operation) -> bool {
    !matches!(operation, Operation::Query | Operation::DiscoverVersions)
}

/// Why an operation is not done for who did not attest (KMIP 1.4 section 11.1).
pub(crate) fn required(operation: Operation, is_capable: bool) -> Failure {
    match is_capable {
        true => {
            Failure::new(ResultReason::AttestationRequired, format!("{operation} is for who attests first"))
        }
        false => {
            let message = format!("{operation} is for who can attest");
            Failure::new(ResultReason::PermissionDenied, message)
        }
    }
}

/// A random value that is out, with which a client may attest.
#[derive(Clone)]
pub(crate) struct Issued {
    nonce: Nonce,
    /// To whom it was given.
    identity: Option<String>,
    until: DateTime,
}

/// What is kept of it.
#[derive(Ttlv)]
struct IssuedRecord {
    nonce: Nonce,
    #[ttlv(tag = 0x540080)]
    identity: Option<String>,
    #[ttlv(tag = 0x540081)]
    until: DateTime,
}

impl Stored for Issued {
    const KIND: Kind = Kind::NONCE;

    fn identifier(&self) -> Vec<u8> {
        self.nonce.nonce_id.clone()
    }

    fn indexes(&self) -> Indexes {
        shares::indexes(self.owner(), self.until)
    }

    fn encode(&self) -> Result<Zeroizing<Vec<u8>>, StoreError> {
        let Self { nonce, identity, until } = self.clone();
        encode_record(&IssuedRecord { nonce, identity, until })
    }

    fn decode(bytes: &[u8]) -> Result<Self, StoreError> {
        let IssuedRecord { nonce, identity, until } = decode_record(bytes)?;
        Ok(Self { nonce, identity, until })
    }
}

/// Where somebody would have more, the oldest ones hold no longer.
impl Share for Issued {
    const OF_ONE: u64 = 100;
    const OF_ALL: u64 = 10_000;

    fn owner(&self) -> Option<&str> {
        self.identity.as_deref()
    }
}

/// A new random value for somebody. Where others have all that there may be, and none of them more, there is none.
pub(crate) fn issue(
    store: &Store,
    identity: Option<&str>,
    now: DateTime,
    time: Interval,
) -> Result<Nonce, Failure> {
    let bytes = |count| Ok::<Vec<u8>, Failure>(random(count)?.reveal().to_vec());
    let nonce = Nonce { nonce_id: bytes(8)?, nonce_value: bytes(32)? };
    let until = DateTime::from_seconds(now.seconds().saturating_add(i64::from(time.seconds())));
    if !shares::has_room::<Issued>(store, identity, now)? {
        shares::forget_own::<Issued>(store, identity, now)?;
        if !shares::has_room::<Issued>(store, identity, now)? {
            return Err(Failure::new(ResultReason::ServerLimitExceeded, "there are no more nonces"));
        }
    }
    let mut transaction = store.begin(now, &[]);
    transaction.put(Issued { nonce: nonce.clone(), identity: identity.map(str::to_owned), until })?;
    transaction.commit()?;
    Ok(nonce)
}

/// Whether one was given to somebody and holds, which it does once.
fn take(store: &Store, nonce: &Nonce, identity: Option<&str>, now: DateTime) -> Result<bool, StoreError> {
    loop {
        let mut transaction = store.begin(now, &[]);
        let found = transaction.value::<Issued>(&nonce.nonce_id)?;
        let Some(found) = found.filter(|found| found.identity.as_deref() == identity) else {
            return Ok(false);
        };
        transaction.remove::<Issued>(&nonce.nonce_id)?;
        match transaction.commit() {
            Ok(()) => {
                let (kept, given) = (&found.nonce.nonce_value, &nonce.nonce_value);
                return Ok(found.until > now && verify_slices_are_equal(kept, given).is_ok());
            }
            // Somebody else attests with it at this moment.
            Err(StoreError::Conflict) => {}
            Err(error) => return Err(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_nonce_holds_once_for_one_and_for_its_time() {
        let at = DateTime::from_seconds;
        let store = Store::memory();
        let issue = || issue(&store, Some("alice"), at(100), Interval::from_seconds(10)).unwrap();
        let take = |nonce: &Nonce, identity, now| take(&store, nonce, identity, now).unwrap();
        let nonce = issue();
        assert!(!take(&nonce, Some("bob"), at(100)), "it is alice's");
        assert!(!take(&nonce, None, at(100)));
        assert!(take(&nonce, Some("alice"), at(109)));
        assert!(!take(&nonce, Some("alice"), at(109)), "it was used");
        assert!(!take(&issue(), Some("alice"), at(110)), "its time is over");
        let other = Nonce { nonce_value: vec![0; 32], ..issue() };
        assert!(!take(&other, Some("alice"), at(100)), "it has another value");
    }

    #[test]
    fn there_are_no_more_than_so_many() {
        let at = DateTime::from_seconds;
        let store = Store::memory();
        let issue = |now| issue(&store, None, at(now), Interval::from_seconds(10)).unwrap();
        let first = issue(100);
        let last = (1..Issued::OF_ONE).fold(issue(101), |_, _| issue(101));
        assert_eq!(store.count(Kind::NONCE).unwrap(), Issued::OF_ONE);
        let take = |nonce: &Nonce| take(&store, nonce, None, at(101)).unwrap();
        assert!(!take(&first) && take(&last));
        issue(200);
        assert_eq!(store.count(Kind::NONCE).unwrap(), 1, "those whose time is over are gone");
    }
}
