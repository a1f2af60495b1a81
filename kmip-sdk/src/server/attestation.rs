//! Attestation: what clients prove of their state before they may do something (KMIP 1.4 sections 2.1.2, 6.17 and 11.1, 2.1
//! sections 9.2, 9.11 and 9.14).

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use aws_lc_rs::constant_time::verify_slices_are_equal;
use kmip_types::enumerations::{AttestationType, Operation, ResultReason};
use kmip_types::message::{AttestationCredential, Nonce};
use kmip_types::{DateTime, Interval};

use super::crypto::random::random;
use crate::answer::Failure;

/// How many random values may be out at a time; the oldest ones hold no longer, where there would be more.
const MAXIMUM_NONCES: usize = 1000;

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
        nonces: &Nonces,
        now: DateTime,
    ) -> Result<(), Failure> {
        if !nonces.take(&credential.nonce, identity, now) {
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

/// A random value that is out.
struct Issued {
    nonce: Nonce,
    /// To whom it was given.
    identity: Option<String>,
    until: DateTime,
}

/// The random values that clients may attest with, the oldest first.
#[derive(Default)]
pub(crate) struct Nonces {
    issued: Mutex<VecDeque<Issued>>,
}

impl fmt::Debug for Nonces {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Nonces").finish_non_exhaustive()
    }
}

impl Nonces {
    /// A new one for somebody.
    pub(crate) fn issue(
        &self,
        identity: Option<&str>,
        now: DateTime,
        time: Interval,
    ) -> Result<Nonce, Failure> {
        let bytes = |count| Ok::<Vec<u8>, Failure>(random(count)?.reveal().to_vec());
        let nonce = Nonce { nonce_id: bytes(8)?, nonce_value: bytes(32)? };
        let until = DateTime::from_seconds(now.seconds().saturating_add(i64::from(time.seconds())));
        let mut issued = self.issued.lock().unwrap_or_else(PoisonError::into_inner);
        issued.retain(|issued| issued.until > now);
        if issued.len() >= MAXIMUM_NONCES {
            issued.pop_front();
        }
        issued.push_back(Issued { nonce: nonce.clone(), identity: identity.map(str::to_owned), until });
        Ok(nonce)
    }

    /// Whether one was given to somebody and holds, which it does once.
    fn take(&self, nonce: &Nonce, identity: Option<&str>, now: DateTime) -> bool {
        let mut issued = self.issued.lock().unwrap_or_else(PoisonError::into_inner);
        let is_it = |issued: &Issued| {
            issued.nonce.nonce_id == nonce.nonce_id && issued.identity.as_deref() == identity
        };
        let found = issued.iter().position(is_it).and_then(|position| issued.remove(position));
        found.is_some_and(|found| {
            found.until > now && verify_slices_are_equal(&found.nonce.nonce_value, &nonce.nonce_value).is_ok()
        })
    }

    /// Forgets all.
    pub(crate) fn clear(&self) {
        self.issued.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_nonce_holds_once_for_one_and_for_its_time() {
        let at = DateTime::from_seconds;
        let nonces = Nonces::default();
        let issue = || nonces.issue(Some("alice"), at(100), Interval::from_seconds(10)).unwrap();
        let nonce = issue();
        assert!(!nonces.take(&nonce, Some("bob"), at(100)), "it is alice's");
        assert!(!nonces.take(&nonce, None, at(100)));
        assert!(nonces.take(&nonce, Some("alice"), at(109)));
        assert!(!nonces.take(&nonce, Some("alice"), at(109)), "it was used");
        assert!(!nonces.take(&issue(), Some("alice"), at(110)), "its time is over");
        let other = Nonce { nonce_value: vec![0; 32], ..issue() };
        assert!(!nonces.take(&other, Some("alice"), at(100)), "it has another value");
    }

    #[test]
    fn there_are_no_more_than_so_many() {
        let at = DateTime::from_seconds;
        let nonces = Nonces::default();
        let issue = |now| nonces.issue(None, at(now), Interval::from_seconds(10)).unwrap();
        let first = issue(100);
        let last = (1..MAXIMUM_NONCES).fold(issue(101), |_, _| issue(101));
        assert_eq!(nonces.issued.lock().unwrap().len(), MAXIMUM_NONCES);
        assert!(!nonces.take(&first, None, at(101)) && nonces.take(&last, None, at(101)));
        issue(200);
        assert_eq!(nonces.issued.lock().unwrap().len(), 1, "those whose time is over are gone");
    }
}
