//! What all calls of a client share.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use kmip_types::ProtocolVersion;
use rustls_pki_types::ServerName;

use super::address::Address;
use super::attest::Attester;
use super::layer::Layer;
use super::status::{PoolStatus, ServerStatus};
use super::timeouts::Timeouts;
use crate::engine::{Closed, Engine};
use crate::error::Error;
use crate::link::{Io, Link};
use crate::observe::{Direction, Observer};
use crate::service::Service;
use crate::session::Session;
use crate::tls::TlsConfigs;

/// What a driver moves bytes over.
pub(crate) trait Carrier: Send + 'static {
    /// Lends the stream to what must not wait: where it would, it is told so. Nothing, if the stream cannot do that.
    fn without_waiting<R>(&mut self, use_it: impl FnOnce(&mut dyn Io) -> R) -> Option<R>;
}

/// A connection to a server.
pub(crate) struct Connection<S: Carrier> {
    pub(crate) way: Way<S>,
    pub(crate) opened: Instant,
    /// Which connection of the client's it is.
    pub(crate) number: u64,
}

/// What a connection goes over.
pub(crate) enum Way<S> {
    /// Bytes over a stream.
    Stream { link: Box<Link>, stream: S },
    /// A service in the same process.
    Within(Arc<dyn Service>),
}

impl<S: Carrier> Connection<S> {
    /// Whether the server closes it, so that it takes no other request.
    pub(crate) fn closes(&mut self) -> bool {
        match &mut self.way {
            Way::Stream { link, .. } => link.closes(),
            Way::Within(_) => false,
        }
    }

    pub(crate) fn tls_version(&self) -> Option<rustls::ProtocolVersion> {
        match &self.way {
            Way::Stream { link, .. } => link.tls_version(),
            Way::Within(_) => None,
        }
    }
}

impl<S: Carrier> Drop for Connection<S> {
    fn drop(&mut self) {
        // Whether the server hears it or not: the connection is gone.
        if let Way::Stream { link, stream } = &mut self.way {
            stream.without_waiting(|io| link.close(io));
        }
    }
}

/// One server, and how it is spoken to.
pub(crate) struct Target {
    pub(crate) address: Address,
    /// The name that its certificate must be for.
    pub(crate) server_name: ServerName<'static>,
    /// How messages go over HTTP, if they do.
    #[cfg(feature = "https")]
    pub(crate) http: Option<Arc<crate::link::Http>>,
}

impl Target {
    /// The only version that messages can have on the way there, if there is but one.
    pub(crate) fn only_version(&self) -> Option<ProtocolVersion> {
        #[cfg(feature = "https")]
        if self.http.as_ref().is_some_and(|http| http.is_bare()) {
            return Some(ProtocolVersion::V2_1);
        }
        None
    }
}

/// Where the servers are.
pub(crate) enum Servers {
    /// Behind addresses, over TLS unless the streams that are given are taken as they are.
    Remote { targets: Vec<Arc<Target>>, tls: Option<TlsConfigs> },
    /// In the same process.
    Within(Arc<dyn Service>),
}

/// What all calls of a client share.
pub(crate) struct Core<S: Carrier> {
    pub(crate) engine: Mutex<Engine<Connection<S>, Error>>,
    pub(crate) servers: Servers,
    /// What requests have in common, in whichever version.
    pub(crate) session: Session,
    /// The versions to agree on one of, best first.
    pub(crate) versions: Vec<ProtocolVersion>,
    pub(crate) timeouts: Timeouts,
    pub(crate) observer: Option<Observer>,
    pub(crate) layers: Vec<Arc<dyn Layer>>,
    pub(crate) attester: Option<Arc<dyn Attester>>,
    /// The version of TLS that the last connection has.
    pub(crate) tls_version: Mutex<Option<rustls::ProtocolVersion>>,
    pub(crate) capabilities: Mutex<Option<Arc<super::Capabilities>>>,
    /// The number of the next connection.
    pub(crate) next_connection: AtomicU64,
}

impl<S: Carrier> Core<S> {
    /// The engine. A thread that died holding it left it between two of its steps, each of which leaves it whole.
    pub(crate) fn engine(&self) -> MutexGuard<'_, Engine<Connection<S>, Error>> {
        lock(&self.engine)
    }

    /// Where a server is, if it is not in the same process.
    pub(crate) fn target(&self, server: usize) -> Option<&Arc<Target>> {
        match &self.servers {
            Servers::Remote { targets, .. } => targets.get(server),
            Servers::Within(_) => None,
        }
    }

    pub(crate) fn next_connection(&self) -> u64 {
        self.next_connection.fetch_add(1, Ordering::Relaxed)
    }

    pub(crate) fn observe(&self, direction: Direction, message: &[u8]) {
        if let Some(observer) = &self.observer {
            observer(direction, message);
        }
    }

    /// How the connections to each server are.
    pub(crate) fn status(&self) -> PoolStatus {
        let engine = self.engine();
        let servers = engine.servers().enumerate().map(|(number, server)| ServerStatus {
            address: self.target(number).map(|target| target.address.to_string()),
            version: engine.version(number),
            in_use: server.open() - server.idle(),
            idle: server.idle(),
            waiting: server.waiting(),
            opened: server.opened(),
            closed: Closed::ALL.map(|why| (why, server.closed(why))),
            failures: server.failures(),
        });
        PoolStatus { servers: servers.collect() }
    }

    /// Closes what is to be closed by now.
    pub(crate) fn tidy(&self, now: Instant) {
        let closed = {
            let mut engine = self.engine();
            engine.expire(now);
            engine.take_closed()
        };
        // Outside the lock: saying goodbye takes a system call.
        drop(closed);
    }
}

pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
