//! One connection to the server, over whichever way there is.

use std::sync::Arc;

use kmip_types::Tag;
use zeroize::Zeroizing;

use super::secured::Secured;
use crate::error::{Effect, Error, ErrorKind, Phase};
use crate::framing::Framing;
use crate::service::Service;

/// A connection on which requests and responses take turns.
pub(super) enum Connection {
    /// Over TLS.
    Secured(Box<Secured>),
    /// Within the process.
    Within(Within),
}

/// A connection to a service in the same process.
pub(super) struct Within {
    service: Arc<dyn Service>,
    /// Whether an exchange went wrong.
    poisoned: bool,
}

impl Connection {
    /// A connection to a service.
    pub(super) fn within(service: Arc<dyn Service>) -> Self {
        Self::Within(Within { service, poisoned: false })
    }

    /// The version of TLS that was agreed on.
    pub(super) fn tls_version(&self) -> Option<rustls::ProtocolVersion> {
        match self {
            Self::Secured(connection) => connection.tls_version(),
            Self::Within(_) => None,
        }
    }

    /// Whether the connection can take another request, as far as is known without asking the server.
    pub(super) fn is_usable(&self) -> bool {
        match self {
            Self::Secured(connection) => connection.is_usable(),
            Self::Within(connection) => !connection.poisoned,
        }
    }

    /// Makes the connection unusable.
    pub(super) fn poison(&mut self) {
        match self {
            Self::Secured(connection) => connection.poison(),
            Self::Within(connection) => connection.poisoned = true,
        }
    }

    /// Sends a request and receives its response, of `limit` bytes at most.
    ///
    /// `repeatable` is whether the request changes nothing on the server.
    pub(super) fn exchange(
        &mut self,
        request: &[u8],
        limit: usize,
        repeatable: bool,
    ) -> Result<Zeroizing<Vec<u8>>, Error> {
        match self {
            Self::Secured(connection) => connection.exchange(request, limit, repeatable),
            Self::Within(connection) => connection.exchange(request, limit, repeatable),
        }
    }
}

impl Within {
    fn exchange(
        &mut self,
        request: &[u8],
        limit: usize,
        repeatable: bool,
    ) -> Result<Zeroizing<Vec<u8>>, Error> {
        if self.poisoned {
            return Err(Error::new(Phase::Send, ErrorKind::Poisoned));
        }
        self.poisoned = true;
        let failed = |kind| Error::new(Phase::Receive, kind).with_effect(Effect::Unknown { repeatable });
        let answer = Zeroizing::new(self.service.exchange(request));
        let mut rest = answer.as_slice();
        let framing = Framing::new(Tag::RESPONSE_MESSAGE).with_limit(limit);
        let response = framing.read_message(&mut rest).map_err(|error| failed(ErrorKind::Framing(error)))?;
        let response = response.ok_or_else(|| failed(ErrorKind::Closed))?;
        if !rest.is_empty() {
            return Err(failed(ErrorKind::StrayBytes { bytes: rest.len() }));
        }
        self.poisoned = false;
        Ok(response)
    }
}
