//! The certificates that clients were given in place of those that they connected with (Re-Provision, KMIP 2.1 section 6.1.48).

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use kmip_types::enumerations::ResultReason;

use super::identities::Identify;
use crate::answer::Failure;

/// What a client connects with since it was given it.
#[derive(Debug)]
pub(crate) struct Provisioned {
    /// The certificate, in DER.
    pub(crate) certificate: Vec<u8>,
    /// The managed object that it is.
    pub(crate) identifier: String,
}

/// Those of all clients that were given one, by the clients' names. Each has one at a time.
#[derive(Debug, Default)]
pub(crate) struct ProvisionedClients {
    clients: RwLock<HashMap<String, Arc<Provisioned>>>,
}

fn refused(message: &str) -> Failure {
    Failure::new(ResultReason::AuthenticationNotSuccessful, message)
}

impl ProvisionedClients {
    /// What a client was given last.
    pub(crate) fn of(&self, name: &str) -> Option<Arc<Provisioned>> {
        self.clients.read().unwrap_or_else(PoisonError::into_inner).get(name).map(Arc::clone)
    }

    /// Gives a client another certificate. What it had before holds no longer.
    pub(crate) fn give(&self, name: String, provisioned: Provisioned) {
        self.clients.write().unwrap_or_else(PoisonError::into_inner).insert(name, Arc::new(provisioned));
    }

    /// Refuses a client that was given another certificate.
    pub(crate) fn check(&self, name: &str, certificate: &[u8]) -> Result<(), Failure> {
        match self.of(name) {
            Some(given) if given.certificate != certificate => {
                Err(refused("another certificate has taken the place of the client's"))
            }
            _ => Ok(()),
        }
    }

    /// Whether a client was given this certificate, and no other since.
    pub(crate) fn is_given(&self, certificate: &[u8], identify: &Identify) -> bool {
        let given = self.of(&identify.identify(certificate));
        given.is_some_and(|given| given.certificate == certificate)
    }

    /// Forgets all.
    pub(crate) fn clear(&self) {
        self.clients.write().unwrap_or_else(PoisonError::into_inner).clear();
    }
}
