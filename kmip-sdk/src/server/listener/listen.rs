//! A port of the user's, with the user's certificates, for any service.

use std::fmt;
use std::net::{SocketAddr, ToSocketAddrs};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use kmip_types::{Limits, SecretText};

use super::super::certificates::Certificates;
use super::connection::Spoken;
use super::proxy::by;
use super::{Bounds, Plain, Ports, StartError, listen, tls};
use crate::Service;
use crate::random;
use crate::tls::{Identity, Root, Source, TlsOptions};

/// A port where a [`Service`] answers messages in binary TTLV, and another, with the feature `https` and where it is
/// [asked for](ListenerBuilder::https_address), for those over HTTPS, with TLS 1.3 and 1.2 and mutual authentication: that of an
/// application for the Notify and Put of servers ([`Endpoint`](crate::endpoint::Endpoint)), or of a server that is a function.
///
/// When it is dropped, every connection is closed, and no thread of it is left.
///
/// ```
/// # let authority = kmip_sdk::server::EmbeddedServer::start()?;
/// # let (ca, certificate, key) =
/// #     (authority.ca_certificate_pem(), authority.client_certificate_pem(), authority.client_key_pem());
/// use kmip_sdk::endpoint::Endpoint;
/// use kmip_sdk::server::Listener;
///
/// let endpoint = Endpoint::new().on_put(|put| {
///     println!("here is {}", put.unique_identifier);
///     Ok(())
/// });
/// let listener = Listener::builder(endpoint)
///     .identity_pem(certificate, key)
///     .root_certificates_pem(ca) // What the servers' certificates are verified by.
///     .listen("127.0.0.1:0")?;
/// assert_ne!(listener.address().port(), 0);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Listener {
    address: SocketAddr,
    #[cfg(feature = "https")]
    https_address: Option<SocketAddr>,
    made: Option<Certificates>,
    _ports: Ports,
}

/// What a [`Listener`] is to be.
#[must_use = "it listens when it is told to"]
pub struct ListenerBuilder<S> {
    service: S,
    tls: TlsOptions,
    makes: bool,
    names: Vec<String>,
    #[cfg(feature = "https")]
    https: Option<SocketAddr>,
    bounds: Bounds,
}

impl Listener {
    /// A listener for a service, to be configured.
    pub fn builder<S: Service + 'static>(service: S) -> ListenerBuilder<S> {
        let bounds = Bounds {
            maximum_connections: 64,
            maximum_handshakes: 64,
            handshake_timeout: Duration::from_secs(10),
            idle_timeout: Duration::from_secs(300),
            message_timeout: Duration::from_secs(30),
            limits: Limits::default(),
        };
        ListenerBuilder {
            service,
            tls: TlsOptions::default(),
            makes: false,
            names: Vec::new(),
            #[cfg(feature = "https")]
            https: None,
            bounds,
        }
    }

    /// Where it listens for messages in binary TTLV.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Where it listens for HTTPS, if it was told to. Messages are posted to `/kmip`, and bare operations to `/kmip/2_1`, as at an
    /// [`EmbeddedServer`](super::EmbeddedServer::https_address).
    #[cfg(feature = "https")]
    pub fn https_address(&self) -> Option<SocketAddr> {
        self.https_address
    }

    /// The certificate of the authority that it made, in PEM, if it [made](ListenerBuilder::make_certificates) one.
    pub fn ca_certificate_pem(&self) -> Option<&str> {
        self.made.as_ref().map(|made| made.authority_pem.as_str())
    }

    /// The certificate that it made for who connects, in PEM.
    pub fn client_certificate_pem(&self) -> Option<&str> {
        self.made.as_ref().map(|made| made.client_pem.as_str())
    }

    /// The private key of that: PKCS#8 in PEM.
    pub fn client_key_pem(&self) -> Option<&str> {
        self.made.as_ref().map(|made| made.client_key_pem.as_str())
    }
}

