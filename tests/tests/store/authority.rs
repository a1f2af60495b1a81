//! Servers that clients know by one authority, wherever they are, and however often they start.

use std::net::SocketAddr;
use std::thread;
use std::time::Instant;

use kmip_sdk::server::{EmbeddedServer, ServerOptions, StartError};
use kmip_sdk::{Client, ClientBuilder};
use kmip_tests::patience::LONG;
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};

/// An authority, and what servers and clients show that it has issued.
pub(crate) struct Authority {
    pem: String,
    issuer: Issuer<'static, KeyPair>,
}

impl Authority {
    pub(crate) fn new() -> Self {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.distinguished_name.push(DnType::CommonName, "authority");
        let pem = params.self_signed(&key).unwrap().pem();
        Self { pem, issuer: Issuer::new(params, key) }
    }

    /// A certificate and its key, in PEM.
    pub(crate) fn issue(&self, name: &str) -> (String, String) {
        let key = KeyPair::generate().unwrap();
        let names = vec!["localhost".to_owned(), "127.0.0.1".to_owned()];
        let mut params = CertificateParams::new(names).unwrap();
        params.distinguished_name.push(DnType::CommonName, name);
        (params.signed_by(&key, &self.issuer).unwrap().pem(), key.serialize_pem())
    }

    /// What another server is known by, on a port of its own.
    pub(crate) fn known(&self) -> Known {
        let (certificate, key) = self.issue("server");
        Known { port: 0, certificate, key, authority: self.pem.clone() }
    }

    /// What connects to servers, to the first that can be reached.
    pub(crate) fn client(
        &self,
        servers: impl IntoIterator<Item = SocketAddr>,
        certificate: &str,
        key: &str,
    ) -> ClientBuilder {
        let builder = Client::builder().root_certificates_pem(&self.pem).identity_pem(certificate, key);
        servers.into_iter().fold(builder, |builder, server| builder.address(server.to_string()))
    }
}

/// What clients know a server by.
#[derive(Clone)]
pub(crate) struct Known {
    /// 0, if the system is to choose it.
    port: u16,
    certificate: String,
    key: String,
    authority: String,
}

impl Known {
    /// The same, on a port that it has had before.
    pub(crate) fn at(self, port: u16) -> Self {
        Self { port, ..self }
    }

    pub(crate) fn start(&self, options: impl Fn() -> ServerOptions) -> EmbeddedServer {
        let begun = Instant::now();
        loop {
            let builder = EmbeddedServer::builder()
                .options(options())
                .identity_pem(&self.certificate, &self.key)
                .client_root_certificates_pem(&self.authority)
                .port(self.port);
            match builder.start() {
                // A test that runs beside may have been given the port, which was free meanwhile.
                Err(StartError::Listen(_)) if begun.elapsed() < LONG => thread::yield_now(),
                started => return started.unwrap(),
            }
        }
    }

    /// As another process is told.
    pub(crate) fn to_text(&self) -> String {
        [&self.port.to_string(), &self.certificate, &self.key, &self.authority].map(String::as_str).join("|")
    }

    pub(crate) fn from_text(text: &str) -> Self {
        let parts: Vec<String> = text.split('|').map(str::to_owned).collect();
        let Ok([port, certificate, key, authority]) = <[String; 4]>::try_from(parts) else {
            panic!("{text}")
        };
        Self { port: port.parse().unwrap(), certificate, key, authority }
    }
}
