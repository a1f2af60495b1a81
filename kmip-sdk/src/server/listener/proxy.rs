//! Ports that stand between clients and a server, and show what goes by.

use std::fmt;
use std::net::{SocketAddr, ToSocketAddrs};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use kmip_types::{DateTime, Limits, ProtocolVersion, SecretText};
use rustls::RootCertStore;
use rustls::crypto::aws_lc_rs::sign::any_supported_type;
use rustls::sign::CertifiedKey;

use super::super::certificates::Certificates;
use super::super::layer::{Exchanged, Outcome, Peer};
use super::connection::Spoken;
use super::{Answers, Bounds, Ports, StartError, listen, tls};
use crate::Client;
use crate::answer::{self, Failure};
use crate::random::Source;
use crate::tls::{self as client_tls, Identity, Root, TlsOptions};

/// A port between clients and a server, or two: each request is sent on as it is, the response is given back as it comes, and both
/// are shown to whoever watches.
///
/// One port is for messages in binary TTLV and one, with the feature `https` and where it is
/// [asked for](ProxyBuilder::https_address), for messages over HTTPS: in binary TTLV, JSON or XML, or as one bare operation. What
/// is spoken to the server is a matter of the client that asks it, whatever comes in; messages are the same in every encoding, and
/// are shown in binary TTLV.
///
/// Clients connect to it over TLS as to an [`EmbeddedServer`](super::EmbeddedServer), by certificates that it makes or that
/// are given; the server is asked by the [`Client`], with the certificate and the trust of that. So the server takes all
/// requests for that client's, but for the credentials in them. A client that turns its connection around (Set Endpoint Role)
/// is not asked by the server.
///
/// Where the server does not answer, the connection of who asked ends. Nothing is sent twice.
///
/// When it is dropped, every connection is closed, and no thread of it is left.
///
/// ```
/// use kmip_sdk::Client;
/// use kmip_sdk::server::{EmbeddedServer, Proxy};
///
/// let server = EmbeddedServer::start()?;
/// let proxy = Proxy::builder(Client::builder().embedded(&server).connect()?)
///     .watch(|exchanged| println!("{} bytes of {:?}", exchanged.request.len(), exchanged.client))
///     .listen("127.0.0.1:0")?;
///
/// let client = Client::builder()
///     .address(proxy.address().to_string())
///     .root_certificates_pem(proxy.ca_certificate_pem())
///     .identity_pem(proxy.client_certificate_pem(), proxy.client_key_pem())
///     .connect()?;
/// client.create_aes(256).send()?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Proxy {
    address: SocketAddr,
    #[cfg(feature = "https")]
    https_address: Option<SocketAddr>,
    certificates: Certificates,
    _ports: Ports,
}

