//! The embedded server on its loopback ports.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use kmip_types::SecretText;
use zeroize::Zeroizing;

use super::super::certificates::Certificates;
use super::super::dispatch::Server;
use super::super::options::ServerOptions;
use super::connection::Spoken;
use super::proxy::by;
use super::turned::ClientEndpoint;
use super::verifier::Verifier;
use super::{Bounds, Ports, StartError, listen, tls};
use crate::client::{ClientBuilder, Driver};
use crate::tls::{Identity, Root, Source, TlsOptions};

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
        Self::builder().options(options).start()
    }

    /// A server that is to be configured: its ports, its certificates, what it goes on from.
    pub fn builder() -> EmbeddedServerBuilder {
        EmbeddedServerBuilder {
            options: ServerOptions::default(),
            address: Ipv4Addr::LOCALHOST.into(),
            port: 0,
            https_address: None,
            #[cfg(feature = "https")]
            https_port: 0,
            names: Vec::new(),
            tls: TlsOptions::default(),
            stopped: None,
        }
    }

    /// Stops the server, so that no port is listened on and every connection is closed, and keeps what it is to go on from:
    /// its objects and all else that it knows, its certificates and its addresses.
    ///
    /// ```
    /// use kmip_sdk::Client;
    /// use kmip_sdk::server::EmbeddedServer;
    ///
    /// let server = EmbeddedServer::start()?;
    /// let client = Client::builder().embedded(&server).connect()?;
    /// let key = client.create_aes(256).name("app").send()?;
    /// let address = server.address();
    ///
    /// let stopped = server.stop();
    /// assert!(client.get_attributes(&key).send().is_err());
    /// let server = EmbeddedServer::builder().resume(stopped).start()?;
    /// assert_eq!(server.address(), address);
    /// client.get_attributes(&key).send()?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn stop(self) -> StoppedServer {
        drop(self.ports);
        // It is still asked without a network.
        self.server.go_on();
        StoppedServer {
            address: self.address,
            #[cfg(feature = "https")]
            https_address: self.https_address,
            certificates: self.certificates,
            server: self.server,
        }
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

    /// The certificate of the authority that vouches for the server, in PEM, unless the server shows one of the user's
    /// ([`EmbeddedServerBuilder::identity_pem`]).
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
        self.certificates.client(&self.server.shared.source, name).map_err(StartError::Certificates)
    }

    /// The server behind the port, to be asked without a network.
    pub fn server(&self) -> &Server {
        &self.server
    }

    /// The same, to be looked at for as long as it is there.
    #[cfg(feature = "inspect")]
    pub(crate) fn shared_server(&self) -> &Arc<Server> {
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
    /// assert!(server.shutdown(Duration::from_secs(60)));
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

/// What an [`EmbeddedServer`] is to be.
///
/// ```
/// use kmip_sdk::Client;
/// use kmip_sdk::server::{EmbeddedServer, ServerOptions};
///
/// let server = EmbeddedServer::builder()
///     .options(ServerOptions::default().user("alice", "secret"))
///     .server_name("kms.example")
///     .start()?;
/// let client = Client::builder().embedded(&server).connect()?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use = "it starts when it is told to"]
pub struct EmbeddedServerBuilder {
    options: ServerOptions,
    address: IpAddr,
    port: u16,
    /// Where HTTPS is, if that is another address.
    #[cfg_attr(not(feature = "https"), allow(dead_code, reason = "there is no port for it"))]
    https_address: Option<IpAddr>,
    #[cfg(feature = "https")]
    https_port: u16,
    names: Vec<String>,
    tls: TlsOptions,
    stopped: Option<StoppedServer>,
}

impl EmbeddedServerBuilder {
    /// Users, limits, versions, operations and all else that a server is made with. One that goes on keeps its own.
    pub fn options(mut self, options: ServerOptions) -> Self {
        self.options = options;
        self
    }

    /// Where it listens. Default 127.0.0.1.
    ///
    /// **On an address that others reach it is theirs to use**, as far as they have a certificate; it is made for tests.
    pub fn bind_address(mut self, address: impl Into<IpAddr>) -> Self {
        self.address = address.into();
        self
    }

    /// The port for binary TTLV. Default 0: one that the system chooses.
    pub fn port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// Where it listens for HTTPS. Default: where it listens for binary TTLV.
    #[cfg(feature = "https")]
    pub fn https_bind_address(mut self, address: impl Into<IpAddr>) -> Self {
        self.https_address = Some(address.into());
        self
    }

    /// The port for HTTPS. Default 0: one that the system chooses.
    #[cfg(feature = "https")]
    pub fn https_port(mut self, port: u16) -> Self {
        self.https_port = port;
        self
    }

    /// Another name, or IP address, that the certificate which the server makes for itself is for, beside `localhost` and
    /// 127.0.0.1.
    pub fn server_name(mut self, name: impl Into<String>) -> Self {
        self.names.push(name.into());
        self
    }

    /// The certificate that the server shows in place of its own, followed by those between it and the root, and its private
    /// key (PKCS#8, also encrypted, PKCS#1 or SEC1), both as PEM text.
    pub fn identity_pem(mut self, certificates: impl AsRef<[u8]>, private_key: impl AsRef<[u8]>) -> Self {
        let (certificates, key) = (Source::copied(certificates), Source::copied(private_key));
        self.tls.identity = Some(Identity::Pem { certificates, key });
        self
    }

    /// The password that the private key of [`identity_pem`](Self::identity_pem) is decrypted with.
    pub fn identity_password(mut self, password: impl Into<SecretText>) -> Self {
        self.tls.password = Some(password.into());
        self
    }

    /// Adds the certificates in this PEM text to those that clients are verified by. With one of them, clients with a
    /// certificate of the server's own authority ([`EmbeddedServer::new_client`]) are not taken.
    pub fn client_root_certificates_pem(mut self, pem: impl AsRef<[u8]>) -> Self {
        self.tls.roots.push(Root::Pem(Source::copied(pem)));
        self
    }

    /// Goes on from a server that was stopped: with its objects, its options and the certificates that it made, on its
    /// addresses, unless others are set after this.
    pub fn resume(mut self, stopped: StoppedServer) -> Self {
        self.address = stopped.address.ip();
        self.port = stopped.address.port();
        #[cfg(feature = "https")]
        {
            self.https_address = Some(stopped.https_address.ip());
            self.https_port = stopped.https_address.port();
        }
        self.stopped = Some(stopped);
        self
    }

    /// Starts the server.
    ///
    /// # Errors
    /// [`StartError`], if a port is taken, or certificates cannot be made, read or used.
    pub fn start(self) -> Result<EmbeddedServer, StartError> {
        let (server, certificates) = match self.stopped {
            Some(stopped) => (stopped.server, stopped.certificates),
            None => {
                let server = Server::new(self.options);
                let certificates = Certificates::generate(&server.shared.source, &self.names);
                (Arc::new(server), certificates.map_err(StartError::Certificates)?)
            }
        };
        let (shown, roots) = by(&self.tls, &certificates)?;
        let options = server.options();
        let bounds = Bounds {
            maximum_connections: options.maximum_connections,
            maximum_handshakes: options.maximum_handshakes,
            handshake_timeout: options.handshake_timeout,
            idle_timeout: options.idle_timeout,
            message_timeout: options.message_timeout,
            limits: options.limits,
        };
        let tls = tls(shown, roots, |by_authorities| {
            Arc::new(Verifier { by_authorities, server: Arc::clone(&server) })
        })?;
        let ports = Ports::new(Arc::clone(&server), bounds, tls)?;
        // Where one of them fails, dropping the ports ends what there is.
        let (listener, address) = listen((self.address, self.port))?;
        ports.accept(listener, Spoken::Ttlv)?;
        #[cfg(feature = "https")]
        let (listener, https_address) =
            listen((self.https_address.unwrap_or(self.address), self.https_port))?;
        #[cfg(feature = "https")]
        ports.accept(listener, Spoken::Https)?;
        Ok(EmbeddedServer {
            address,
            #[cfg(feature = "https")]
            https_address,
            certificates,
            server,
            ports,
        })
    }
}

impl fmt::Debug for EmbeddedServerBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EmbeddedServerBuilder").field("options", &self.options).finish_non_exhaustive()
    }
}

/// A server that was stopped, and goes on where an [`EmbeddedServerBuilder`] takes it.
pub struct StoppedServer {
    address: SocketAddr,
    #[cfg(feature = "https")]
    https_address: SocketAddr,
    certificates: Certificates,
    server: Arc<Server>,
}

impl StoppedServer {
    /// The server, to be asked without a network.
    pub fn server(&self) -> &Server {
        &self.server
    }
}

impl fmt::Debug for StoppedServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StoppedServer").field("address", &self.address).finish_non_exhaustive()
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
