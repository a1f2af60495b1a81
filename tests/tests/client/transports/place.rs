//! A server, and the transport to it.

use std::io::Write;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::thread;

use kmip_sdk::framing::Framing;
use kmip_sdk::generic::{Client, ClientBuilder};
use kmip_sdk::server::{EmbeddedServer, ServerOptions};
use kmip_sdk::types::attribute::{Attribute, Attributes, Name, UniqueIdentifier};
use kmip_sdk::types::enumerations::{CryptographicAlgorithm, ObjectType};
use kmip_sdk::types::masks::CryptographicUsageMask;
use kmip_sdk::types::operation::CreateRequest;
use kmip_sdk::{Encoding, ProtocolVersion, Tag};

use crate::drivers::{Drives, Make, Start};

/// How messages get to a server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Transport {
    /// TTLV over TLS.
    Ttlv,
    /// HTTPS, with bodies of TTLV.
    HttpsTtlv,
    /// HTTPS, with bodies of JSON.
    HttpsJson,
    /// HTTPS, with bodies of XML.
    HttpsXml,
    /// A call within the process.
    Memory,
    /// TTLV over TCP, by a connector.
    Plain,
    /// HTTPS, with JSON of one operation.
    Bare,
}

/// A server, and the transport to it.
pub(crate) struct Place {
    pub(crate) transport: Transport,
    server: Arc<EmbeddedServer>,
    plain: SocketAddr,
}

impl Place {
    pub(crate) fn new(transport: Transport) -> Self {
        Self::with(transport, ServerOptions::default().user("alice", "secret"))
    }

    pub(crate) fn with(transport: Transport, options: ServerOptions) -> Self {
        let server = Arc::new(EmbeddedServer::start_with(options).unwrap());
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let plain = listener.local_addr().unwrap();
        if transport == Transport::Plain {
            let server = Arc::downgrade(&server);
            thread::spawn(move || {
                for stream in listener.incoming() {
                    let (mut stream, server) = (stream.unwrap(), server.clone());
                    thread::spawn(move || {
                        let framing = Framing::new(Tag::REQUEST_MESSAGE);
                        while let Ok(Some(request)) = framing.read_message(&mut stream) {
                            let Some(server) = server.upgrade() else { return };
                            if stream.write_all(&server.server().handle(&request)).is_err() {
                                return;
                            }
                        }
                    });
                }
            });
        }
        Self { transport, server, plain }
    }

    /// The version that most calls are made in: the bare form has but one.
    pub(crate) fn versions(&self) -> &'static [ProtocolVersion] {
        match self.transport {
            Transport::Bare => &[ProtocolVersion::V2_1],
            _ => &[ProtocolVersion::V1_4, ProtocolVersion::V2_1],
        }
    }

    /// A client of the server, over the transport.
    pub(crate) fn builder<D: Drives>(&self) -> ClientBuilder<D> {
        let server = &self.server;
        let over_tls = |address: String| {
            D::builder()
                .address(address)
                .root_certificates_pem(server.ca_certificate_pem())
                .identity_pem(server.client_certificate_pem(), server.client_key_pem())
        };
        let https =
            |encoding| over_tls(format!("https://{}/kmip", server.https_address())).encoding(encoding);
        match self.transport {
            Transport::Ttlv => over_tls(server.address().to_string()),
            Transport::HttpsTtlv => https(Encoding::Ttlv),
            Transport::HttpsJson => https(Encoding::Json),
            Transport::HttpsXml => https(Encoding::Xml),
            Transport::Bare => over_tls(format!("https://{}/kmip/2_1", server.https_address())),
            Transport::Plain => D::plain(D::builder().address(self.plain.to_string())),
            Transport::Memory => {
                let server = Arc::clone(server);
                D::builder().service(move |request: &[u8]| server.server().handle(request))
            }
        }
    }

    /// A client that has connected.
    pub(crate) fn client<D: Drives>(&self) -> Client<D> {
        self.builder().start().unwrap()
    }
}

/// The request for an AES key of this name, that encrypts and decrypts.
pub(crate) fn create_aes(name: &str) -> CreateRequest {
    let usage = CryptographicUsageMask::ENCRYPT | CryptographicUsageMask::DECRYPT;
    let attributes = Attributes::new()
        .with(Attribute::CryptographicAlgorithm(CryptographicAlgorithm::Aes))
        .with(Attribute::CryptographicLength(256))
        .with(Attribute::CryptographicUsageMask(usage))
        .with(Attribute::Name(Name::text(name)));
    CreateRequest::new(ObjectType::SymmetricKey, attributes)
}

/// A new key of this name.
pub(crate) fn created<D: Drives>(client: &Client<D>, name: &str) -> UniqueIdentifier {
    client.call(create_aes(name)).make().unwrap().unique_identifier
}

/// What is found by a name.
pub(crate) fn named(name: &str) -> Attributes {
    Attributes::new().with(Attribute::Name(Name::text(name)))
}