/// What sees the exchanges.
type Watcher = Box<dyn Fn(&Exchanged<'_>) + Send + Sync>;

/// What a [`Proxy`] is to be.
#[must_use = "it listens when it is told to"]
pub struct ProxyBuilder {
    forward: Forward,
    tls: TlsOptions,
    names: Vec<String>,
    #[cfg(feature = "https")]
    https: Option<SocketAddr>,
    bounds: Bounds,
}

/// What answers by asking a server.
struct Forward {
    client: Client,
    watchers: Vec<Watcher>,
}

impl Answers for Forward {
    fn answer(&self, peer: Peer<'_>, request: &[u8]) -> Outcome {
        let began = Instant::now();
        let (response, failure) = match self.client.exchange(request).send() {
            Ok(response) => (response, None),
            Err(error) => (Vec::new().into(), Some(error.to_string())),
        };
        self.show(&Exchanged {
            connection: peer.connection,
            client: peer.identity,
            #[cfg(feature = "https")]
            encoding: peer.encoding,
            request,
            response: &response,
            failure: failure.as_deref(),
            took: began.elapsed(),
        });
        Outcome::answer(response.to_vec())
    }

    #[cfg(feature = "https")]
    fn unreadable(&self, peer: Peer<'_>, body: &[u8], why: &str) {
        let failure = format!("the body is no message, and was not sent on: {why}");
        self.show(&Exchanged {
            connection: peer.connection,
            client: peer.identity,
            encoding: peer.encoding,
            request: body,
            response: &[],
            failure: Some(&failure),
            took: Duration::ZERO,
        });
    }

    fn refuse(&self, failure: &Failure) -> Vec<u8> {
        answer::refuse(ProtocolVersion::ALL, None, failure, DateTime::now())
    }
}

impl Forward {
    fn show(&self, exchanged: &Exchanged<'_>) {
        self.watchers.iter().for_each(|watcher| watcher(exchanged));
    }
}

impl Proxy {
    /// A proxy for the server that this client is for, to be configured. The client's own settings are those of the way to the
    /// server: its timeouts, its certificate, whom it trusts.
    pub fn builder(client: Client) -> ProxyBuilder {
        let bounds = Bounds {
            maximum_connections: 64,
            maximum_handshakes: 64,
            handshake_timeout: Duration::from_secs(10),
            idle_timeout: Duration::from_secs(300),
            message_timeout: Duration::from_secs(30),
            limits: Limits::default(),
        };
        ProxyBuilder {
            forward: Forward { client, watchers: Vec::new() },
            tls: TlsOptions::default(),
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

    /// The certificate of the authority that vouches for the proxy, in PEM, unless it shows one that was given.
    pub fn ca_certificate_pem(&self) -> &str {
        &self.certificates.authority_pem
    }

    /// A certificate for a client of the proxy's, in PEM. It is taken unless other certificates were given to verify clients by.
    pub fn client_certificate_pem(&self) -> &str {
        &self.certificates.client_pem
    }

    /// The private key of the client's certificate: PKCS#8 in PEM.
    pub fn client_key_pem(&self) -> &str {
        &self.certificates.client_key_pem
    }
}

impl ProxyBuilder {
    /// Shows each exchange to a function once it is done; to several, in their order.
    ///
    /// **The messages carry secrets**: keys, passwords, plaintext. This is for development and tests.
    pub fn watch(mut self, watcher: impl Fn(&Exchanged<'_>) + Send + Sync + 'static) -> Self {
        self.forward.watchers.push(Box::new(watcher));
        self
    }

    /// Listens for HTTPS too, at this address; on a port that the system chooses, if that is 0.
    #[cfg(feature = "https")]
    pub fn https_address(mut self, address: impl Into<SocketAddr>) -> Self {
        self.https = Some(address.into());
        self
    }

    /// Another name, or IP address, that the certificate which the proxy makes for itself is for, beside `localhost` and
    /// 127.0.0.1.
    pub fn server_name(mut self, name: impl Into<String>) -> Self {
        self.names.push(name.into());
        self
    }

    /// The certificate that the proxy shows in place of its own, followed by those between it and the root, and its private key
    /// (PKCS#8, also encrypted, PKCS#1 or SEC1), both as PEM text.
    pub fn identity_pem(mut self, certificates: impl AsRef<[u8]>, private_key: impl AsRef<[u8]>) -> Self {
        let (certificates, key) =
            (client_tls::Source::copied(certificates), client_tls::Source::copied(private_key));
        self.tls.identity = Some(Identity::Pem { certificates, key });
        self
    }

    /// As [`identity_pem`](Self::identity_pem), with PEM files, which are read once.
    pub fn identity_files(
        mut self,
        certificates: impl Into<PathBuf>,
        private_key: impl Into<PathBuf>,
    ) -> Self {
        let (certificates, key) =
            (client_tls::Source::File(certificates.into()), client_tls::Source::File(private_key.into()));
        self.tls.identity = Some(Identity::Pem { certificates, key });
        self
    }

    /// The password that the private key is decrypted with.
    pub fn identity_password(mut self, password: impl Into<SecretText>) -> Self {
        self.tls.password = Some(password.into());
        self
    }

    /// Adds the certificates in this PEM text to those that clients are verified by. With one of them, clients with a
    /// certificate of the proxy's own authority are not taken.
    pub fn client_root_certificates_pem(mut self, pem: impl AsRef<[u8]>) -> Self {
        self.tls.roots.push(Root::Pem(client_tls::Source::copied(pem)));
        self
    }

    /// As [`client_root_certificates_pem`](Self::client_root_certificates_pem), with a PEM file, which is read once.
    pub fn client_root_certificates_file(mut self, path: impl Into<PathBuf>) -> Self {
        self.tls.roots.push(Root::Pem(client_tls::Source::File(path.into())));
        self
    }

    /// Listens for messages in binary TTLV on an address; on a port that the system chooses, if that is 0.
    ///
    /// # Errors
    /// [`StartError`]: an address is taken, or none of this machine, or certificates cannot be made, read or used.
    pub fn listen(self, address: impl ToSocketAddrs) -> Result<Proxy, StartError> {
        let certificates =
            Certificates::generate(&Source::default(), &self.names).map_err(StartError::Certificates)?;
        let (shown, roots) = by(&self.tls, &certificates)?;
        let tls = tls(shown, roots, |verifier| verifier)?;
        let ports = Ports::new(Arc::new(self.forward), self.bounds, tls)?;
        let (listener, address) = listen(address)?;
        ports.accept(listener, Spoken::Ttlv)?;
        #[cfg(feature = "https")]
        let https_address = ports.listen_for_https(self.https)?;
        Ok(Proxy {
            address,
            #[cfg(feature = "https")]
            https_address,
            certificates,
            _ports: ports,
        })
    }
}

/// What is shown, and what clients are verified by: what was given, or else what was made.
pub(super) fn by(
    given: &TlsOptions,
    made: &Certificates,
) -> Result<(CertifiedKey, RootCertStore), StartError> {
    let mut roots = RootCertStore::empty();
    if given.roots.is_empty() {
        roots.add(made.authority.clone()).map_err(StartError::Tls)?;
    }
    for certificate in given.given_roots().map_err(StartError::Configuration)? {
        roots.add(certificate).map_err(StartError::Tls)?;
    }
    let shown = match &given.identity {
        Some(_) => given.of_server().map_err(StartError::Configuration)?.0,
        None => {
            let key = any_supported_type(&made.server_key).map_err(StartError::Tls)?;
            CertifiedKey::new(vec![made.server.clone()], key)
        }
    };
    Ok((shown, roots))
}

impl fmt::Debug for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("Proxy");
        debug.field("address", &self.address);
        #[cfg(feature = "https")]
        debug.field("https_address", &self.https_address);
        debug.finish_non_exhaustive()
    }
}

impl fmt::Debug for ProxyBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProxyBuilder").finish_non_exhaustive()
    }
}
