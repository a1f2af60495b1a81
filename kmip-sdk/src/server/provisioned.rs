//! The certificates that clients were given in place of those that they connected with (Re-Provision, KMIP 2.1 section 6.1.48).

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use kmip_types::attribute::Attribute;
use kmip_types::enumerations::{CertificateType, ResultReason};

use super::crypto::sha256;
use crate::answer::Failure;
use crate::keys::x509;

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

/// Whose a certificate is: the Common Name or, where there is none, what the certificate alone has.
pub(crate) fn name(certificate: &[u8]) -> Result<String, Failure> {
    let unreadable = |_| refused("the client's certificate cannot be read");
    let attributes = x509::attributes(CertificateType::X509, certificate).map_err(unreadable)?;
    let name = attributes.into_iter().find_map(|attribute| match attribute {
        Attribute::CertificateSubjectCn(name) if !name.is_empty() => Some(name),
        _ => None,
    });
    Ok(name.unwrap_or_else(|| {
        let digest: String = sha256(certificate).iter().map(|byte| format!("{byte:02x}")).collect();
        format!("certificate {digest}")
    }))
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

    /// Whose a certificate is, unless they were given another.
    pub(crate) fn identify(&self, certificate: &[u8]) -> Result<String, Failure> {
        let name = name(certificate)?;
        match self.of(&name) {
            Some(given) if given.certificate != certificate => {
                Err(refused("another certificate has taken the place of the client's"))
            }
            _ => Ok(name),
        }
    }

    /// Whether a client was given this certificate, and no other since.
    pub(crate) fn is_given(&self, certificate: &[u8]) -> bool {
        let name = name(certificate).ok();
        let given = name.and_then(|name| self.of(&name));
        given.is_some_and(|given| given.certificate == certificate)
    }

    /// Forgets all.
    pub(crate) fn clear(&self) {
        self.clients.write().unwrap_or_else(PoisonError::into_inner).clear();
    }
}
