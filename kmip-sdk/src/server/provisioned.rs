//! The certificates that clients were given in place of those that they connected with (Re-Provision, KMIP 2.1 section 6.1.48).

use kmip_types::Ttlv;
use kmip_types::enumerations::ResultReason;
use zeroize::Zeroizing;

use super::identities::Identify;
use super::store::{Indexes, Kind, Store, StoreError, Stored, decode_record, encode_record};
use crate::answer::Failure;

/// What a client connects with since it was given it: each has one at a time.
#[derive(Clone, Debug)]
pub(crate) struct Provisioned {
    /// The client's name.
    pub(crate) client: String,
    /// The certificate, in DER.
    pub(crate) certificate: Vec<u8>,
    /// The managed object that it is.
    pub(crate) identifier: String,
}

/// What is kept of it.
#[derive(Ttlv)]
struct ProvisionedRecord {
    #[ttlv(tag = 0x540070)]
    client: String,
    #[ttlv(tag = 0x540071)]
    certificate: Vec<u8>,
    unique_identifier: String,
}

impl Stored for Provisioned {
    const KIND: Kind = Kind::PROVISIONED;

    fn identifier(&self) -> Vec<u8> {
        self.client.clone().into_bytes()
    }

    fn indexes(&self) -> Indexes {
        Indexes::default()
    }

    fn encode(&self) -> Result<Zeroizing<Vec<u8>>, StoreError> {
        let Self { client, certificate, identifier } = self.clone();
        encode_record(&ProvisionedRecord { client, certificate, unique_identifier: identifier })
    }

    fn decode(bytes: &[u8]) -> Result<Self, StoreError> {
        let ProvisionedRecord { client, certificate, unique_identifier } = decode_record(bytes)?;
        Ok(Self { client, certificate, identifier: unique_identifier })
    }
}

/// Refuses a client that was given another certificate.
pub(crate) fn check(store: &Store, name: &str, certificate: &[u8]) -> Result<(), Failure> {
    match store.given(name)? {
        Some(given) if given.certificate != certificate => {
            let message = "another certificate has taken the place of the client's";
            Err(Failure::new(ResultReason::AuthenticationNotSuccessful, message))
        }
        _ => Ok(()),
    }
}

/// Whether a client was given this certificate, and no other since.
pub(crate) fn is_given(store: &Store, certificate: &[u8], identify: &Identify) -> Result<bool, StoreError> {
    let given = store.given(&identify.identify(certificate))?;
    Ok(given.is_some_and(|given| given.certificate == certificate))
}