impl<S: Service + 'static> ListenerBuilder<S> {
    /// Sets the certificate that is shown, followed by those between it and the root, and its private key (PKCS#8, also
    /// encrypted, PKCS#1 or SEC1), both as PEM text.
    pub fn identity_pem(mut self, certificates: impl AsRef<[u8]>, private_key: impl AsRef<[u8]>) -> Self {
        let (certificates, key) = (Source::copied(certificates), Source::copied(private_key));
        self.tls.identity = Some(Identity::Pem { certificates, key });
        self
    }

    /// As [`identity_pem`](Self::identity_pem), with PEM files, which are read once.
    pub fn identity_files(
        mut self,
        certificates: impl Into<PathBuf>,
        private_key: impl Into<PathBuf>,
    ) -> Self {
        let (certificates, key) = (Source::File(certificates.into()), Source::File(private_key.into()));
        self.tls.identity = Some(Identity::Pem { certificates, key });
        self
    }

    /// Has it make an authority, and certificates for itself and for who connects, in place of what is not given: as an
    /// [`EmbeddedServer`](super::EmbeddedServer) does.
    pub fn make_certificates(mut self) -> Self {
        self.makes = true;
        self
    }

    /// Listens for HTTPS too, at this address; on a port that the system chooses, if that is 0.
    #[cfg(feature = "https")]
    pub fn https_address(mut self, address: impl Into<SocketAddr>) -> Self {
        self.https = Some(address.into());
        self
    }

    /// Another name, or IP address, that the certificate which it makes for itself is for, beside `localhost` and 127.0.0.1.
    pub fn server_name(mut self, name: impl Into<String>) -> Self {
        self.names.push(name.into());
        self
    }

    /// Sets the password that the private key is decrypted with.
    pub fn identity_password(mut self, password: impl Into<SecretText>) -> Self {
        self.tls.password = Some(password.into());
        self
    }

    /// Adds the certificates in this PEM text to those that the certificates of who connects are verified by.
    pub fn root_certificates_pem(mut self, pem: impl AsRef<[u8]>) -> Self {
        self.tls.roots.push(Root::Pem(Source::copied(pem)));
        self
    }

    /// As [`root_certificates_pem`](Self::root_certificates_pem), with a PEM file, which is read once.
    pub fn root_certificates_file(mut self, path: impl Into<PathBuf>) -> Self {
        self.tls.roots.push(Root::Pem(Source::File(path.into())));
        self
    }

    /// How many connections there may be at a time; more are refused by an alert of TLS. Default 64.
    pub fn maximum_connections(mut self, connections: usize) -> Self {
        self.bounds.maximum_connections = connections;
        self
    }

    /// How many connections may be at their TLS handshake, besides. Where there are more, the oldest of these ends. Default 64.
    pub fn maximum_handshakes(mut self, handshakes: usize) -> Self {
        self.bounds.maximum_handshakes = handshakes;
        self
    }

    /// How long the TLS handshake may take, which is no longer than a message may. Default 10 s.
    pub fn handshake_timeout(mut self, timeout: Duration) -> Self {
        self.bounds.handshake_timeout = timeout;
        self
    }

    /// How long a connection may be without a request before it is closed. Default five minutes.
    pub fn idle_timeout(mut self, timeout: Duration) -> Self {
        self.bounds.idle_timeout = timeout;
        self
    }

    /// How long a request once it has begun, and a response, may each take. Default 30 s.
    pub fn message_timeout(mut self, timeout: Duration) -> Self {
        self.bounds.message_timeout = timeout;
        self
    }

    /// How large a request may be, in bytes. Default [`Limits::size`].
    pub fn maximum_request_size(mut self, bytes: usize) -> Self {
        self.bounds.limits.size = bytes;
        self
    }

    /// Listens for messages in binary TTLV on an address; on a port that the system chooses, if that is 0.
    ///
    /// # Errors
    /// [`StartError`]: an address is taken, or none of this machine; there is no certificate, its key is not its own, or there
    /// is nothing to verify the certificates of who connects by.
    pub fn listen(self, address: impl ToSocketAddrs) -> Result<Listener, StartError> {
        let made = match self.makes {
            true => Some(Certificates::generate(&random::Source::default(), &self.names)),
            false => None,
        };
        let made = made.transpose().map_err(StartError::Certificates)?;
        let (shown, roots) = match &made {
            Some(made) => by(&self.tls, made)?,
            None => self.tls.of_server().map_err(StartError::Configuration)?,
        };
        let tls = tls(shown, roots, |verifier| verifier)?;
        let ports = Ports::new(Arc::new(Plain(self.service)), self.bounds, tls)?;
        let (listener, address) = listen(address)?;
        ports.accept(listener, Spoken::Ttlv)?;
        #[cfg(feature = "https")]
        let https_address = ports.listen_for_https(self.https)?;
        Ok(Listener {
            address,
            #[cfg(feature = "https")]
            https_address,
            made,
            _ports: ports,
        })
    }
}

impl fmt::Debug for Listener {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("Listener");
        debug.field("address", &self.address);
        #[cfg(feature = "https")]
        debug.field("https_address", &self.https_address);
        debug.finish_non_exhaustive()
    }
}

impl<S> fmt::Debug for ListenerBuilder<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ListenerBuilder").finish_non_exhaustive()
    }
}
