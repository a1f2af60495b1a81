//! The embedded server on its loopback ports.

use std::fmt;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use rustls::RootCertStore;
use rustls::crypto::aws_lc_rs::sign::any_supported_type;
use rustls::sign::CertifiedKey;
use zeroize::Zeroizing;

use super::super::certificates::Certificates;
use super::super::dispatch::Server;
use super::super::options::ServerOptions;
use super::connection::Spoken;
use super::turned::ClientEndpoint;
use super::verifier::Verifier;
use super::{Bounds, Ports, StartError, listen, tls};
use crate::client::{ClientBuilder, Driver};

/// A server on ports of 127.0.0.1 that the system chooses, with TLS 1.3 and 1.2 and mutual authentication.
///
/// One port is for messages in binary TTLV and one, with the feature `https`, for messages over HTTPS.
///
/// It makes an authority, and certificates for itself and a client, when it starts. It brings a runtime of its own. When it is
/// dropped, a batch that is being done ends between two of its items, every connection is closed, and no thread of it is
/// left; [`shutdown`](Self::shutdown) finishes what was asked.
///
/// There is room for [so many](ServerOptions::maximum_connections) connections. Over TTLV one too many is refused by an
/// alert of TLS, over HTTPS by the status 503 with Retry-After.
///
/// ```
/// use kmip_sdk::server::EmbeddedServer;
///
/// let server = EmbeddedServer::start()?;
/// assert!(server.address().ip().is_loopback());
/// assert!(server.ca_certificate_pem().starts_with("-----BEGIN CERTIFICATE-----"));
/// # Ok::<(), kmip_sdk::server::StartError>(())
/// ```
pub struct EmbeddedServer {
    address: SocketAddr,
    #[cfg(feature = "https")]
    https_address: SocketAddr,
    certificates: Certificates,
    server: Arc<Server>,
    ports: Ports,
}

impl EmbeddedServer {
    /// Starts a server with the default options.
    ///
    /// # Errors
    /// [`StartError`], if there is no port to listen on or no certificates can be made.
    pub fn start() -> Result<Self, StartError> {
        Self::start_with(ServerOptions::default())
    }

    /// Starts a server.
    ///
    /// # Errors
    /// [`StartError`], if there is no port to listen on or no certificates can be made.
    pub fn start_with(options: ServerOptions) -> Result<Self, StartError> {
        let certificates = Certificates::generate().map_err(StartError::Certificates)?;
        let key = any_supported_type(&certificates.server_key).map_err(StartError::Tls)?;
        let mut roots = RootCertStore::empty();
        roots.add(certificates.authority.clone()).map_err(StartError::Tls)?;
        let bounds = Bounds {
            maximum_connections: options.maximum_connections,
            maximum_handshakes: options.maximum_handshakes,
            handshake_timeout: options.handshake_timeout,
            idle_timeout: options.idle_timeout,
            message_timeout: options.message_timeout,
            limits: options.limits,
        };
        let server = Arc::new(Server::new(options));
        let shown = CertifiedKey::new(vec![certificates.server.clone()], key);
        let tls = tls(shown, roots, |by_authorities| {
            Arc::new(Verifier { by_authorities, server: Arc::clone(&server) })
        })?;
        let ports = Ports::new(Arc::clone(&server), bounds, tls)?;
        // Where one of them fails, dropping the ports ends what there is.
        let (listener, address) = listen((Ipv4Addr::LOCALHOST, 0))?;
        ports.accept(listener, Spoken::Ttlv)?;
        #[cfg(feature = "https")]
        let (listener, https_address) = listen((Ipv4Addr::LOCALHOST, 0))?;
        #[cfg(feature = "https")]
        ports.accept(listener, Spoken::Https)?;
        Ok(Self {
            address,
            #[cfg(feature = "https")]
            https_address,
            certificates,
            server,
            ports,
        })
    }

    /// Where the server listens for messages in binary TTLV.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Where the server listens for HTTPS, 1.1 and 1.0.
    ///
    /// A message is posted to `/kmip`, in binary TTLV, JSON or XML as its `Content-Type` says, and answered in the
    /// same encoding. With the feature `json`, one operation without the message around it is posted to
    /// `/kmip/2_1`: the JSON of its Request Payload, under the operation's name.
    ///
    /// `GET /live` is answered with 200 as long as the server answers at all, also where it has no room for the connection.
    /// `GET /ready` is answered with 200 if requests would be answered as they should be, and else with 503. Neither says
    /// anything else.
    ///
    /// **Heads and chunked bodies are logged** in full by the package `ureq-proto` where the application takes logs of
    /// the package `log` at the level `trace`. A body with a `Content-Length`, as the HTTPS profile asks for, is not.
    #[cfg(feature = "https")]
    pub fn https_address(&self) -> SocketAddr {
        self.https_address
    }

    /// The certificate of the authority that vouches for the server, in PEM.
    pub fn ca_certificate_pem(&self) -> &str {
        &self.certificates.authority_pem
    }

    /// A certificate for a client, in PEM.
    pub fn client_certificate_pem(&self) -> &str {
        &self.certificates.client_pem
    }

    /// The private key of the client's certificate: PKCS#8 in PEM.
    pub fn client_key_pem(&self) -> &str {
        &self.certificates.client_key_pem
    }

    /// A certificate for another client, which is called by this name, and its private key, PKCS#8, both in PEM.
    ///
    /// What a client makes is there for it only; who it is, the Common Name of its certificate says, or the credentials of
    /// the request ([`ServerOptions::user`]).
    ///
    /// # Errors
    /// [`StartError::Certificates`], if no certificate can be made.
    pub fn new_client(&self, name: &str) -> Result<(String, Zeroizing<String>), StartError> {
        self.certificates.client(name).map_err(StartError::Certificates)
    }

    /// The server behind the port, to be asked without a network.
    pub fn server(&self) -> &Server {
        &self.server
    }

    /// The next client that took the server's role on its connection (Set Endpoint Role), so that it can be asked there, as by
    /// [`Client::serve`](crate::generic::Client::serve); `None`, if there is none within this time.
    ///
    /// One that nobody takes for the [idle timeout](ServerOptions::idle_timeout) is closed when somebody else connects.
    pub fn client_endpoint(&self, within: Duration) -> Option<ClientEndpoint> {
        self.ports.turned(within)
    }

    /// Ends the server in order: it takes no more connections and no more requests, and the requests that have begun are
    /// answered. What is not answered within this time ends as when the server is dropped. Whether all was answered.
    ///
    /// Connections that were turned around end with the server.
    ///
    /// ```
    /// use std::time::Duration;
    /// use kmip_sdk::server::EmbeddedServer;
    ///
    /// let server = EmbeddedServer::start()?;
    /// assert!(server.shutdown(Duration::from_secs(10)));
    /// # Ok::<(), kmip_sdk::server::StartError>(())
    /// ```
    pub fn shutdown(mut self, within: Duration) -> bool {
        self.ports.finish(within)
    }
}

impl fmt::Debug for EmbeddedServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("EmbeddedServer");
        debug.field("address", &self.address);
        #[cfg(feature = "https")]
        debug.field("https_address", &self.https_address);
        debug.finish_non_exhaustive()
    }
}

impl<D: Driver> ClientBuilder<D> {
    /// Adds the address of an embedded server, TTLV over TLS, with what the two trust each other by.
    ///
    /// ```
    /// use kmip_sdk::Client;
    /// use kmip_sdk::server::EmbeddedServer;
    /// let server = EmbeddedServer::start()?;
    /// let client = Client::builder().embedded(&server).connect()?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn embedded(self, server: &EmbeddedServer) -> Self {
        self.address(server.address().to_string())
            .root_certificates_pem(server.ca_certificate_pem())
            .identity_pem(server.client_certificate_pem(), server.client_key_pem())
    }
}
